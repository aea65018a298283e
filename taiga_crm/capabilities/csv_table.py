"""Read a CSV file whose encoding and delimiter nobody wrote down, keeping line numbers."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO

from django.utils.translation import gettext as _

from taiga_crm.capabilities.cells import plain_cell
from taiga_crm.capabilities.tables import MAX_CELL, Line, Table, narrow, unreadable
from taiga_crm.kernel.errors import InvalidInput

DELIMITERS = (",", ";", "\t", "|")
PIECE = 1 << 20
LOOKED_AT = 200_000  # foreign signs are enough to tell Korean from Western text
FIRST_LINE = 1_000_000
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
KOREAN, WESTERN, ANY_BYTES = "cp949", "cp1252", "latin-1"


def read_csv(file: IO[bytes], encoding: str = "", delimiter: str = "") -> Table:
    """Return the table of a CSV file, its lines read as they are asked for.

    InvalidInput for `file` when it cannot be one, also later, from the lines.
    """
    found = encoding or detect_encoding(_pieces(file))
    file.seek(0)
    text = _decoded(file, found)
    sign = delimiter or detect_delimiter(_first_line(text, found))
    file.seek(0)
    lines = _lines(_decoded(file, found), found, sign)
    header = next(lines, None)
    if header is None:
        raise unreadable(_("The file is empty."))
    return Table(narrow(header.cells), lines, found, sign)


def detect_encoding(content: Iterable[bytes]) -> str:
    """Return the mark's encoding, else UTF-8 when it fits, else Korean or Western by a guess."""
    guess = _Guess()
    for place, piece in enumerate(content):
        marked = _mark_of(piece) if place == 0 else ""
        if marked:
            return marked
        guess.take(piece)
    return guess.result()


def detect_delimiter(line: str) -> str:
    """Return the sign that cuts the first line into the most cells."""
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([line], delimiter=sign), [])))


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


def _first_line(text: IO[str], encoding: str) -> str:
    try:
        while line := text.readline(FIRST_LINE):
            if line.strip():
                return line.rstrip("\r\n")
    except UnicodeError as error:
        raise _not_written_in(encoding) from error
    return ""


def _mark_of(piece: bytes) -> str:
    return next((name for mark, name in BYTE_ORDER_MARKS if piece.startswith(mark)), "")


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
            if any(cell.strip() for cell in cells):
                yield Line(start, tuple([_plain(cell) for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        reason = {"line": start, "reason": error}
        raise unreadable(_("Line %(line)d is not valid CSV: %(reason)s.") % reason) from error
    except UnicodeError as error:
        raise _not_written_in(encoding) from error


def _plain(cell: str) -> str:
    cell = cell.strip()
    return plain_cell(cell).strip() if cell.startswith("'") else cell


def _without_nul(text: IO[str]) -> Iterator[str]:
    for line in text:
        if "\0" in line:
            raise unreadable(_("The file is not a text file."))
        yield line


def _not_written_in(encoding: str) -> InvalidInput:
    return unreadable(_("The file is not written in %s.") % encoding)
