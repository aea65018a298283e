"""Cells as other programs leave them: signs for nothing, numbers a spreadsheet has changed."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from taiga_crm.registry.kinds import ValueFault

NOTHING = frozenset(
    ["-", "--", "–", "—", "n/a", "null", "(null)", "nan", "undefined", "#n/a", "#null!", "#value!",
     "#ref!", "#name?", "#div/0!", "#num!"]
)  # fmt: skip
LONGEST_NOTHING = max(map(len, NOTHING))
NAMED = frozenset({"choice", "tags", "boolean", "link", "links"})  # one of these may be called so
SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)
POINT_ZERO = re.compile(r"(\d{4,})\.0")


def is_nothing(kind: str, text: str) -> bool:
    """Say whether a cell only says that there is no value."""
    return len(text) <= LONGEST_NOTHING and text.casefold() in NOTHING and kind not in NAMED


def one_line(text: str) -> str:
    """Return a text of one line: cells may be broken where the field is not."""
    return " ".join(text.split()) if "\n" in text or "\r" in text else text


def several_lines(text: str) -> str:
    """Return a text whose lines end as ours do."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def whole_number(text: str) -> tuple[str, str]:
    """Return the digits that a number was typed with, and a doubt about what was read.

    ValueFault for a number whose digits a spreadsheet has lost.
    """
    if not text[:1].isdigit():
        return text, ""
    if SHORTENED.fullmatch(text):
        raise ValueFault(_("A spreadsheet has shortened this number: its column must be text."))
    found = POINT_ZERO.fullmatch(text)
    return (found[1], _("Read as %s.") % found[1]) if found is not None else (text, "")
