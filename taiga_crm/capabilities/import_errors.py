"""The rows that were left out, as a file in its own columns with the reason beside each."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.cells import safe_cells
from taiga_crm.capabilities.import_rows import SKIPPED
from taiga_crm.capabilities.imports import table_of
from taiga_crm.capabilities.tables import MAX_CELL
from taiga_crm.models import Import, ImportRow
from taiga_crm.registry.header_words import REASONS

PIECE = 500
MARK = "\ufeff"
Cells = list[str]


def error_rows(run: Import, *, doubtful: bool) -> Iterator[Cells]:
    """Yield the header, then each row that was left out, and the doubtful ones when asked."""
    file, table = table_of(run)
    width = len(table.header)
    if width and table.header[-1].casefold() in REASONS + (_("reason"),):
        width -= 1
    with file:
        yield [*table.header[:width], _("reason")]
        rows = ImportRow.objects.filter(run=run)
        rows = rows.filter(
            Q(outcome=SKIPPED) | Q(is_doubtful=True) if doubtful else Q(outcome=SKIPPED)
        )
        waiting = rows.order_by("line").values_list("line", "remarks").iterator(chunk_size=2_000)
        wanted = next(waiting, None)
        for line in table.lines:
            if wanted is None:
                return
            if line.number == wanted[0]:
                cells = [*line.cells[:width], *[""] * (width - len(line.cells))]
                yield [*map(str, cells), _reasons(wanted[1])]
                wanted = next(waiting, None)


def errors_csv(run: Import, *, doubtful: bool) -> Iterator[bytes]:
    """Yield the file as CSV with the delimiter of the uploaded one; no cell runs as a formula."""
    buffer = io.StringIO()
    buffer.write(MARK)
    writer = csv.writer(buffer, delimiter=run.reading["how"]["delimiter"] or ",")
    for number, cells in enumerate(error_rows(run, doubtful=doubtful), 1):
        writer.writerow(safe_cells(cells))
        if number % PIECE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def errors_xlsx(run: Import, *, doubtful: bool) -> Iterator[bytes]:
    """Yield the file as XLSX; every cell is a text."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = book.add_worksheet()
        for row, cells in enumerate(error_rows(run, doubtful=doubtful)):
            for place, text in enumerate(cells):
                if text:
                    sheet.write_string(row, place, text[:MAX_CELL])
        book.close()
        file.seek(0)
        while piece := file.read(1 << 16):
            yield piece


def _reasons(remarks: list[Any]) -> str:
    texts = ((column, reason) for column, _written, reason, *_more in remarks)
    told = [f"{column}: {reason}" if column else reason for column, reason in texts]
    return " ".join(told)[:MAX_CELL]


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
