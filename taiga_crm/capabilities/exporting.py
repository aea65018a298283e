"""Export a list as CSV: as shown, streamed, with formulas neutralised."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.listing import RowReader, matching_rows, ordered, sort_keys
from taiga_crm.capabilities.sources import text
from taiga_crm.conf import conf
from taiga_crm.registry.entity import Entity

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
CHUNK = 2_000


class _Echo:
    """A file whose write returns the line, as csv needs it for streaming."""

    def write(self, line: str) -> str:
        return line


def export_csv(entity: Entity, user: Any, request: ListRequest) -> Iterator[str]:
    """Yield CSV lines of the whole list, header first; at most conf.max_export_rows rows.

    A grouped list is sorted by its group first, and the group is the first column.
    """
    columns = tuple(
        dict.fromkeys(((request.group_by,) if request.group_by else ()) + request.columns)
    )
    reader = RowReader(entity, user, columns)
    rows = _sorted_rows(entity, user, request, reader)
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([str(field.label) for field in reader.fields])
    for row in rows[: conf().max_export_rows].iterator(chunk_size=CHUNK):
        yield writer.writerow([safe_cell(cell) for cell in _cells(reader, row)])


def safe_cell(text_value: str) -> str:
    """Return the text so that no spreadsheet runs it: a quote before a formula's first sign."""
    if text_value.startswith(FORMULA_STARTS) or text_value.lstrip().startswith(FORMULA_STARTS):
        return "'" + text_value
    return text_value


def _sorted_rows(entity: Entity, user: Any, request: ListRequest, reader: RowReader) -> Any:
    if request.group_by:
        sort = tuple(dict.fromkeys((request.group_by, *request.sort)))
        request = ListRequest(**{**request.__dict__, "sort": sort})
    keys, id_descending = sort_keys(entity, user, request)
    rows = matching_rows(entity, user, request)
    rows = ordered(rows, entity, user, request, keys, id_descending)
    return rows.annotate(**reader.annotations).values_list(*reader.names)


def _cells(reader: RowReader, row: tuple[Any, ...]) -> Iterator[str]:
    position = reader.start
    for field, source in zip(reader.fields, reader.sources, strict=False):
        width = len(source.names)
        yield text(field, row[position : position + width])
        position += width
