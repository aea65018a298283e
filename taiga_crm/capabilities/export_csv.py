"""An export as CSV: UTF-8 with a mark, one line per row, no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.cells import safe_cells
from taiga_crm.capabilities.export_columns import ExportColumn
from taiga_crm.capabilities.export_rows import ExportRows, Head
from taiga_crm.registry.kinds import KINDS

BYTE_ORDER_MARK = "\ufeff"


def write_csv(rows: ExportRows) -> Iterator[bytes]:
    """Yield the file, header first; a grouped list has its groups' lines and ends with the sum."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(safe_cells([column.label for column in rows.columns]))
    for piece in rows.pieces():
        if piece.head is not None:
            writer.writerow(safe_cells(_head_cells(rows.columns, piece.head)))
        cells = [safe_cells(column.texts(rows.values(column, piece))) for column in rows.columns]
        writer.writerows(zip(*cells, strict=True))
        yield _taken(buffer)
    if rows.groups is not None:
        every = Head(str(_("Total")), rows.groups.every.count,
                     rows.groups.every.shown(rows.groups.totals))  # fmt: skip
        writer.writerow(safe_cells(_head_cells(rows.columns, every)))
    yield _taken(buffer)


def head_label(head: Head) -> str:
    """Return the name of a group with the number of its rows."""
    return f"{head.label} ({head.count})"


def total_text(column: ExportColumn, total: Any) -> str:
    """Return a total as text: amounts of several currencies beside each other, never added up."""
    if total is None:
        return ""
    if isinstance(total, list):
        return "; ".join(f"{one['amount']} {one['currency']}" for one in total)
    return KINDS[column.spec.kind].text(column.spec, total)


def _head_cells(columns: Sequence[ExportColumn], head: Head) -> list[str]:
    texts = [total_text(column, head.totals.get(column.spec.name)) for column in columns[1:]]
    return [head_label(head), *texts]


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
