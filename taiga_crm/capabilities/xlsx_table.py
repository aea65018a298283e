"""Read a sheet of an XLSX file as a table: streamed, whatever program has saved it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.tables import (
    MAX_CELL,
    MAX_COLUMNS,
    Figure,
    Line,
    Table,
    narrow,
    unreadable,
)
from taiga_crm.capabilities.xlsx_archive import PIECE, open_archive, parse
from taiga_crm.capabilities.xlsx_parts import Book, Texts, local, read_book, read_texts

MAX_ROWS = 1_048_576
WIDE = 16_384  # columns of the widest sheet
DAY_ZERO = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}
LEAP_DAY = 60  # the 29th of February 1900, which Lotus invented
SECONDS = 86_400


def read_xlsx(file: IO[bytes], sheet: str = "", heading: int = 1) -> Table:
    """Return the table of a sheet, the first one by default, its lines read as asked for; the
    names of its columns stand in the row `heading` or in the first one below with a cell."""
    archive = open_archive(file)
    book = read_book(archive)
    name = sheet if sheet in book.sheets else next(iter(book.sheets))
    reader = _Sheet(book, read_texts(archive))
    lines = reader.lines(parse(archive, book.sheets[name], reader.handlers()))
    header = next((line for line in lines if line.number >= heading), None)
    if header is None:
        raise unreadable(_("The sheet is empty."))
    return Table(
        narrow(header.cells), lines, sheet=name, sheets=tuple(book.sheets), line=header.number,
        width=len(header.cells),
    )  # fmt: skip


def count_rows(file: IO[bytes], sheet: str = "", heading: int = 1) -> int:
    """Return how many rows a sheet has under its heading without reading them: blank ones count
    as well."""
    archive = open_archive(file)
    book = read_book(archive)
    number, rest = 0, b""
    with archive.open(book.sheets[sheet if sheet in book.sheets else next(iter(book.sheets))]) as f:
        while piece := f.read(PIECE):
            number += (rest + piece).count(b"<row ")
            rest = piece[-4:]
    return max(0, number - heading)


class _Sheet:
    """Collects the cells of each row; expat calls, so what is asked often is kept at hand."""

    def __init__(self, book: Book, texts: Texts) -> None:
        self.book, self.texts = book, texts
        self.ready: list[Line] = []
        self.cells: dict[int, str] = {}
        self.row = self.column = 0
        self.kind = self.style = ""
        self.parts: list[str] = []
        self.size = 0
        self.taking = self.hint = False

    def handlers(self) -> dict[str, Any]:
        """Return what the parser is to call."""
        return {
            "StartElementHandler": self.start,
            "EndElementHandler": self.end,
            "CharacterDataHandler": self.data,
        }

    def lines(self, step: Any) -> Iterator[Line]:
        """Yield the rows that have a cell, as far as each piece of the file brings them."""
        going = True
        while going:
            going = step()
            yield from self.ready
            self.ready.clear()

    def start(self, tag: str, attributes: list[str]) -> None:
        if tag in ("c", "x:c"):
            self._start_cell(attributes)
        elif tag in ("v", "t", "x:v", "x:t"):
            self.taking = not self.hint
        elif local(tag) == "row":
            self._start_row(attributes)
        elif local(tag) == "rPh":
            self.hint = True

    def end(self, tag: str) -> None:
        if tag in ("c", "x:c"):
            self._end_cell()
        elif tag in ("v", "t", "x:v", "x:t"):
            self.taking = False
        elif local(tag) == "row":
            self._end_row()
        elif local(tag) == "rPh":
            self.hint = False

    def data(self, text: str) -> None:
        if self.taking and self.size <= MAX_CELL:
            self.parts.append(text)
            self.size += len(text)

    def _start_row(self, attributes: list[str]) -> None:
        self.row += 1
        self.column = -1
        for place in range(0, len(attributes), 2):
            if attributes[place] == "r" and attributes[place + 1].isdigit():
                self.row = int(attributes[place + 1][:9])
        if self.row > MAX_ROWS:
            raise unreadable(_("The file is not a valid XLSX file."))

    def _start_cell(self, attributes: list[str]) -> None:
        self.column += 1
        self.kind = self.style = ""
        for place in range(0, len(attributes), 2):
            name = attributes[place]
            if name == "t":
                self.kind = attributes[place + 1]
            elif name == "s":
                self.style = attributes[place + 1]
            elif name == "r":
                self.column = _column(attributes[place + 1])
        self.parts, self.size = [], 0

    def _end_cell(self) -> None:
        if not self.parts:
            return
        text = self._text("".join(self.parts))
        if len(text) > MAX_CELL:
            values = {"line": self.row, "limit": MAX_CELL}
            raise unreadable(_("Row %(line)d has a cell of more than %(limit)d signs.") % values)
        if text:
            if self.column >= MAX_COLUMNS:
                values = {"limit": MAX_COLUMNS, "count": self.column + 1}
                raise unreadable(
                    _("At most %(limit)d columns can be read, not %(count)d.") % values
                )
            self.cells[self.column] = text

    def _end_row(self) -> None:
        if self.cells:
            cells = [""] * (max(self.cells) + 1)
            for place, text in self.cells.items():
                cells[place] = text
            self.ready.append(Line(self.row, tuple(cells)))
            self.cells = {}

    def _text(self, raw: str) -> str:
        """Return what a person reads in the cell, days and moments in ISO 8601."""
        if self.kind == "s":
            return self.texts[int(raw)].strip() if raw.isascii() and raw.isdigit() else ""
        if self.kind in ("str", "inlineStr", "e", "d"):
            return raw.strip()
        if self.kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        what = self._what()
        if what.startswith("0"):
            return Figure(_figure(raw).zfill(len(what)))
        return _moment(raw, what, self.book.from_1904) if what else _figure(raw)

    def _what(self) -> str:
        styles, number = self.book.styles, self.style
        if number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(styles):
            return styles[int(number)]
        return ""


def _column(reference: str) -> int:
    number = 0
    for sign in reference[:4]:
        if not ("A" <= sign <= "Z"):
            break
        number = number * 26 + ord(sign) - 64
    return min(number, WIDE) - 1


def _figure(raw: str) -> str:
    """Return a number with the digits that people see: 0.1, not 0.10000000000000001."""
    try:
        if raw.isascii() and raw.isdigit() and len(raw) <= 15:
            return Figure(raw)
        number = Decimal(format(float(raw), ".15g"))
    except (ValueError, InvalidOperation, OverflowError):
        return raw.strip()
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return raw.strip()
    text = format(number, "f")
    return Figure(text.rstrip("0").rstrip(".") if "." in text else text)


def _moment(raw: str, what: str, from_1904: bool) -> str:
    try:
        serial = float(raw)
        seconds = round(serial * SECONDS)
        if not from_1904 and 0 < serial < LEAP_DAY:
            seconds += SECONDS
        midnight = datetime.datetime.combine(DAY_ZERO[from_1904], datetime.time())
        moment = midnight + datetime.timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return raw.strip()
    if what == "time" and serial < 1:
        return moment.time().isoformat()
    if what == "date" or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")
