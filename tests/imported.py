"""Import files in tests: the whole way from the bytes to the report, without jobs."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from taiga_crm.capabilities.csv_table import read_csv
from taiga_crm.capabilities.import_settings import changed_settings
from taiga_crm.capabilities.import_work import preview_import, run_import
from taiga_crm.capabilities.imports import create_import
from taiga_crm.capabilities.tables import Line
from taiga_crm.models import Import, ImportRow
from taiga_crm.registry.catalog import entity


@dataclass
class Imported:
    """An import that is done, and what became of its rows."""

    run: Import
    rows: list[ImportRow]

    @property
    def counts(self) -> dict[str, int]:
        return (self.run.result or self.run.preview)["counts"]

    @property
    def outcomes(self) -> list[str]:
        return [row.outcome for row in self.rows]

    @property
    def told(self) -> list[tuple[int, str, str]]:
        return [(row.line, row.outcome, one[2]) for row in self.rows for one in row.remarks]


def draft(actor: Any, content: bytes, kind: str = "account", **options: Any) -> Import:
    """Take a file in; further options are settings, `name` that of the file."""
    name = options.pop("name", "file.csv")
    data = {key: options.pop(key) for key in ("encoding", "delimiter", "sheet") if key in options}
    run = create_import(actor, {"kind": kind, **data}, name, [content])
    run.settings = changed_settings(entity(kind), actor, run, options)
    run.save()
    return run


def import_bytes(
    actor: Any, content: bytes, kind: str = "account", *, dry_run: bool = False, **options: Any
) -> Imported:
    """Import a file at once."""
    return do(draft(actor, content, kind, **options), actor, dry_run=dry_run)


def do(run: Import, actor: Any, *, dry_run: bool = False) -> Imported:
    """Import a draft at once."""
    with transaction.atomic():
        (preview_import if dry_run else run_import)(run, actor, lambda done, total: None)
    return Imported(run, list(ImportRow.objects.filter(run=run).order_by("line")))


def import_lines(actor: Any, *lines: str, kind: str = "account", **options: Any) -> Imported:
    """Import lines of CSV."""
    return import_bytes(actor, "\n".join(lines).encode(), kind, **options)


def csv_lines(content: bytes, encoding: str = "", delimiter: str = "") -> list[Line]:
    """Return the lines of a CSV file, the header first, as line 1."""
    table = read_csv(io.BytesIO(content), encoding, delimiter)
    return [Line(1, table.header), *table.lines]


def told(rows: Iterable[ImportRow]) -> list[str]:
    """Return all reasons."""
    return [one[2] for row in rows for one in row.remarks]
