"""Tables as files hold them: a header, and lines that are read one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from taiga_crm.kernel.errors import InvalidInput

MAX_CELL = 32_000
MAX_COLUMNS = 500
MAX_BYTES = {"csv": 50_000_000, "xlsx": 10_000_000}


class Figure(str):
    """A number as a spreadsheet holds it: its point is a point, whatever the language."""

    __slots__ = ()


@dataclass(frozen=True)
class Line:
    """The cells of one record and the line of the file it begins on; the header is line 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and the lines under it; blank lines are left out.

    `line` is that of the header, `width` how many cells it has with those that are empty.
    """

    header: tuple[str, ...]
    lines: Iterator[Line]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    line: int = 1
    width: int = 0


def narrow(header: tuple[str, ...]) -> tuple[str, ...]:
    """Return the header; InvalidInput for `file` when it has more columns than anybody maps."""
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > MAX_COLUMNS:
        values = {"limit": MAX_COLUMNS, "count": len(header)}
        raise unreadable(_("At most %(limit)d columns can be read, not %(count)d.") % values)
    return header


def unreadable(message: str) -> InvalidInput:
    """Return the refusal of a file."""
    return InvalidInput({"file": [message]})
