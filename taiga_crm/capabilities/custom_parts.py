"""Parts of a definition that an administrator sends: texts, their variants, options, names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.registry.kind import CONTROL

MAX_OPTIONS = 200
MAX_LANGUAGES = 10
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
VALUE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
COLOR = re.compile(r"#[0-9a-f]{6}")

Faults = dict[str, list[str]]


class Fault(ValueError):
    """One refused part; the message is for the administrator."""


def slug(text: str, spare: str) -> str:
    """Return lower-case Latin letters, digits and single underscores, or the spare name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_") or spare


def unused(wanted: str, taken: Any) -> str:
    """Return the name, with a number behind it where it is taken."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}_{count}"
    return name


def read_text(limit: int, *, required: bool = False) -> Callable[[Any, Any], str]:
    """Return what reads a text of at most so many characters."""

    def read(raw: Any, row: Any) -> str:
        if raw is None:
            raw = ""
        if not isinstance(raw, str) or CONTROL.search(raw):
            raise Fault(_("A text is expected."))
        if len(raw.strip()) > limit:
            raise Fault(_("At most %d characters.") % limit)
        if required and not raw.strip():
            raise Fault(_("This field is required."))
        return raw.strip()

    return read


def read_texts(limit: int) -> Callable[[Any, Any], dict[str, str]]:
    """Return what reads a text for each language."""
    one_text = read_text(limit)

    def read(raw: Any, row: Any) -> dict[str, str]:
        if not isinstance(raw, dict) or len(raw) > MAX_LANGUAGES:
            raise Fault(_("A text for each language is expected."))
        if any(not LANGUAGE.fullmatch(code) for code in raw):
            raise Fault(_("A text for each language is expected."))
        return {code: text for code, one in raw.items() if (text := one_text(one, row))}

    return read


def read_choices(raw: Any) -> list[dict[str, Any]]:
    """Return options with a value each; the label makes it where none was sent."""
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise Fault(_("A list of options is expected."))
    if len(raw) > MAX_OPTIONS:
        raise Fault(_("At most %d options.") % MAX_OPTIONS)
    given = {str(one.get("value")) for one in raw if one.get("value")}
    found: dict[str, dict[str, Any]] = {}
    for place, one in enumerate(raw, 1):
        option = _option(one)
        option["value"] = option["value"] or unused(
            slug(option["label"], f"option_{place}"), given | found.keys()
        )
        if option["value"] in found:
            raise Fault(_("Two options have the same value: %s") % option["value"])
        found[option["value"]] = option
    labels = [one["label"].casefold() for one in found.values()]
    if len(labels) != len(set(labels)):
        raise Fault(_("Two options have the same label."))
    return list(found.values())


def _option(one: Mapping[str, Any]) -> dict[str, Any]:
    value, color = one.get("value") or "", str(one.get("color") or "").lower()
    if value and (not isinstance(value, str) or not VALUE.fullmatch(value) or len(value) > 60):
        raise Fault(_("The value of an option has small Latin letters, digits, - and _ only."))
    if color and not COLOR.fullmatch(color):
        raise Fault(_("A color like #83eede is expected."))
    return {
        "value": value,
        "label": read_text(120, required=True)(one.get("label"), None),
        "labels": read_texts(120)(one.get("labels") or {}, None),
        "color": color,
        "retired": one.get("retired") is True,
    }
