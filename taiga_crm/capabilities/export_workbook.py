"""The workbook around the rows of an export, made by XlsxWriter: styles, header, filter, notes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from taiga_crm.capabilities.export_columns import ExportColumn
from taiga_crm.capabilities.export_xml import SheetColumn

SHEET = "xl/worksheets/sheet1.xml"
NARROWEST, WIDEST = 8, 60
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
FORMATS = {
    "integer": {"num_format": "0"},
    "decimal": {"num_format": "#,##0.##########"},
    "amount 0": {"num_format": "#,##0"},
    "amount 2": {"num_format": "#,##0.00"},
    "amount 3": {"num_format": "#,##0.000"},
    "date": {"num_format": "yyyy-mm-dd"},
    "datetime": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "digits": {"num_format": "@"},
    "quoted": {"num_format": "@", "quote_prefix": True},
    "head": {"bold": True, "bg_color": "#eef3ef"},
    "head amount": {"bold": True, "bg_color": "#eef3ef", "num_format": "#,##0.##"},
}
Note = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Workbook:
    """All members of the archive but the sheet, the sheet's two ends, and the styles by name."""

    members: dict[str, bytes]
    before: bytes
    after: bytes
    styles: dict[str, str]
    total_label: str


def sheet_columns(
    columns: Sequence[ExportColumn], sample: Callable[[ExportColumn], Sequence[str]]
) -> list[SheetColumn]:
    """Return the columns of the sheet; an amount has its currency beside it."""
    found: list[SheetColumn] = []
    for column in columns:
        width = _width([column.label, *sample(column)])
        parts = ("amount", "currency") if column.spec.kind == "money" else ("",)
        for part in parts:
            label = currency_label(column.label) if part == "currency" else column.label
            letter = xl_col_to_name(len(found))
            found.append(SheetColumn(column, letter, label, part, max(width, _width([label]))))
    return found


def currency_label(label: str) -> str:
    """Return the header of the column with the currencies of an amount."""
    return str(_("%s (currency)")) % label


def make_workbook(
    columns: list[SheetColumn], count: int, title: str, note: Note, *, grouped: bool
) -> Workbook:
    """Return a workbook whose first sheet has its header and no rows yet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet(_sheet_name(title))
    head = book.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.label, head)
        sheet.set_column(place, place, column.width)
    if grouped:
        sheet.outline_settings(symbols_below=False)
        sheet.set_row(1, None, None, {"level": 1})
    else:
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    for place, form in enumerate(FORMATS.values()):
        sheet.write_number(1, place, place, book.add_format(form))
    _write_note(book, note)
    book.close()
    return _taken_apart(buffer)


def _write_note(book: Any, note: Note) -> None:
    sheet = book.add_worksheet(_sheet_name(str(_("About this file"))))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for place, (name, text) in enumerate(note):
        sheet.write_string(place, 0, name, book.add_format({"bold": True}))
        sheet.write_string(place, 1, text)


def _taken_apart(buffer: io.BytesIO) -> Workbook:
    """Cut the sheet open before its first row of samples, whose cells tell the styles' numbers."""
    with zipfile.ZipFile(buffer) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members.pop(SHEET).decode()
    sheet = re.sub(r"<dimension [^>]*/>", "", sheet)
    row = re.search(r'<row r="2".*?</row>', sheet)
    assert row is not None
    numbers = re.findall(r's="(\d+)"', row[0])
    styles = {name: f' s="{number}"' for name, number in zip(FORMATS, numbers, strict=True)}
    before, after = sheet.split(row[0])
    return Workbook(members, before.encode(), after.encode(), {**styles, "plain": ""},
                    str(_("Total")))  # fmt: skip


def _width(texts: Sequence[str]) -> int:
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    return max(NARROWEST, min(WIDEST, longest + 2))


def _sheet_name(title: str) -> str:
    return FORBIDDEN.sub(" ", title).strip(" '")[:31] or "Sheet"
