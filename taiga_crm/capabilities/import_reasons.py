"""Reasons of an import: the same remark about the same column, counted once for all its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from taiga_crm.capabilities.import_rows import DOUBTFUL, SKIPPED, Row

MAX_REASONS = 200
MAX_SAMPLES = 3
VARYING = re.compile(r"“[^”]*”|\d(?:[\d.,:/ -]*\d)?")  # what one reason says otherwise in each row
GAP = "…"
Json = dict[str, Any]
Key = tuple[bool, str, str]


@dataclass
class Reason:
    """One reason: how it is told, what was written where it holds, and of how many rows."""

    number: int
    column: str
    text: str
    skipped: bool
    rows: int = 0
    written: list[str] = field(default_factory=list)

    def take(self, written: str, text: str) -> None:
        """Take in one more remark; where texts differ in a number or a quotation, it is a gap."""
        if text != self.text:
            self.text = VARYING.sub(GAP, text)
        if written and written not in self.written and len(self.written) <= MAX_SAMPLES:
            self.written.append(written)

    def shown(self) -> Json:
        """Return the reason as JSON; `more` says that other texts were written too."""
        return {
            "number": self.number,
            "outcome": SKIPPED if self.skipped else DOUBTFUL,
            "column": self.column,
            "reason": self.text,
            "rows": self.rows,
            "written": self.written[:MAX_SAMPLES],
            "more": len(self.written) > MAX_SAMPLES,
        }


class Reasons:
    """Numbers the remarks of rows; beyond MAX_REASONS a remark has no number."""

    def __init__(self) -> None:
        self._known: dict[Key, Reason] = {}

    def numbered(self, row: Row) -> list[tuple[Any, ...]]:
        """Return the remarks of a row, each with the number of its reason behind it."""
        seen: set[int] = set()
        remarks: list[tuple[Any, ...]] = []
        for column, written, text in row.remarks:
            reason = self._reason(row.refused, column, text)
            if reason is None:
                remarks.append((column, written, text))
                continue
            reason.take(written, text)
            reason.rows += reason.number not in seen
            seen.add(reason.number)
            remarks.append((column, written, text, reason.number))
        return remarks

    def shown(self) -> list[Json]:
        """Return the reasons as JSON, those of most rows first."""
        found: Iterable[Reason] = self._known.values()
        return [one.shown() for one in sorted(found, key=lambda one: (-one.rows, one.number))]

    def _reason(self, skipped: bool, column: str, text: str) -> Reason | None:
        key = (skipped, column, VARYING.sub(GAP, text))
        known = self._known.get(key)
        if known is None and len(self._known) < MAX_REASONS:
            number = len(self._known) + 1
            known = self._known[key] = Reason(number, column, text, skipped)
        return known
