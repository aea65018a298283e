"""vCard imports as imports: a job, a record of what became of each card, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction

from taiga_crm.capabilities import jobs, kept_files
from taiga_crm.capabilities.import_report import Report
from taiga_crm.capabilities.import_work import locked_import
from taiga_crm.capabilities.jobs import Work
from taiga_crm.capabilities.table_files import VCARD
from taiga_crm.capabilities.vcard_cards import MAX_BYTES, read_cards
from taiga_crm.kernel import clock
from taiga_crm.kernel.file_names import file_name
from taiga_crm.models import Import, Job
from taiga_crm.services.vcards import Options, write_cards

JOB = "vcards"


def start(user: Any, name: str, chunks: Iterable[bytes], options: Options) -> tuple[Import, Job]:
    """Keep a file and enqueue the import of its cards; return both, TooLarge.

    People and companies come in one file: each row of the report tells its own kind.
    """
    kept = kept_files.keep(chunks, MAX_BYTES)
    try:
        with transaction.atomic():
            run = Import(
                kind="contact", owner=user, file=kept.name, size=kept.size, state=Import.RUNNING,
                file_name=(file_name(name) or "file")[:255], settings=vars(options),
                reading={"how": {"format": VCARD, "encoding": "", "delimiter": "", "sheet": ""}},
            )  # fmt: skip
            run.save(force_insert=True)
            run.job = job = jobs.enqueue(JOB, user, {"import": run.pk})
            run.save(update_fields=["job"])
    except BaseException:
        kept_files.drop(kept.name)
        raise
    return run, job


def run(work: Work) -> dict[str, Any]:
    """Import a kept file as a job: all of it or nothing. Its cards are not kept any longer."""
    one = locked_import(work)
    with kept_files.open_kept(one.file) as file:
        cards = read_cards(file.read())
    options = Options(one.settings.get("project"), bool(one.settings.get("create_accounts")))
    done = write_cards(cards, work.user, options, work.progress)
    report = Report(one)
    report.add(done.written, is_preview=False)
    report.store()
    transaction.on_commit(partial(kept_files.drop, one.file))
    one.state, one.finished_at, one.made, one.file = Import.DONE, clock.now(), done.made, ""
    one.reading = {**one.reading, "rows": len(cards)}
    one.result = report.told()
    one.save(update_fields=["state", "finished_at", "made", "file", "reading", "result"])
    return {"import": one.pk, **done.shown(len(cards))}
