"""Cells of a sheet in SpreadsheetML: numbers, days and yes/no as such, every text as a text.

Text is written inline, which no program reads as a formula; a text that would run as soon as
somebody edits its cell, or saves the sheet as CSV, also carries the sheet's own quote mark.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from taiga_crm.capabilities.cells import runs
from taiga_crm.capabilities.export_columns import ExportColumn
from taiga_crm.kernel.money import minor_units

MAX_DIGITS = 15  # a spreadsheet's numbers keep no more
MAX_CELL = 32_767
SPECIAL = re.compile(r"[&<>\x00-\x1f\x7f\ufffe\uffff]|^\s|\s$|_x[0-9A-Fa-f]{4}_")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
NUMBERLIKE = re.compile(r"[+\d][\d\s().,/-]*")
EPOCH = datetime.date(1899, 12, 30)
FIRST_DAY = datetime.date(1900, 3, 1)  # before it the calendars of spreadsheets disagree
Styles = Mapping[str, str]


@dataclass(frozen=True)
class SheetColumn:
    """One column of the sheet: a field, or the amount or the currency of one."""

    column: ExportColumn
    letter: str
    label: str
    part: str = ""
    width: int = 10

    @property
    def kind(self) -> str:
        """Return the kind of the field."""
        return self.column.spec.kind

    @property
    def is_number(self) -> bool:
        """Say whether the cells are numbers."""
        return self.kind in ("integer", "decimal") or self.part == "amount"

    def cells(self, columns: Sequence[Sequence[Any]], start: int, styles: Styles) -> list[str]:
        """Return the cells of a chunk whose first row has this number."""
        if self.part == "currency":
            texts = [c if a is not None else "" for a, c in zip(*columns, strict=True)]
            return text_cells(texts, self.letter, start, styles)
        values = columns[0]
        if self.part == "amount":
            by_digits = {d: styles[f"amount {d}"] for d in (0, 2, 3)}
            return [
                number_cell(
                    value, self.letter, number, by_digits.get(minor_units(currency), by_digits[2])
                )
                for number, (value, currency) in enumerate(zip(*columns, strict=True), start)
            ]
        if self.is_number:
            style_of = styles[self.kind]
            return [number_cell(v, self.letter, n, style_of) for n, v in enumerate(values, start)]
        if self.kind == "boolean":
            return [_boolean(v, self.letter, n) for n, v in enumerate(values, start)]
        if self.kind in ("date", "datetime"):
            style = styles[self.kind]
            return [_moment(v, self.letter, n, style, styles) for n, v in enumerate(values, start)]
        return text_cells(self.column.texts(columns), self.letter, start, styles)


def text_cells(texts: Sequence[str], letter: str, start: int, styles: Styles) -> list[str]:
    """Return cells that are texts whatever is in them; an empty text has no cell."""
    plain = styles["plain"]
    head, search = f'<c r="{letter}', SPECIAL.search
    return [
        ""
        if not text
        else f'{head}{number}"{plain} t="inlineStr"><is><t>{text}</t></is></c>'
        if text[:1].isalpha() and not search(text)
        else _text_cell(text, f"{letter}{number}", styles)
        for number, text in enumerate(texts, start)
    ]


def number_cell(value: Any, letter: str, number: int, style: str) -> str:
    """Return a number; one with more digits than a spreadsheet keeps becomes a text."""
    if value is None:
        return ""
    digits = format(value, "f") if isinstance(value, Decimal) else str(value)
    if len(digits.strip("-0.").replace(".", "")) > MAX_DIGITS:
        return _text_cell(digits, f"{letter}{number}", {"plain": ""})
    return f'<c r="{letter}{number}"{style}><v>{digits}</v></c>'


def _text_cell(text: str, place: str, styles: Styles) -> str:
    style = styles["plain"]
    if runs(text):
        style = styles.get("quoted", style)
    elif NUMBERLIKE.fullmatch(text):
        style = styles.get("digits", style)
    shown = _escaped(text[:MAX_CELL])
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _escaped(text: str) -> str:
    text = ESCAPED.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _boolean(value: Any, letter: str, number: int) -> str:
    return "" if value is None else f'<c r="{letter}{number}" t="b"><v>{int(value)}</v></c>'


def _moment(value: Any, letter: str, number: int, style: str, styles: Styles) -> str:
    """Return a day or a moment in UTC, or its text where a spreadsheet's calendar ends."""
    if value is None:
        return ""
    day = value.date() if isinstance(value, datetime.datetime) else value
    if day < FIRST_DAY:
        return _text_cell(day.isoformat(), f"{letter}{number}", styles)
    serial: float = (day - EPOCH).days
    if isinstance(value, datetime.datetime):
        moment = value.astimezone(datetime.timezone.utc)
        serial = (moment.date() - EPOCH).days
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        text = f"{serial + seconds / 86400:.8f}"
        return f'<c r="{letter}{number}"{style}><v>{text}</v></c>'
    return f'<c r="{letter}{number}"{style}><v>{serial}</v></c>'
