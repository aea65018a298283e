"""Import a CSV or XLSX file and say what became of every row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from taiga_crm.capabilities.cells import safe_cells
from taiga_crm.capabilities.import_rows import DOUBTFUL, OUTCOMES, SKIPPED
from taiga_crm.capabilities.import_settings import changed_settings
from taiga_crm.capabilities.import_targets import importable
from taiga_crm.capabilities.import_work import preview_import, run_import
from taiga_crm.capabilities.imports import create_import, delete_import
from taiga_crm.kernel.errors import CrmError, InvalidInput, NotVisible
from taiga_crm.models import Import, ImportRow
from taiga_crm.permissions.projects import crm_project, projects
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.catalog import entity as entity_named

PIECE = 1 << 20
COLUMNS = ("line", "name", "outcome", "column", "written", "reason")


class Command(BaseCommand):
    """One file, one transaction; running it again changes nothing."""

    help = "Import a CSV or XLSX file of a kind; running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the kind, the file, the project, the acting person, and how to read the file."""
        kinds = [one.path for one in entities() if importable(one)]
        parser.add_argument("kind", choices=kinds)
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", metavar="SLUG", help="put the records into this project")
        parser.add_argument("--user", metavar="USERNAME", help="act as this person")
        parser.add_argument("--dry-run", action="store_true", help="report, but write nothing")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="what became of rows")
        parser.add_argument("--encoding", default="", help="do not guess the file's encoding")
        parser.add_argument("--currency", default="USD", help="of amounts that name none")
        parser.add_argument("--key", default="", help="field that known records are recognized by")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then tell."""
        actor = _actor(options["user"])
        try:
            with transaction.atomic():
                run = self._import(actor, options)
        except CrmError as refusal:
            raise CommandError(_told(refusal)) from refusal
        self._tell(run)
        if options["report"] is not None:
            with options["report"].open("w", encoding="utf-8-sig", newline="") as file:
                _write_report(run, file)
        if options["dry_run"]:
            delete_import(actor, run.pk)
            self.stdout.write("Dry run: nothing was written")

    def _import(self, actor: Any, options: dict[str, Any]) -> Import:
        entity = next(one for one in entities() if one.path == options["kind"])
        data = {"kind": entity.key, "encoding": options["encoding"]}
        path: Path = options["file"]
        run = create_import(actor, data, path.name, _pieces(path))
        settings = {"currency": options["currency"], "project": _project(options["project"], actor)}
        if options["key"]:
            settings["key"] = options["key"]
        run.settings = changed_settings(entity, actor, run, settings)
        run.save(update_fields=["settings"])
        work = preview_import if options["dry_run"] else run_import
        work(run, actor, lambda done, total: None)
        return run

    def _tell(self, run: Import) -> None:
        for row in _rows(run).exclude(remarks=[]).iterator(chunk_size=2_000):
            for column, written, reason, *_more in row.remarks:
                about = f"{column} “{written}”: " if written else ""
                name = f", {row.name}" if row.name else ""
                mark = "REFUSED" if row.outcome == SKIPPED else "doubtful"
                self.stdout.write(f"line {row.line}{name}: {mark}: {about}{reason}")
        for column, one in zip(run.columns, run.mapping, strict=True):
            if one["field"] is None and column["header"]:
                self.stdout.write(f"column “{column['header']}” was not taken")
        counts = (run.result or run.preview or {})["counts"]
        told = ", ".join(f"{counts[name]} {name}" for name in OUTCOMES)
        number = sum(counts[name] for name in OUTCOMES)
        label = str(entity_named(run.kind).label_plural)
        self.stdout.write(f"{label}: {number} rows: {told}; {counts[DOUBTFUL]} of them doubtful")


def _told(refusal: CrmError) -> str:
    """Return why the file is refused, with what it is about."""
    fields = refusal.fields if isinstance(refusal, InvalidInput) else {"file": [refusal.message]}
    return "; ".join(
        " ".join(messages) if name == "file" else f"{name}: {' '.join(messages)}"
        for name, messages in fields.items()
    )


def _rows(run: Import) -> Any:
    return ImportRow.objects.filter(run=run).order_by("line", "pk")


def _write_report(run: Import, file: IO[str]) -> None:
    """Write one line per remark, and one for each row without any."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in _rows(run).iterator(chunk_size=2_000):
        for remark in row.remarks or [("", "", "")]:
            cells = safe_cells([row.name, row.outcome, *remark[:3]])
            writer.writerow((row.line, *cells))


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}") from error


def _actor(username: str | None) -> Any:
    people = get_user_model().objects.filter(is_active=True)
    if username is not None:
        found = people.filter(username=username).first()
        if found is None:
            raise CommandError(f"There is no active user {username}")
        return found
    found = people.filter(is_superuser=True).order_by("pk").first()
    if found is None:
        raise CommandError("There is no superuser: name somebody with --user")
    return found


def _project(slug: str | None, actor: Any) -> int | None:
    if slug is None:
        return None
    found = projects().filter(slug=slug).first()
    try:
        return int(crm_project(actor, found.pk if found else 0).pk)
    except NotVisible as refusal:
        raise CommandError(
            f"{actor.get_username()} has no project {slug} with the CRM switched on"
        ) from refusal
