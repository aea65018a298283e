"""Kinds of numbers: integers, decimals and money, never floats."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.kernel.money import minor_units, parse_amount, rounded
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kind import Kind, ValueFault

MAX_INTEGER = 2**31 - 1
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Money:
    """An amount in a currency, as stored."""

    amount: Decimal
    currency: str


class Integer(Kind):
    """A whole number within 32 bits, or the bounds of the field."""

    key = "integer"
    operators = ("exact", "gte", "lte", "between", "empty")
    empty = None

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept an int or its text."""
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not re.fullmatch(r"-?\d{1,10}", str(raw).strip()):
            raise ValueFault(_("A whole number is expected."))
        number = int(raw)
        low = -MAX_INTEGER if field.minimum is None else int(field.minimum)
        high = MAX_INTEGER if field.maximum is None else int(field.maximum)
        if not low <= number <= high:
            raise ValueFault(
                _("A number from %(low)d to %(high)d is expected.") % {"low": low, "high": high}
            )
        return number


class DecimalKind(Kind):
    """A decimal number, sent as text so that no digit is lost."""

    key = "decimal"
    operators = ("exact", "gte", "lte", "between", "empty")
    empty = None

    def parse(self, field: Field, raw: Any) -> Any:
        """Accept a decimal text or an int; floats are refused."""
        if raw is None or raw == "":
            return None
        if isinstance(raw, (float, bool)):
            raise ValueFault(_("Send the number as text."))
        try:
            return _within(field, parse_amount(str(raw).strip()))
        except ValueFault:
            raise
        except ValueError as error:
            raise ValueFault(_("A number is expected.")) from error

    def parse_filter(self, field: Field, raw: str) -> Any:
        """Accept a number outside the bounds too."""
        return self.parse(replace(field, minimum=None, maximum=None), raw)

    def show(self, value: Any) -> Any:
        """Return a plain decimal text."""
        return None if value is None else format(value, "f")

    def load(self, raw: Any) -> Any:
        """Return the number."""
        return None if raw is None else Decimal(raw)


class MoneyKind(Kind):
    """An amount with its ISO 4217 currency, rounded half up to the minor unit."""

    key = "money"
    operators = ("gte", "lte", "between", "empty")
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
        return Money(_within(field, rounded(amount, currency)), currency)

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

    def load(self, raw: Any) -> Any:
        """Return the amount with its currency."""
        return None if raw is None else Money(Decimal(raw["amount"]), raw["currency"])

    def text(self, field: Field, value: Any) -> str:
        """Return like "1234.50 EUR"."""
        shown = self.show(value)
        return f"{shown['amount']} {shown['currency']}" if shown else ""


def _within(field: Field, number: Decimal) -> Decimal:
    if field.minimum is not None and number < field.minimum:
        raise ValueFault(_("At least %s is expected.") % field.minimum)
    if field.maximum is not None and number > field.maximum:
        raise ValueFault(_("At most %s is expected.") % field.maximum)
    return number
