"""Kind: the common ground of all field kinds, a text stored as it was typed."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from taiga_crm.registry.entity import Field
from taiga_crm.registry.patterns import matches

MAX_TEXT = 20_000
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class ValueFault(ValueError):
    """A value that cannot be taken; the message is for the person who typed it."""


class Kind:
    """The common ground: text-like, any value stored as it was parsed."""

    key: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = (
        "exact", "not", "contains", "excludes", "starts", "empty",
    )  # fmt: skip
    listable: ClassVar[bool] = False
    columnar: ClassVar[bool] = True
    empty: ClassVar[Any] = ""

    def parse(self, field: Field, raw: Any) -> Any:
        """Return the value to store; raise ValueFault."""
        if raw is None:
            return self.empty
        if not isinstance(raw, str):
            raise ValueFault(_("A text is expected."))
        return checked_text(field, raw.strip())

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Return the value of a URL filter; raise ValueFault."""
        return self.parse(field, raw)

    def show(self, value: Any) -> Any:
        """Return the JSON form."""
        return value

    def load(self, raw: Any) -> Any:
        """Return the value of a JSON form that `show` has made."""
        return self.empty if raw is None else raw

    def text(self, field: Field, value: Any) -> str:
        """Return what a person reads in history and exports."""
        return "" if value is None else str(value)


def checked_text(field: Field, text: str) -> str:
    if CONTROL.search(text):
        raise ValueFault(_("The text contains control characters."))
    limit = field.max_length or MAX_TEXT
    if len(text) > limit:
        raise ValueFault(
            _("At most %(limit)d characters, not %(count)d.") % {"limit": limit, "count": len(text)}
        )
    if field.pattern and text and not matches(field.pattern, text):
        raise ValueFault(_("This does not have the expected form."))
    return text
