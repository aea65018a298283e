"""vCard text: content lines of versions 2.1, 3.0 and 4.0 read into one form, and written again.

Whatever the version, a line is kept with the escaping of 3.0 and 4.0 and without folding,
quoted-printable or charset, so that one writer serves all of them.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from taiga_crm.capabilities.csv_table import detect_encoding

FOLD = 75  # octets of a line, its end not counted
PHYSICAL = re.compile(rb"\r\n|\n|\r")
NAME = re.compile(r"(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)")
SEMICOLON, COMMA = re.compile(r"(?<!\\)((?:\\\\)*);"), re.compile(r"(?<!\\)((?:\\\\)*),")
CARET = {"^n": "\n", "^N": "\n", "^^": "^", "^'": '"'}
STRUCTURED = frozenset({"N", "ADR", "ORG", "GENDER", "CLIENTPIDMAP", "REQUEST-STATUS"})
BARE_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B"})
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Line:
    """One property: its name in capitals, its parameters, its value with 3.0's escaping."""

    name: str
    value: str
    params: tuple[tuple[str, str], ...] = ()
    group: str = ""

    def types(self) -> set[str]:
        """Return the TYPE parameters in small letters, "pref" also for 4.0's PREF."""
        found = {value.lower() for name, value in self.params if name == "TYPE"}
        if any(name == "PREF" for name, _value in self.params):
            found.add("pref")
        return found

    def param(self, name: str) -> str:
        """Return the first value of a parameter, else nothing."""
        return next((value for one, value in self.params if one == name), "")

    def text(self) -> str:
        """Return the value as a person reads it."""
        return unescaped(self.value)

    def parts(self) -> list[str]:
        """Return the components of a structured value, as a person reads them."""
        return [unescaped(part) for part in split(self.value, SEMICOLON)]


def split(value: str, sign: re.Pattern[str]) -> list[str]:
    """Cut at a sign that is not escaped."""
    return sign.sub(lambda found: f"{found[1]}\x00", value).split("\x00")


def escaped(text: str) -> str:
    """Return a text as a value."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    return text.replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def unescaped(value: str) -> str:
    """Return a value as a text."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def structured(parts: list[str]) -> str:
    """Return components as one value."""
    return ";".join(escaped(part) for part in parts)


def read_lines(content: bytes) -> Iterator[Line | str]:
    """Yield the lines of a file; what is no line at all comes as its bare text."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    encoding = detect_encoding([content])
    if encoding.startswith("utf-16"):
        content, encoding = content.decode(encoding, "replace").encode(), "utf-8"
    for raw in _unfolded(content):
        line = _line(raw, encoding)
        yield line if line is not None else raw.decode(encoding, "replace")[:200]


def write_line(line: Line) -> bytes:
    """Return one line, folded, with its end."""
    params = "".join(f";{name}={_param(value)}" for name, value in line.params)
    group = f"{line.group}." if line.group else ""
    return _folded(f"{group}{line.name}{params}:{line.value}")


def _unfolded(content: bytes) -> Iterator[bytes]:
    """Join lines that were folded: by a blank, by quoted-printable's =, or bare base64."""
    current: list[bytes] = []
    soft = base64 = False
    for line in PHYSICAL.split(content):
        if soft:
            current.append(line)
        elif current and line[:1] in (b" ", b"\t"):
            current.append(line[1:])
        elif base64 and line and b":" not in line:
            current.append(line)
        else:
            if current and current[0]:
                yield b"".join(current)
            current = [line]
            head = line.partition(b":")[0].upper()
            base64 = b"BASE64" in head or b"ENCODING=B" in head
        quoted = b"QUOTED-PRINTABLE" in current[0].partition(b":")[0].upper()
        soft = quoted and line.endswith(b"=")
        if soft:
            current[-1] = current[-1] + b"\r\n"
    if current and current[0]:
        yield b"".join(current)


def _line(raw: bytes, encoding: str) -> Line | None:
    head, colon, value = _cut(raw)
    names = head.decode(encoding, "replace").split(";") if b'"' not in head else _quoted(head)
    found = NAME.fullmatch(names[0].strip())
    if not colon or found is None:
        return None
    name = found[2].upper()
    params = [pair for text in names[1:] for pair in _params(text)]
    text, params = _decoded(name, value, params, encoding)
    return Line(name, CONTROL.sub("", text), tuple(params), found[1] or "")


def _cut(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Cut at the first colon outside quotes."""
    inside = False
    for place, sign in enumerate(raw[:5_000]):
        if sign == 0x22:
            inside = not inside
        elif sign == 0x3A and not inside:
            return raw[:place], b":", raw[place + 1 :]
    return raw.partition(b":")


def _quoted(head: bytes) -> list[str]:
    text = head.decode("utf-8", "replace")
    return [one for one in re.findall(r'(?:[^;"]|"[^"]*")+', text) if one]


def _params(text: str) -> list[tuple[str, str]]:
    """Return (name, value) pairs; 2.1 writes bare types, and lists are cut into pairs."""
    name, equals, value = text.partition("=")
    name = name.strip().upper()
    if not equals:
        return [("ENCODING" if name in BARE_ENCODINGS else "TYPE", text.strip())] if name else []
    values = re.findall(r'"[^"]*"|[^,"]+', value)
    plain = [
        re.sub(r"\^[nN^']", lambda f: CARET[str(f[0])], one.strip().strip('"')) for one in values
    ]
    if name == "TYPE":
        plain = [part for one in plain for part in one.split(",") if part]
    return [(name, one) for one in plain]


def _decoded(
    name: str, value: bytes, params: list[tuple[str, str]], encoding: str
) -> tuple[str, list[tuple[str, str]]]:
    """Return the value with 3.0's escaping and the parameters that still say something."""
    coding = next((one.upper() for key, one in params if key == "ENCODING"), "")
    charset = next((one for key, one in params if key == "CHARSET"), "")
    rest = [(key, one) for key, one in params if key not in ("ENCODING", "CHARSET")]
    if coding in ("BASE64", "B"):
        packed = re.sub(r"\s", "", value.decode("ascii", "ignore"))
        return packed, [("ENCODING", "b"), *rest]
    if coding == "QUOTED-PRINTABLE":
        return _quoted_text(name, _text(quopri.decodestring(value), charset, encoding)), rest
    return _text(value, charset, encoding).strip("\r\n"), rest


def _quoted_text(name: str, text: str) -> str:
    """2.1 escapes nothing but the semicolon; its lists are cut by semicolons alone."""
    if name in STRUCTURED:
        return ";".join(escaped(unescaped(part)) for part in split(text, SEMICOLON))
    return escaped(text.replace("\\;", ";"))


def _text(value: bytes, charset: str, encoding: str) -> str:
    for one in (charset, "utf-8", encoding):
        with suppress(UnicodeDecodeError, LookupError):
            if one:
                return value.decode(one)
    return value.decode("latin-1")


def _param(value: str) -> str:
    value = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{value}"' if re.search(r"[:;,]", value) else value


def _folded(text: str) -> bytes:
    """Cut into lines of at most FOLD octets, never inside a character."""
    lines, rest, room = [], text.encode(), FOLD
    while len(rest) > room:
        end = room
        while rest[end] & 0xC0 == 0x80:
            end -= 1
        lines.append(rest[:end])
        rest, room = rest[end:], FOLD - 1  # the blank counts
    lines.append(rest)
    return b"\r\n ".join(lines) + b"\r\n"
