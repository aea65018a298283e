"""What surrounds the sheets of an XLSX file: names, shared texts, which cells are dates."""

from __future__ import annotations

import posixpath
import re
import zipfile
from array import array
from dataclasses import dataclass

from django.utils.translation import gettext as _

from taiga_crm.capabilities.tables import MAX_CELL, unreadable
from taiga_crm.capabilities.xlsx_archive import parse_whole

MAX_TEXTS = 2_000_000
MAX_TEXT_BYTES = 60_000_000
MAX_SHEETS = 200
MAX_STYLES = 65_000
DATES = frozenset([*range(14, 18), *range(27, 37), *range(50, 59)])
TIMES = frozenset([18, 19, 20, 21, 45, 46, 47])
MOMENTS = frozenset([22])
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
FIXED = re.compile(r"0{2,30}")
Attributes = list[str]


@dataclass(frozen=True)
class Book:
    """The sheets by name with their members, whether days count from 1904, the date styles."""

    sheets: dict[str, str]
    from_1904: bool
    styles: list[str]


class Texts:
    """The shared texts, kept as bytes: a million small strings would take ten times as much."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("L")

    def add(self, text: str) -> None:
        """Keep one text; InvalidInput for `file` when there are too many."""
        self._bytes += text[: MAX_CELL + 1].encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))
        if len(self._ends) > MAX_TEXTS or len(self._bytes) > MAX_TEXT_BYTES:
            raise unreadable(_("The file would unpack to more than can be read."))

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self._ends):
            return ""
        start = self._ends[place - 1] if place else 0
        return self._bytes[start : self._ends[place]].decode("utf-8", "replace")


def local(name: str) -> str:
    """Return the name of an element without its prefix."""
    return name.rpartition(":")[2]


def named(attributes: Attributes) -> dict[str, str]:
    """Return ordered attributes as a mapping."""
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def read_book(archive: zipfile.ZipFile) -> Book:
    """Return what the workbook says about its sheets."""
    home = _workbook(archive)
    targets = _relations(archive, home)
    sheets: dict[str, str] = {}
    from_1904 = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal from_1904
        found = {local(name): value for name, value in named(attributes).items()}
        if local(tag) == "workbookPr":
            from_1904 = found.get("date1904", "").lower() in ("1", "true")
        elif local(tag) == "sheet" and found.get("id") in targets and len(sheets) < MAX_SHEETS:
            sheets.setdefault(found.get("name", "")[:100], targets[found["id"]])

    parse_whole(archive, home, {"StartElementHandler": start})
    sheets = {name: member for name, member in sheets.items() if member in archive.NameToInfo}
    if not sheets:
        raise unreadable(_("The file has no sheet."))
    return Book(sheets, from_1904, _styles(archive, posixpath.dirname(home)))


def read_texts(archive: zipfile.ZipFile, home: str = "xl") -> Texts:
    """Return the shared texts; phonetic hints beside them are left out."""
    reader = _TextReader()
    member = _member(archive, f"{home}/sharedStrings.xml")
    if member is not None:
        parse_whole(
            archive,
            member,
            {
                "StartElementHandler": reader.start,
                "EndElementHandler": reader.end,
                "CharacterDataHandler": reader.data,
            },
        )
    return reader.texts


class _TextReader:
    """Collects the pieces of each shared text."""

    def __init__(self) -> None:
        self.texts = Texts()
        self.parts: list[str] = []
        self.size = 0
        self.taking = self.hint = False

    def start(self, tag: str, attributes: Attributes) -> None:
        name = local(tag)
        if name == "si":
            self.parts, self.size = [], 0
        elif name == "rPh":
            self.hint = True
        elif name == "t":
            self.taking = not self.hint

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == "si":
            self.texts.add("".join(self.parts))
        elif name == "rPh":
            self.hint = False
        elif name == "t":
            self.taking = False

    def data(self, text: str) -> None:
        if self.taking and self.size <= MAX_CELL:
            self.parts.append(text)
            self.size += len(text)


def _workbook(archive: zipfile.ZipFile) -> str:
    for name in ("xl/workbook.xml", "workbook.xml"):
        member = _member(archive, name)
        if member is not None:
            return member
    raise unreadable(_("The file is not a valid XLSX file."))


def _member(archive: zipfile.ZipFile, name: str) -> str | None:
    return next((one for one in archive.NameToInfo if one.lower() == name.lower()), None)


def _relations(archive: zipfile.ZipFile, home: str) -> dict[str, str]:
    folder = posixpath.dirname(home)
    member = _member(archive, f"{folder}/_rels/{posixpath.basename(home)}.rels".lstrip("/"))
    found: dict[str, str] = {}

    def start(tag: str, attributes: Attributes) -> None:
        given = named(attributes)
        if local(tag) == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            target = given.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            found[given.get("Id", "")] = posixpath.normpath(path)

    if member is not None:
        parse_whole(archive, member, {"StartElementHandler": start})
    return found


def _styles(archive: zipfile.ZipFile, home: str) -> list[str]:
    """Return for each cell style "date", "time", "moment", the zeros of a number with a fixed
    length, or nothing."""
    member = _member(archive, f"{home}/styles.xml".lstrip("/"))
    codes: dict[int, str] = {}
    found: list[str] = []
    state = {"cells": False}

    def start(tag: str, attributes: Attributes) -> None:
        name, given = local(tag), named(attributes)
        if name == "numFmt":
            codes[_number(given.get("numFmtId"))] = given.get("formatCode", "")[:500]
        elif name == "cellXfs":
            state["cells"] = True
        elif name == "xf" and state["cells"] and len(found) < MAX_STYLES:
            found.append(_what(_number(given.get("numFmtId")), codes))

    def end(tag: str) -> None:
        if local(tag) == "cellXfs":
            state["cells"] = False

    if member is not None:
        parse_whole(archive, member, {"StartElementHandler": start, "EndElementHandler": end})
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _what(number: int, codes: dict[int, str]) -> str:
    if number in codes:
        return _of_code(codes[number])
    if number in MOMENTS:
        return "moment"
    return "date" if number in DATES else "time" if number in TIMES else ""


def _of_code(code: str) -> str:
    plain = QUOTED.sub("", code.partition(";")[0]).lower()
    if FIXED.fullmatch(plain):
        return plain
    if "general" in plain:
        return ""
    day, hour = bool(re.search("[yd]", plain)), bool(re.search("[hs]", plain))
    if not (day or hour) and "m" in plain:
        day = True
    return "moment" if day and hour else "date" if day else "time" if hour else ""
