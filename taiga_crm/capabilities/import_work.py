"""The jobs of imports: a preview that is taken back, and the import itself, whole or not at all."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from taiga_crm.capabilities.import_report import Report
from taiga_crm.capabilities.import_undo import undo_import
from taiga_crm.capabilities.importing import Progress, import_file
from taiga_crm.capabilities.jobs import Work
from taiga_crm.capabilities.kept_files import open_kept
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import NotVisible
from taiga_crm.models import Import

Json = dict[str, Any]


def preview(work: Work) -> Json:
    """Write everything, take it back, and keep what became of each row; a job."""
    return preview_import(locked_import(work), work.user, work.progress)


def run(work: Work) -> Json:
    """Import the file; a job."""
    return run_import(locked_import(work), work.user, work.progress)


def undo(work: Work) -> Json:
    """Take an import back; a job."""
    one = locked_import(work)
    one.undone = undo_import(one, work.user, work.progress)
    one.state = Import.UNDONE
    one.save(update_fields=["undone", "state"])
    return {"import": one.pk, "undone": one.undone["undone"]}


def preview_import(one: Import, user: Any, progress: Progress) -> Json:
    """Do the import and roll it back; the report stays."""
    with transaction.atomic():
        report, _made = _imported(one, user, progress, is_preview=True)
        transaction.set_rollback(True)
    report.store()
    one.preview = report.told()
    one.save(update_fields=["preview"])
    return {"import": one.pk, "counts": report.shown()}


def run_import(one: Import, user: Any, progress: Progress) -> Json:
    """Do the import in the caller's transaction."""
    report, made = _imported(one, user, progress, is_preview=False)
    report.store()
    one.made = made
    one.state, one.finished_at = Import.DONE, clock.now()
    one.result = report.told()
    one.save(update_fields=["made", "state", "finished_at", "result"])
    return {"import": one.pk, "counts": report.shown()}


def locked_import(work: Work) -> Import:
    """Return the import that a job is about, locked; NotVisible for anybody else's."""
    rows = Import.objects.select_for_update(of=("self",))
    found = rows.filter(pk=work.params["import"], owner=work.user).first()
    if found is None:
        raise NotVisible("No such import")
    return found


def _imported(
    one: Import, user: Any, progress: Progress, *, is_preview: bool
) -> tuple[Report, list[Json]]:
    with open_kept(one.file) as file:
        return import_file(one, file, user, progress, is_preview=is_preview)
