"""E-mails and phones in cards: our types and vCard's, which has many more."""

from __future__ import annotations

from typing import Any

from taiga_crm.capabilities.vcard_text import Line, escaped

TEL_TYPES = {
    "fax": ("FAX",), "mobile": ("CELL",), "home": ("HOME", "VOICE"), "work": ("WORK", "VOICE"),
    "other": ("VOICE",),
}  # fmt: skip
EMAIL_TYPES = {"work": ("WORK",), "home": ("HOME",), "other": ()}


def type_of(prop: str, line: Line) -> str:
    """Return our type of an address or number."""
    types = line.types()
    if prop == "TEL" and "fax" in types:
        return "fax"
    if prop == "TEL" and types & {"cell", "iphone", "mobile"}:
        return "mobile"
    if "home" in types:
        return "home"
    if "work" in types or (prop == "EMAIL" and not types & {"other"}):
        return "work"
    return "other"


def channel_line(prop: str, row: dict[str, Any], version: str) -> Line:
    """Return the line of an address or number."""
    types: Any = (TEL_TYPES if prop == "TEL" else EMAIL_TYPES).get(row["type"], ())
    if version == "3.0":
        types = (*types, *(("INTERNET",) if prop == "EMAIL" else ()))
        types = (*types, *(("PREF",) if row["is_primary"] else ()))
        return Line(prop, escaped(row["value"]), tuple(("TYPE", one) for one in types))
    params = tuple(("TYPE", one.lower()) for one in types)
    pref = (("PREF", "1"),) if row["is_primary"] else ()
    return Line(prop, escaped(row["value"]), (*params, *pref))
