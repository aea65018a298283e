"""Export a list as CSV: as shown, streamed, with formulas neutralised."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import Any

from taiga_crm.capabilities.cells import safe_cell
from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.listing import RowReader, matching_rows, ordered, sort_keys
from taiga_crm.capabilities.sources import text
from taiga_crm.conf import conf
from taiga_crm.registry.entity import Entity, Field

BYTE_ORDER_MARK = "\ufeff"
CHUNK = 2_000
LINES_AT_ONCE = 200
MAX_KNOWN = 1_000
REPEATED = frozenset({"boolean", "choice", "country", "link"})


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
    cells = _columns(reader)
    lines: list[str] = []
    for row in rows[: conf().max_export_rows].iterator(chunk_size=CHUNK):
        lines.append(writer.writerow([cell(row) for cell in cells]))
        if len(lines) == LINES_AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def _sorted_rows(entity: Entity, user: Any, request: ListRequest, reader: RowReader) -> Any:
    if request.group_by:
        sort = tuple(dict.fromkeys((request.group_by, *request.sort)))
        request = ListRequest(**{**request.__dict__, "sort": sort})
    keys, id_descending = sort_keys(entity, user, request)
    rows = matching_rows(entity, user, request)
    rows = ordered(rows, entity, user, request, keys, id_descending)
    return rows.annotate(**reader.annotations).values_list(*reader.names)


def _columns(reader: RowReader) -> list[Callable[[tuple[Any, ...]], str]]:
    """Return for each column what makes its cell from a row."""
    columns, position = [], reader.start
    for spec, source in zip(reader.fields, reader.sources, strict=True):
        columns.append(_column(spec, slice(position, position + len(source.names))))
        position += len(source.names)
    return columns


def _column(spec: Field, where: slice) -> Callable[[tuple[Any, ...]], str]:
    """Remember texts that come again and again, like names of countries and of links."""
    known: dict[tuple[Any, ...], str] = {}

    def cell(row: tuple[Any, ...]) -> str:
        return safe_cell(text(spec, row[where]))

    def known_cell(row: tuple[Any, ...]) -> str:
        found = known.get(row[where])
        if found is None:
            found = cell(row)
            if len(known) < MAX_KNOWN:
                known[row[where]] = found
        return found

    return known_cell if spec.kind in REPEATED else cell
