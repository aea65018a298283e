"""The delimiter of a CSV file whose maker wrote none down, by its first lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

DELIMITERS = (",", ";", "\t", "|")
FIRST_LINES = 20
SAID = re.compile(r"\ufeff?sep=(.)", re.IGNORECASE)  # Excel reads and writes it as a first line


def detect_delimiter(lines: str | Sequence[str]) -> str:
    """Return the sign that the file says, else the one that cuts the first line into most cells.

    A title may stand above the table: where nothing cuts the first line, what cuts most of the
    following ones into several cells does.
    """
    several = [lines] if isinstance(lines, str) else lines
    first = several[0] if several else ""
    said = said_delimiter(first)
    if said:
        return said
    best = max(DELIMITERS, key=lambda sign: _cells(first, sign))
    if _cells(first, best) > 1 or len(several) < 2:
        return best
    rest = several[1:]
    votes = {sign: sum(_cells(line, sign) > 1 for line in rest) for sign in DELIMITERS}
    found = max(DELIMITERS, key=lambda sign: votes[sign])
    return found if votes[found] * 2 > len(rest) else best


def said_delimiter(line: str) -> str:
    """Return the delimiter of a line like `sep=;`; nothing for any other line."""
    found = SAID.fullmatch(line.strip(" \r\n"))
    return found[1] if found is not None and found[1] in DELIMITERS else ""


def is_empty(line: str) -> bool:
    """Say whether a line has nothing but delimiters."""
    return not line.strip("".join(DELIMITERS) + ' "\r\n')


def _cells(line: str, sign: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=sign), []))
    except csv.Error:  # whoever reads the line says why it is none
        return 1
