"""Read a CSV file whose encoding and delimiter nobody wrote down, keeping line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from taiga_crm.capabilities.cells import plain_cell
from taiga_crm.kernel.errors import InvalidInput

MAX_BYTES = 50_000_000
MAX_CELL = 32_000
DELIMITERS = (",", ";", "\t", "|")
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
KOREAN, WESTERN, ANY_BYTES = "cp949", "cp1252", "latin-1"


@dataclass(frozen=True)
class Line:
    """The cells of one record and the line of the file it begins on; the header is line 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and the lines under it; blank lines are left out."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str
    delimiter: str


def read_table(content: bytes, encoding: str = "") -> Table:
    """Return the table of a CSV file; InvalidInput for `file` when it cannot be one."""
    if len(content) > MAX_BYTES:
        raise _refusal(_("The file is larger than %d MB.") % (MAX_BYTES // 1_000_000))
    found = encoding or detect_encoding(content)
    try:
        text = content.decode(found)
    except (UnicodeDecodeError, LookupError) as error:
        raise _refusal(_("The file is not written in %s.") % found) from error
    if "\0" in text:
        raise _refusal(_("The file is not a text file."))
    delimiter = detect_delimiter(text)
    lines = list(_lines(text, delimiter))
    if not lines:
        raise _refusal(_("The file is empty."))
    return Table(lines[0].cells, tuple(lines[1:]), found, delimiter)


def detect_encoding(content: bytes) -> str:
    """Return the mark's encoding, else UTF-8 when it fits, else Korean or Western by a guess."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding
    if _decodes(content, "utf-8"):
        return "utf-8"
    if _looks_korean(content):
        return KOREAN
    return WESTERN if _decodes(content, WESTERN) else ANY_BYTES


def detect_delimiter(text: str) -> str:
    """Return the sign that cuts the first line into the most cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _looks_korean(content: bytes) -> bool:
    """Western text that happens to be valid cp949 gives rare syllables, Korean text common ones."""
    try:
        text = content.decode(KOREAN)
    except UnicodeDecodeError:
        return False
    foreign = [sign for sign in text if not sign.isascii()]
    common = [sign for sign in foreign if "가" <= sign <= "힣" and _encodes(sign, "euc-kr")]
    return len(common) * 2 > len(foreign)


def _encodes(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    """Yield the non-blank records; an unclosed quote is an error, not one endless cell."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(start, tuple(plain_cell(cell.strip()).strip() for cell in cells))
            start = reader.line_num + 1
    except csv.Error as error:
        reason = {"line": start, "reason": error}
        raise _refusal(_("Line %(line)d is not valid CSV: %(reason)s.") % reason) from error


def _refusal(message: str) -> InvalidInput:
    return InvalidInput({"file": [message]})
