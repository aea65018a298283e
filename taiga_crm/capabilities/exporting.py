"""Export a list as it is shown: CSV or XLSX, streamed, told to whoever keeps a log of exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from taiga_crm.capabilities.export_csv import write_csv
from taiga_crm.capabilities.export_request import read_export_request
from taiga_crm.capabilities.export_rows import ExportRows
from taiga_crm.capabilities.export_xlsx import write_xlsx
from taiga_crm.kernel import clock
from taiga_crm.registry.entity import Entity

CSV, XLSX = "csv", "xlsx"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NO_FILTERS = {"fields", "sort", "group_by", "page", "page_size", "cursor"}


@dataclass(frozen=True)
class Exported:
    """Rows that a person has taken out as a file; `narrowed_by` names parameters, no values."""

    entity: Entity
    user: Any
    rows: int
    format: str
    narrowed_by: tuple[str, ...] = ()


Listener = Callable[[Exported], None]
_listeners: list[Listener] = []


@dataclass(frozen=True)
class Export:
    """A file on its way; what could refuse it has been asked already."""

    name: str
    content_type: str
    rows: int
    is_complete: bool
    chunks: Iterator[bytes]


def open_export(entity: Entity, user: Any, params: Mapping[str, str], format: str) -> Export:
    """Ask the database for a list as a file; InvalidQuery as for the list itself.

    At most conf.max_export_rows rows; a file that was cut says so in its name, and an XLSX file
    also on its second sheet.
    """
    request = read_export_request(entity, user, params)
    rows = ExportRows(entity, user, request)
    title = str(entity.label_plural)
    if format == XLSX:
        chunks = write_xlsx(rows, title, _note(title, user, rows))
    else:
        chunks = write_csv(rows)
    name = title if rows.is_complete else _("%(list)s (first %(count)d rows)") % {
        "list": title, "count": rows.count,
    }  # fmt: skip
    narrowed_by = tuple(sorted(params.keys() - NO_FILTERS))
    # told before the first piece: what happens to the rest of the file is not known any more
    exported(Exported(entity, user, rows.count, format, narrowed_by))
    spoken = _spoken(chunks, translation.get_language())
    return Export(f"{name}.{format}", CONTENT_TYPES[format], rows.count, rows.is_complete, spoken)


def listen(listener: Listener) -> Listener:
    """Call the listener after every export."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def exported(done: Exported) -> None:
    """Tell that a person has taken rows out of the CRM as a file, or begun to."""
    for listener in _listeners:
        listener(done)


def _spoken(chunks: Iterator[bytes], language: str | None) -> Iterator[bytes]:
    """Make each piece in the person's language: by then the request may be over."""
    while True:
        with translation.override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def _note(title: str, user: Any, rows: ExportRows) -> list[tuple[str, str]]:
    person = getattr(user, "full_name", "") or user.get_username()
    note = [
        (_("List"), title),
        (_("Exported"), clock.now().strftime("%Y-%m-%d %H:%M UTC")),
        (_("By"), person),
        (_("Rows"), f"{rows.count}"),
    ]
    if not rows.is_complete:
        text = _("This file was cut after %d rows: narrow the list to get the others.")
        note.append((_("Not complete"), text % rows.count))
    note.append((_("Times"), _("All times are in UTC.")))
    return note
