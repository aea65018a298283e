"""Open a file as a table: CSV or XLSX by its content, with what a person chose about reading it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taiga_crm.capabilities.csv_signs import DELIMITERS
from taiga_crm.capabilities.csv_table import read_csv
from taiga_crm.capabilities.tables import Table, unreadable
from taiga_crm.capabilities.xlsx_table import read_xlsx

CSV, XLSX = "csv", "xlsx"
VCARD = "vcard"  # no table: its rows are cards
ZIPPED, OLD_OFFICE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
ENCODINGS = (
    ("utf-8", "Unicode (UTF-8)"),
    ("utf-16", "Unicode (UTF-16)"),
    ("cp949", gettext_lazy("Korean (CP949)")),
    ("euc_kr", gettext_lazy("Korean (EUC-KR)")),
    ("cp1252", gettext_lazy("Western European (Windows-1252)")),
    ("iso8859-1", gettext_lazy("Western European (Latin-1)")),
    ("iso8859-15", gettext_lazy("Western European (Latin-9)")),
    ("cp1250", gettext_lazy("Central European (Windows-1250)")),
    ("iso8859-2", gettext_lazy("Central European (Latin-2)")),
    ("cp932", gettext_lazy("Japanese (Shift-JIS)")),
    ("euc_jp", gettext_lazy("Japanese (EUC-JP)")),
    ("gb18030", gettext_lazy("Chinese (GB18030)")),
    ("big5", gettext_lazy("Chinese (Big5)")),
    ("cp1251", gettext_lazy("Cyrillic (Windows-1251)")),
    ("koi8-r", gettext_lazy("Cyrillic (KOI8-R)")),
    ("cp1253", gettext_lazy("Greek (Windows-1253)")),
    ("cp1254", gettext_lazy("Turkish (Windows-1254)")),
    ("cp1255", gettext_lazy("Hebrew (Windows-1255)")),
    ("cp1256", gettext_lazy("Arabic (Windows-1256)")),
    ("cp1257", gettext_lazy("Baltic (Windows-1257)")),
    ("cp1258", gettext_lazy("Vietnamese (Windows-1258)")),
    ("cp874", gettext_lazy("Thai (Windows-874)")),
    ("mac-roman", gettext_lazy("Western European (Mac)")),
)
DELIMITER_LABELS = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar"),
}


@dataclass(frozen=True)
class Reading:
    """How a file is read; what is empty is found out. `heading` is the line with the names of
    the columns, 0 where it has still to be found."""

    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    heading: int = 0


def format_of(file: IO[bytes]) -> str:
    """Return "xlsx" or "csv" by the first bytes; InvalidInput for what is clearly neither."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == OLD_OFFICE:
        raise unreadable(_("This is a file of an old Office version: save it as XLSX or CSV."))
    if start == PDF:
        raise unreadable(_("This is a PDF file: a table is read from CSV or XLSX."))
    return XLSX if start == ZIPPED else CSV


def open_table(file: IO[bytes], how: Reading) -> Table:
    """Return the table of an open file, read from its beginning."""
    file.seek(0)
    if how.format == XLSX:
        return read_xlsx(file, how.sheet, how.heading)
    return read_csv(file, how.encoding, how.delimiter, how.heading)


def known_encoding(name: object) -> str:
    """Return the name of an encoding as the list has it; empty for one that is not offered."""
    try:
        wanted = codecs.lookup(str(name)[:40]).name
    except (LookupError, ValueError):
        return ""
    plain = "utf-8" if wanted == "utf-8-sig" else wanted
    offered = (value for value, _label in ENCODINGS if codecs.lookup(value).name == plain)
    return wanted if wanted == "utf-8-sig" else next(offered, "")


def known_delimiter(sign: object) -> str:
    """Return a delimiter that is offered, or nothing."""
    return str(sign) if sign in DELIMITERS else ""
