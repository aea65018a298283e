"""Read a CSV file whose encoding and delimiter nobody wrote down, keeping line numbers."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO

from django.utils.translation import gettext as _

from taiga_crm.capabilities.cells import plain_cell
from taiga_crm.capabilities.csv_signs import FIRST_LINES, detect_delimiter, is_empty
from taiga_crm.capabilities.tables import MAX_CELL, Line, Table, narrow, unreadable
from taiga_crm.kernel.errors import InvalidInput

PIECE = 1 << 20
LOOKED_AT = 200_000  # foreign signs are enough to tell Korean from Western text
FIRST_LINE = 1_000_000
FEWEST_SIGNS = 4  # of a line of text for each zero in it
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
KOREAN, WESTERN, ANY_BYTES = "cp949", "cp1252", "latin-1"


def read_csv(file: IO[bytes], encoding: str = "", delimiter: str = "", heading: int = 1) -> Table:
    """Return the table of a CSV file, its lines read as they are asked for; the names of its
    columns stand in the line `heading` or in the first one below that is not empty.

    InvalidInput for `file` when it cannot be one, also later, from the lines.
    """
    found = encoding or detect_encoding(_pieces(file))
    file.seek(0)
    text = _decoded(file, found)
    sign = delimiter or detect_delimiter(_first_lines(text, found))
    file.seek(0)
    lines = _lines(_decoded(file, found), found, sign)
    header = next((line for line in lines if line.number >= heading), None)
    if header is None:
        raise unreadable(_("The file is empty."))
    width = len(header.cells)
    return Table(narrow(header.cells), lines, found, sign, line=header.number, width=width)


def detect_encoding(content: Iterable[bytes]) -> str:
    """Return the mark's encoding, else UTF-8 when it fits, else Korean or Western by a guess."""
    guess = _Guess()
    for place, piece in enumerate(content):
        marked = _mark_of(piece) if place == 0 else ""
        if marked:
            return marked
        guess.take(piece)
    return guess.result()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _decoded(file: IO[bytes], encoding: str) -> IO[str]:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise _not_written_in(encoding) from error
    return _Kept(file, encoding=encoding, newline="")


class _Kept(io.TextIOWrapper):
    """A text file that leaves the bytes below it open when it is no longer needed."""

    def __del__(self) -> None:
        if not self.closed and not self.buffer.closed:
            self.detach()


def _first_lines(text: IO[str], encoding: str) -> list[str]:
    found: list[str] = []
    try:
        while len(found) < FIRST_LINES and (line := text.readline(FIRST_LINE)):
            if not is_empty(line):
                found.append(line.rstrip("\r\n"))
    except UnicodeError as error:
        raise _not_written_in(encoding) from error
    return found


def _mark_of(piece: bytes) -> str:
    return next(
        (name for mark, name in BYTE_ORDER_MARKS if piece.startswith(mark)), _wide(piece[:4_000])
    )


def _wide(start: bytes) -> str:
    """Return the UTF-16 that a file is written in without saying so: every other byte is zero."""
    half = len(start) // 2
    if half and start[1::2].count(0) > half * 0.7 and not start[::2].count(0):
        return "utf-16-le"
    if half and start[::2].count(0) > half * 0.7 and not start[1::2].count(0):
        return "utf-16-be"
    return ""


class _Guess:
    """Tries encodings on a file piece by piece; those that do not fit fall away."""

    def __init__(self) -> None:
        names = ("utf-8", KOREAN, WESTERN)
        self.readers = {name: codecs.getincrementaldecoder(name)() for name in names}
        self.foreign = self.common = 0

    def take(self, piece: bytes) -> None:
        for name in list(self.readers):
            try:
                text = self.readers[name].decode(piece)
            except UnicodeDecodeError:
                del self.readers[name]
                continue
            if name == KOREAN and self.foreign < LOOKED_AT:
                foreign, common = _foreign(text)
                self.foreign, self.common = self.foreign + foreign, self.common + common

    def result(self) -> str:
        fitting = [name for name, one in self.readers.items() if _ends(one)]
        if "utf-8" in fitting:
            return "utf-8"
        # western text that happens to be valid cp949 gives rare syllables, Korean common ones
        if KOREAN in fitting and self.common * 2 > self.foreign:
            return KOREAN
        return WESTERN if WESTERN in fitting else ANY_BYTES


def _ends(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _foreign(text: str) -> tuple[int, int]:
    """Return how many signs are not ASCII, and how many are syllables of everyday Korean."""
    if text.isascii():
        return 0, 0
    foreign = [sign for sign in text if not sign.isascii()][:LOOKED_AT]
    return len(foreign), sum("가" <= sign <= "힣" and _encodes(sign, "euc-kr") for sign in foreign)


def _encodes(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _lines(text: IO[str], encoding: str, delimiter: str) -> Iterator[Line]:
    """Yield the non-blank records; an unclosed quote is an error, not one endless cell."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(_without_nul(text), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not (start == 1 and _is_saying(cells)):
                yield Line(start, tuple([_plain(cell) for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        reason = {"line": start, "reason": error}
        raise unreadable(_("Line %(line)d is not valid CSV: %(reason)s.") % reason) from error
    except UnicodeError as error:
        raise _not_written_in(encoding) from error


def _is_saying(cells: list[str]) -> bool:
    return len(cells) <= 2 and cells[0][:5].lower().startswith("sep=") and not any(cells[1:])


def _plain(cell: str) -> str:
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].strip()  # how a number is kept as a text in Excel
    return plain_cell(cell).strip() if cell.startswith("'") else cell


def _without_nul(text: IO[str]) -> Iterator[str]:
    """Leave out a stray zero; where there are many, this is no text."""
    for line in text:
        zeros = line.count("\0")
        if zeros and zeros * FEWEST_SIGNS >= len(line):
            raise unreadable(_("The file is not a text file."))
        yield line.replace("\0", "") if zeros else line


def _not_written_in(encoding: str) -> InvalidInput:
    return unreadable(_("The file is not written in %s.") % encoding)
