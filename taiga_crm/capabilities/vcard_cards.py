"""Cards: a vCard file cut into its cards within bounds, and a card written in 3.0 or 4.0."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from taiga_crm.capabilities.vcard_text import Line, read_lines, write_line
from taiga_crm.kernel.errors import InvalidInput

MAX_BYTES = 10_000_000
MAX_CARDS = 10_000
MAX_LINES = 500
MAX_VALUE = 20_000
MAX_PICTURE = 200_000
VERSIONS = ("3.0", "4.0")
PACKED = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
FRAME = frozenset({"BEGIN", "END", "VERSION", "PRODID", "REV"})
MEDIA = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio", "KEY": "application"}


@dataclass
class Card:
    """One card of a file: its place, its properties, and what of it could not be read."""

    number: int
    version: str = ""
    lines: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def first(self, *names: str) -> Line | None:
        """Return the first property with one of the names, the earlier name before the later."""
        for name in names:
            for line in self.lines:
                if line.name == name and line.value.strip(" ;"):
                    return line
        return None

    def all(self, name: str) -> list[Line]:
        """Return all properties of a name."""
        return [line for line in self.lines if line.name == name and line.value.strip(" ;")]

    def text(self, *names: str) -> str:
        """Return the text of the first property with one of the names."""
        line = self.first(*names)
        return line.text().strip() if line is not None else ""


def read_cards(content: bytes) -> list[Card]:
    """Return the cards of a file; InvalidInput for `file` when it has none or too many."""
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refusal(_("The file is not a text file."))
    cards: list[Card] = []
    card: Card | None = None
    depth = 0
    for line in read_lines(content):
        if isinstance(line, str):
            if card is not None and line.strip():
                card.problems.append(_("A line could not be read: %s") % line[:60])
            continue
        if line.name in ("BEGIN", "END") and line.value.strip().upper() == "VCARD":
            depth += 1 if line.name == "BEGIN" else -1 if depth else 0
            card = _next(cards, card, depth, opens=line.name == "BEGIN")
        elif card is not None and depth == 1:
            _take(card, line)
    if not cards:
        raise _refusal(_("There is no vCard in this file."))
    return cards


def write_card(lines: list[Line], version: str) -> bytes:
    """Return a card; lines taken from another version are turned into this one's form."""
    begin = [Line("BEGIN", "VCARD"), Line("VERSION", version)]
    body = [_in_version(line, version) for line in lines]
    return b"".join(write_line(line) for line in (*begin, *body, Line("END", "VCARD")))


def _next(cards: list[Card], card: Card | None, depth: int, *, opens: bool) -> Card | None:
    if depth == 0:
        return None
    if depth == 1 and opens:
        if len(cards) == MAX_CARDS:
            raise _refusal(_("At most %d cards in one file.") % MAX_CARDS)
        cards.append(Card(len(cards) + 1))
        return cards[-1]
    return card  # a card inside a card, such as an AGENT, is passed over


def _take(card: Card, line: Line) -> None:
    if line.name == "VERSION":
        card.version = line.value.strip()[:10]
    elif line.name in FRAME:
        return
    elif len(card.lines) >= MAX_LINES:
        if len(card.problems) < MAX_LINES:
            card.problems.append(_("At most %d properties of a card are read.") % MAX_LINES)
    elif len(line.value) > (MAX_PICTURE if line.name in PACKED else MAX_VALUE):
        card.problems.append(_("%s is too large and was left out.") % line.name)
    else:
        card.lines.append(_plain_quoting(line, card.version))


def _plain_quoting(line: Line, version: str) -> Line:
    """2.1 and 3.0 escape colons and quotes too, although nothing asks for it."""
    if version == "4.0" or "\\" not in line.value:
        return line
    return replace(line, value=re.sub(r'\\([:"])', r"\1", line.value))


def _in_version(line: Line, version: str) -> Line:
    if line.name not in PACKED:
        return line if version == "4.0" else _without_pref_number(line)
    params = [(name, value) for name, value in line.params if name not in ("ENCODING", "VALUE")]
    found = re.fullmatch(r"data:([\w.+-]+)/([\w.+-]+);base64,(.*)", line.value.replace("\\", ""))
    if version == "3.0" and found:
        media = ("TYPE", found[2].upper())
        return replace(line, value=found[3], params=(("ENCODING", "b"), media))
    if version == "4.0" and line.param("ENCODING"):
        kind = next((v.lower() for n, v in params if n == "TYPE"), "jpeg")
        return replace(line, value=f"data:{MEDIA[line.name]}/{kind};base64,{line.value}", params=())
    return line


def _without_pref_number(line: Line) -> Line:
    if not line.param("PREF"):
        return line
    params = tuple((n, v) for n, v in line.params if n != "PREF")
    return replace(line, params=(*params, ("TYPE", "PREF")))


def _refusal(message: str) -> InvalidInput:
    return InvalidInput({"file": [message]})
