"""Field kinds: how a value is read from JSON or the URL, shown, and written as text.

Each kind is declared once; the front mirrors it in front/src/kinds.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.registry.countries import country_codes, country_name
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kind import CONTROL, Kind, ValueFault
from taiga_crm.registry.kinds_many import Email, Emails, Link, Links, Phone, Phones, Tags
from taiga_crm.registry.kinds_numbers import DecimalKind, Integer, Money, MoneyKind

__all__ = ["CONTROL", "KINDS", "Kind", "Money", "ValueFault", "kind_of"]

COLOR = re.compile(r"#[0-9a-f]{6}")
TRUE, FALSE = ("true", "1"), ("false", "0")


class LongText(Kind):
    """Several lines."""

    key = "long_text"
    operators = ("contains", "excludes", "empty")


class Url(Kind):
    """A web address; a missing scheme is allowed, a script is not."""

    key = "url"
    operators = ("exact", "contains", "excludes", "starts", "empty")

    def parse(self, field: Field, raw: Any) -> Any:
        """Refuse every scheme but http and https, and blanks inside."""
        text = str(super().parse(field, raw))
        scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d)", text)
        if re.search(r"[\s<>\"']", text) or (
            scheme and scheme.group(1).lower() not in ("http", "https")
        ):
            raise ValueFault(_("This is not a web address."))
        return text


class Boolean(Kind):
    """Yes or no."""

    key = "boolean"
    operators = ("exact",)
    empty = False

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept true or false."""
        if raw is None:
            return bool(field.default)
        if not isinstance(raw, bool):
            raise ValueFault(_("Yes or no is expected."))
        return raw

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Accept true, false, 1, 0."""
        if raw.lower() not in (*TRUE, *FALSE):
            raise ValueFault(_("Yes or no is expected."))
        return raw.lower() in TRUE

    def text(self, field: Field, value: Any) -> str:
        """Return yes or no in the reader's language."""
        return _("yes") if value else _("no")


class Date(Kind):
    """A calendar day."""

    key = "date"
    operators = ("exact", "gte", "lte", "between", "within", "empty")
    empty = None

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept YYYY-MM-DD."""
        if raw is None or raw == "":
            return None
        try:
            return datetime.date.fromisoformat(str(raw)[:10])
        except ValueError as error:
            raise ValueFault(_("A date like 2026-01-31 is expected.")) from error

    def show(self, value: Any) -> Any:
        """Return ISO 8601."""
        return None if value is None else value.isoformat()

    def load(self, raw: Any) -> Any:
        """Return the day."""
        return None if raw is None else datetime.date.fromisoformat(raw)


class Datetime(Date):
    """A moment in UTC; filters compare whole days."""

    key = "datetime"

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept ISO 8601, in UTC where it names no zone; seconds are the finest."""
        if raw is None or raw == "":
            return None
        text = str(raw).strip()
        try:
            moment = datetime.datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=datetime.timezone.utc)
            return moment.astimezone(datetime.timezone.utc).replace(microsecond=0)
        except (ValueError, OverflowError) as error:
            raise ValueFault(_("A moment like 2026-01-31T09:30Z is expected.")) from error

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Accept a day."""
        return super().parse(field, raw)

    def load(self, raw: Any) -> Any:
        """Return the moment."""
        return self.parse(Field("", self.key), raw)

    def text(self, field: Field, value: Any) -> str:
        """Return ISO 8601."""
        return self.show(value) or ""

    def show(self, value: Any) -> Any:
        """Return ISO 8601 in UTC with a Z, as Taiga does."""
        if value is None:
            return None
        return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


class ChoiceKind(Kind):
    """One of a fixed list."""

    key = "choice"
    operators = ("exact", "not", "empty")
    listable = True

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept a declared value; one that may be empty does not fall back to its default."""
        if raw is None or raw == "":
            return "" if field.nullable else field.default or ""
        if not isinstance(raw, str) or raw not in {choice.value for choice in field.choices}:
            raise ValueFault(_("This is not one of the choices."))
        return raw

    def text(self, field: Field, value: Any) -> str:
        """Return the label."""
        return next((str(c.label) for c in field.choices if c.value == value), str(value or ""))


class Country(Kind):
    """An ISO 3166 alpha-2 code."""

    key = "country"
    operators = ("exact", "not", "empty")
    listable = True

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept a code in any case."""
        if raw is None or raw == "":
            return ""
        code = raw.strip().upper() if isinstance(raw, str) else ""
        if code not in country_codes():
            raise ValueFault(_("Choose a country."))
        return code

    def text(self, field: Field, value: Any) -> str:
        """Return the country's name in the reader's language."""
        return country_name(value) if value else ""


class Color(Kind):
    """A color like #83eede."""

    key = "color"
    operators = ("exact",)

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept six hexadecimal digits after a #."""
        text = str(super().parse(field, raw)).lower()
        if text and not COLOR.fullmatch(text):
            raise ValueFault(_("A color like #83eede is expected."))
        return text


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(), LongText(), Url(), Integer(), DecimalKind(), MoneyKind(), Boolean(), Date(),
        Datetime(), ChoiceKind(), Country(), Color(), Link(), Links(), Tags(), Emails(), Phones(),
        Email(), Phone(),
    )
}  # fmt: skip


def kind_of(field: Field) -> Kind:
    """Return the kind of a field."""
    return KINDS[field.kind]
