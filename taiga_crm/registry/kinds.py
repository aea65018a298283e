"""Field kinds: how a value is read from JSON or the URL, shown, and written as text.

Each kind is declared once; the front mirrors it in front/src/kinds.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from taiga_crm.kernel.money import minor_units, parse_amount, rounded
from taiga_crm.registry.countries import country_codes, country_name
from taiga_crm.registry.entity import Field

MAX_TEXT = 20_000
MAX_INTEGER = 2**31 - 1
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
COLOR = re.compile(r"#[0-9a-f]{6}")
CURRENCY = re.compile(r"[A-Z]{3}")
TRUE, FALSE = ("true", "1"), ("false", "0")


class ValueFault(ValueError):
    """A value that cannot be taken; the message is for the person who typed it."""


@dataclass(frozen=True)
class Money:
    """An amount in a currency, as stored."""

    amount: Decimal
    currency: str


class Kind:
    """The common ground: text-like, any value stored as it was parsed."""

    key: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = ("exact", "contains", "not", "empty")
    listable: ClassVar[bool] = False
    columnar: ClassVar[bool] = True
    empty: ClassVar[Any] = ""

    def parse(self, field: Field, raw: Any) -> Any:
        """Return the value to store; raise ValueFault."""
        if raw is None:
            return self.empty
        if not isinstance(raw, str):
            raise ValueFault(_("A text is expected."))
        return _checked_text(field, raw.strip())

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Return the value of a URL filter; raise ValueFault."""
        return self.parse(field, raw)

    def show(self, value: Any) -> Any:
        """Return the JSON form."""
        return value

    def text(self, field: Field, value: Any) -> str:
        """Return what a person reads in history and exports."""
        return "" if value is None else str(value)


def _checked_text(field: Field, text: str) -> str:
    if CONTROL.search(text):
        raise ValueFault(_("The text contains control characters."))
    limit = field.max_length or MAX_TEXT
    if len(text) > limit:
        raise ValueFault(_("At most %(limit)d characters, not %(count)d.") % {
            "limit": limit, "count": len(text)})
    return text


class LongText(Kind):
    """Several lines."""

    key = "long_text"
    operators = ("contains", "empty")


class Url(Kind):
    """A web address; a missing scheme is allowed, a script is not."""

    key = "url"
    operators = ("exact", "contains", "empty")

    def parse(self, field: Field, raw: Any) -> Any:
        """Refuse every scheme but http and https, and blanks inside."""
        text = str(super().parse(field, raw))
        scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d)", text)
        if re.search(r"[\s<>\"']", text) or (
            scheme and scheme.group(1).lower() not in ("http", "https")
        ):
            raise ValueFault(_("This is not a web address."))
        return text


class Integer(Kind):
    """A whole number within 32 bits, or the bounds of the field."""

    key = "integer"
    operators = ("exact", "gte", "lte", "empty")
    empty = None

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept an int or its text."""
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not re.fullmatch(r"-?\d{1,10}", str(raw).strip()):
            raise ValueFault(_("A whole number is expected."))
        number = int(raw)
        low = -MAX_INTEGER if field.minimum is None else field.minimum
        high = MAX_INTEGER if field.maximum is None else field.maximum
        if not low <= number <= high:
            raise ValueFault(
                _("A number from %(low)d to %(high)d is expected.") % {"low": low, "high": high}
            )
        return number


class DecimalKind(Kind):
    """A decimal number, sent as text so that no digit is lost."""

    key = "decimal"
    operators = ("exact", "gte", "lte", "empty")
    empty = None

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept a decimal text or an int; floats are refused."""
        if raw is None or raw == "":
            return None
        if isinstance(raw, (float, bool)):
            raise ValueFault(_("Send the number as text."))
        try:
            return parse_amount(str(raw).strip())
        except ValueError as error:
            raise ValueFault(_("A number is expected.")) from error

    def show(self, value: Any) -> Any:
        """Return a plain decimal text."""
        return None if value is None else format(value, "f")


class MoneyKind(Kind):
    """An amount with its ISO 4217 currency, rounded half up to the minor unit."""

    key = "money"
    operators = ("gte", "lte", "empty")
    empty = None

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept {"amount": "12.50", "currency": "EUR"} or null."""
        if raw is None or raw == "" or (isinstance(raw, dict) and raw.get("amount") in (None, "")):
            return None
        if not isinstance(raw, dict) or set(raw) - {"amount", "currency"}:
            raise ValueFault(_("An amount and a currency are expected."))
        currency = str(raw.get("currency") or "").upper()
        if not CURRENCY.fullmatch(currency):
            raise ValueFault(_("Choose a currency."))
        if isinstance(raw["amount"], (float, bool)):
            raise ValueFault(_("Send the amount as text."))
        try:
            amount = parse_amount(str(raw["amount"]).strip())
        except ValueError as error:
            raise ValueFault(_("An amount is expected.")) from error
        return Money(rounded(amount, currency), currency)

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Compare amounts only; the currency is a filter of its own."""
        try:
            return parse_amount(raw)
        except ValueError as error:
            raise ValueFault(_("An amount is expected.")) from error

    def show(self, value: Any) -> Any:
        """Return {"amount", "currency"} with the currency's decimals."""
        if value is None or value.amount is None:
            return None
        digits = minor_units(value.currency)
        return {"amount": f"{value.amount:.{digits}f}", "currency": value.currency}

    def text(self, field: Field, value: Any) -> str:
        """Return like "1234.50 EUR"."""
        shown = self.show(value)
        return f"{shown['amount']} {shown['currency']}" if shown else ""


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
    operators = ("exact", "gte", "lte", "empty")
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


class Datetime(Date):
    """A moment in UTC; filters compare whole days."""

    key = "datetime"

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
        """Accept a declared value."""
        if raw is None or raw == "":
            return field.default or ""
        if raw not in {choice.value for choice in field.choices}:
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


class Link(Kind):
    """Another row, by id; whether the person may see it is decided where it is saved."""

    key = "link"
    operators = ("exact", "not", "empty")
    listable = True
    empty = None

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept an id, its text, or {"id": …}."""
        if isinstance(raw, dict):
            raw = raw.get("id")
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not re.fullmatch(r"\d{1,18}", str(raw)):
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
    operators = ()

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept a list of declared values."""
        allowed = {choice.value for choice in field.choices}
        if raw is None:
            return []
        if not isinstance(raw, list) or any(not isinstance(i, str) or i not in allowed for i in raw):
            raise ValueFault(_("This is not one of the choices."))
        return list(dict.fromkeys(raw))

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
        value = _checked_text(field, item.get("value", "").strip())
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
        if not re.fullmatch(r"[^@\s<>\"(),;:]+@[^@\s<>\"(),;:]+", value) or value.endswith("."):
            raise ValueFault(_("“%s” is not an e-mail address.") % value)


class Phones(Channels):
    """Phone numbers."""

    key = "phones"

    def check(self, value: str) -> None:
        """Require at least three digits and nothing but what people write in numbers."""
        if not re.fullmatch(r"[\d\s+()/.\-#*extEXT]{3,40}", value) or len(
            re.findall(r"\d", value)
        ) < 3:
            raise ValueFault(_("“%s” is not a phone number.") % value)


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(), LongText(), Url(), Integer(), DecimalKind(), MoneyKind(), Boolean(), Date(),
        Datetime(), ChoiceKind(), Country(), Color(), Link(), Links(), Tags(), Emails(), Phones(),
    )
}  # fmt: skip


def kind_of(field: Field) -> Kind:
    """Return the kind of a field."""
    return KINDS[field.kind]
