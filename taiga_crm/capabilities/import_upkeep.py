"""What becomes of imports: swept away when they are old, and empty of a person who is erased."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from taiga_crm.capabilities import kept_files
from taiga_crm.capabilities.imports import table_of
from taiga_crm.capabilities.jobs import OPEN
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidInput, WrongState
from taiga_crm.models import Import, ImportRow
from taiga_crm.registry.entity import Entity

Json = dict[str, Any]


def sweep_imports(now: datetime.datetime) -> int:
    """Delete imports that nobody can undo any more, with rows and file; a periodic job."""
    limit = now - datetime.timedelta(days=conf().import_days)
    old = Import.objects.filter(created_at__lt=limit)
    old = old.filter(Q(finished_at__isnull=True) | Q(finished_at__lt=limit))
    old = old.exclude(job__state__in=OPEN)
    number = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            run = old.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if run is not None:
                _forget_file(run)
                run.delete()
                number += 1
    return number


def forget_person(entity: Entity, pk: int, traces: list[str]) -> None:
    """Take a person out of imports: the rows that wrote him, samples, and files that hold him."""
    mine = ImportRow.objects.filter(kind=entity.key, object_id=pk)
    runs = set(mine.values_list("run_id", flat=True))
    mine.update(name="", remarks=[], before=None)
    for run in Import.objects.select_for_update().exclude(file=""):
        if run.pk in runs or _holds(run, traces):
            _forget_file(run)
            run.columns = [{**one, "samples": []} for one in run.columns]
            run.reading = {**run.reading, "first": []}
            run.file = ""
            run.save(update_fields=["columns", "reading", "file"])


def imports_about(entity: Entity, user: Any, pk: int) -> list[Json]:
    """Return which rows of which files wrote a record, for the archive of a person."""
    rows = ImportRow.objects.filter(kind=entity.key, object_id=pk, run__state=Import.DONE)
    return [
        {
            "file": row.run.file_name,
            "line": row.line,
            "outcome": row.outcome,
            "at": row.run.finished_at,
            "by": row.run.owner.full_name or row.run.owner.username,
        }
        for row in rows.select_related("run__owner").order_by("run", "line")
    ]


def _holds(run: Import, traces: Iterable[str]) -> bool:
    """Say whether a kept file names a person; one that cannot be read is taken to do so."""
    texts = [re.escape(text) for text in traces]
    if not texts:
        return False
    pattern = re.compile("|".join(rf"(?<!\w){text}(?!\w)" for text in texts), re.IGNORECASE)
    try:
        file, table = table_of(run)
        with file:
            return any(pattern.search(cell) for line in table.lines for cell in line.cells)
    except (InvalidInput, WrongState):
        return True


def _forget_file(run: Import) -> None:
    transaction.on_commit(partial(kept_files.drop, run.file))
