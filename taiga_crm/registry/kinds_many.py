"""Kinds that point elsewhere or hold several values: links, tags, e-mails, phones."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from taiga_crm.registry.entity import Field
from taiga_crm.registry.kind import Kind, ValueFault, checked_text


class Link(Kind):
    """Another row, by id; whether the person may see it is decided where it is saved."""

    key = "link"
    operators: ClassVar[tuple[str, ...]] = ("exact", "not", "contains", "excludes", "empty")
    listable = True
    empty = None

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept an id, its text, or {"id": …}."""
        if isinstance(raw, dict):
            raw = raw.get("id")
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not re.fullmatch(r"[1-9][0-9]{0,17}", str(raw)):
            raise ValueFault(_("Choose one from the list."))
        return int(raw)


class Links(Link):
    """Several other rows, by id."""

    key = "links"
    operators = ("exact",)
    columnar = False
    maximum: ClassVar[int] = 500

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept a list of ids or {"id": …}, without doubles."""
        if raw is None:
            return []
        if not isinstance(raw, list) or len(raw) > self.maximum:
            raise ValueFault(_("A list of at most %d is expected.") % self.maximum)
        return list(dict.fromkeys(super(Links, self).parse(field, item) for item in raw))

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Accept one id."""
        return super().parse(field, raw)


class Tags(Kind):
    """Several of a fixed list."""

    key = "tags"
    operators = ("exact", "not", "empty")
    listable = True
    empty: ClassVar[Any] = ()

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept a list of declared values."""
        allowed = {choice.value for choice in field.choices}
        if raw is None:
            return []
        if not isinstance(raw, list) or any(
            not isinstance(i, str) or i not in allowed for i in raw
        ):
            raise ValueFault(_("This is not one of the choices."))
        return list(dict.fromkeys(raw))

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Accept one declared value."""
        return self.parse(field, [raw])[0]

    def show(self, value: Any) -> Any:
        """Return a list, an empty one for nothing."""
        return list(value or ())

    def load(self, raw: Any) -> Any:
        """Return the list."""
        return list(raw or ())

    def text(self, field: Field, value: Any) -> str:
        """Return the labels, separated by commas."""
        labels = {choice.value: str(choice.label) for choice in field.choices}
        return ", ".join(labels.get(one, one) for one in value or ())


class Channels(Kind):
    """E-mails or phones: child rows of {"value", "type", "is_primary"}."""

    operators = ()
    columnar = False
    maximum: ClassVar[int] = 20

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept a list of values or of {"value", "type", "is_primary"}; one primary results."""
        if raw is None:
            return []
        if not isinstance(raw, list) or len(raw) > self.maximum:
            raise ValueFault(_("A list of at most %d is expected.") % self.maximum)
        rows = [self._row(field, item) for item in raw]
        rows = [row for row in rows if row["value"]]
        primary = next((i for i, row in enumerate(rows) if row["is_primary"]), 0)
        return [{**row, "is_primary": i == primary} for i, row in enumerate(rows)]

    def _row(self, field: Field, item: Any) -> dict[str, Any]:
        if isinstance(item, str):
            item = {"value": item}
        if not isinstance(item, dict) or not isinstance(item.get("value", ""), str):
            raise ValueFault(_("A text is expected."))
        types = [choice.value for choice in field.choices]
        kind = item.get("type") or types[0]
        if kind not in types:
            raise ValueFault(_("This is not one of the choices."))
        value = checked_text(field, item.get("value", "").strip())
        if value:
            self.check(value)
        return {"value": value, "type": kind, "is_primary": item.get("is_primary") is True}

    def check(self, value: str) -> None:
        """Refuse a value that cannot be one of these."""

    def text(self, field: Field, value: Any) -> str:
        """Return the values, the primary first."""
        ordered = sorted(value or (), key=lambda row: not row["is_primary"])
        return ", ".join(row["value"] for row in ordered)


class Emails(Channels):
    """E-mail addresses."""

    key = "emails"

    def check(self, value: str) -> None:
        """Require something@domain without blanks."""
        checked_email(value)


class Phones(Channels):
    """Phone numbers."""

    key = "phones"

    def check(self, value: str) -> None:
        """Require at least three digits and nothing but what people write in numbers."""
        checked_phone(value)


class Email(Kind):
    """One e-mail address."""

    key = "email"
    operators = ("exact", "contains", "empty")

    def parse(self, field: Field, raw: Any) -> Any:
        """Require something@domain without blanks, or nothing."""
        return checked_email(str(super().parse(field, raw)))

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Accept a part of an address."""
        return super().parse(field, raw)


class Phone(Kind):
    """One phone number, as it was typed."""

    key = "phone"
    operators = ("exact", "contains", "empty")

    def parse(self, field: Field, raw: Any) -> Any:
        """Require at least three digits, or nothing."""
        return checked_phone(str(super().parse(field, raw)))

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Accept a part of a number."""
        return super().parse(field, raw)


def checked_email(value: str) -> str:
    """Return the address, or nothing; refuse what cannot be one."""
    found = re.fullmatch(r"[^@\s<>\"(),;:]+@[^@\s<>\"(),;:]+", value)
    if value and (not found or value.endswith(".")):
        raise ValueFault(_("“%s” is not an e-mail address.") % value)
    return value


def checked_phone(value: str) -> str:
    """Return the number, or nothing; refuse what cannot be one."""
    found = re.fullmatch(r"[\d\s+()/.\-#*extEXT]{3,40}", value)
    if value and (not found or len(re.findall(r"\d", value)) < 3):
        raise ValueFault(_("“%s” is not a phone number.") % value)
    return value
