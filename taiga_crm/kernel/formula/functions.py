"""The functions of formulas: over numbers, texts and days, each bounded in what it returns."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.kernel import clock
from taiga_crm.kernel.money import parse_amount

MANY = 20
MAX_TEXT = 2_000
MAX_PLACES = 10


class ValueRefused(ValueError):
    """A function got a value that it cannot take."""


def number(value: Any) -> Decimal:
    """Return a number; refuse everything else."""
    if not isinstance(value, Decimal):
        raise ValueRefused(_("A number is expected, not %s.") % named(value))
    return value


def day(value: Any) -> datetime.date:
    """Return the day of a date or a moment."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if not isinstance(value, datetime.date):
        raise ValueRefused(_("A date is expected, not %s.") % named(value))
    return value


def flag(value: Any) -> bool:
    """Return yes or no; nothing counts as no."""
    if value is None:
        return False
    if not isinstance(value, bool):
        raise ValueRefused(_("Yes or no is expected, not %s.") % named(value))
    return value


def text(value: Any) -> str:
    """Return a value as text: nothing as an empty one, a number without trailing zeros."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return bounded(value.isoformat() if isinstance(value, datetime.date) else str(value))


def bounded(value: str) -> str:
    """Refuse a text that grew too long."""
    if len(value) > MAX_TEXT:
        raise ValueRefused(_("The text has more than %d characters.") % MAX_TEXT)
    return value


def named(value: Any) -> str:
    """Return how people call what the value is."""
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes or no")
    if isinstance(value, Decimal):
        return _("a number")
    if isinstance(value, datetime.date):
        return _("a date")
    return _("a text")


def whole(value: Any, low: int = -1_000_000, high: int = 1_000_000) -> int:
    """Return a whole number within bounds."""
    found = number(value)
    if found != found.to_integral_value() or not low <= found <= high:
        limits = {"low": low, "high": high}
        raise ValueRefused(_("A whole number from %(low)d to %(high)d is expected.") % limits)
    return int(found)


def rounded(value: Any, places: Any = None) -> Decimal:
    """Round half up to a number of decimals."""
    digits = 0 if places is None else whole(places, 0, MAX_PLACES)
    return number(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def moved(value: Any, months: int) -> datetime.date:
    """Return a day some months later; the last of a shorter month instead of the 31st."""
    start = day(value)
    count = start.year * 12 + start.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        raise ValueRefused(_("This date is too far away."))
    return datetime.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def later(value: Any, days: Any) -> datetime.date:
    """Return a day some days later."""
    try:
        return day(value) + datetime.timedelta(days=whole(days, -4_000_000, 4_000_000))
    except OverflowError as error:
        raise ValueRefused(_("This date is too far away.")) from error


def months_between(first: Any, last: Any) -> Decimal:
    """Return the whole months from one day to another."""
    start, end = day(first), day(last)
    if end < start:
        return -months_between(last, first)
    return Decimal((end.year - start.year) * 12 + end.month - start.month - (end.day < start.day))


def made(year: Any, month: Any, of_month: Any) -> datetime.date:
    """Return the day of a calendar."""
    try:
        return datetime.date(whole(year), whole(month), whole(of_month))
    except ValueError as error:
        if isinstance(error, ValueRefused):
            raise
        raise ValueRefused(_("There is no such date.")) from error


def to_number(value: Any) -> Decimal:
    """Read a number from a text."""
    if not isinstance(value, str):
        return number(value)
    try:
        return parse_amount(value.strip())
    except ValueError as error:
        raise ValueRefused(_("A number is expected, not %s.") % named(value)) from error


def least(*values: Any) -> Any:
    """Return the smallest of what is there."""
    return _extreme(min, values)


def greatest(*values: Any) -> Any:
    """Return the largest of what is there."""
    return _extreme(max, values)


def _extreme(choose: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    there = [one for one in values if one is not None]
    if not there:
        return None
    if all(isinstance(one, Decimal) for one in there):
        return choose(there)
    return choose(day(one) for one in there)


def begins(value: Any, part: Any) -> bool:
    """Say whether a text begins with another, whatever the case."""
    return text(value).casefold().startswith(text(part).casefold())


def joined(*values: Any) -> str:
    """Return the values one behind the other."""
    return bounded("".join(text(one) for one in values))


# What needs its values: with nothing among them the result is nothing.
STRICT: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "round": (1, 2, rounded),
    "floor": (1, 1, lambda value: number(value).to_integral_value(ROUND_FLOOR)),
    "ceil": (1, 1, lambda value: number(value).to_integral_value(ROUND_CEILING)),
    "abs": (1, 1, lambda value: abs(number(value))),
    "number": (1, 1, to_number),
    "days_between": (2, 2, lambda first, last: Decimal((day(last) - day(first)).days)),
    "months_between": (2, 2, months_between),
    "years_between": (2, 2, lambda first, last: Decimal(int(months_between(first, last) / 12))),
    "add_days": (2, 2, later),
    "add_months": (2, 2, lambda value, months: moved(value, whole(months, -120_000, 120_000))),
    "date": (3, 3, made),
    "year": (1, 1, lambda value: Decimal(day(value).year)),
    "month": (1, 1, lambda value: Decimal(day(value).month)),
    "day": (1, 1, lambda value: Decimal(day(value).day)),
}
# What takes nothing as an empty text, or leaves it out.
LENIENT: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "min": (1, MANY, least),
    "max": (1, MANY, greatest),
    "concat": (1, MANY, joined),
    "text": (1, 1, text),
    "length": (1, 1, lambda value: Decimal(len(text(value)))),
    "upper": (1, 1, lambda value: bounded(text(value).upper())),
    "lower": (1, 1, lambda value: bounded(text(value).lower())),
    "trim": (1, 1, lambda value: text(value).strip()),
    "left": (2, 2, lambda value, size: text(value)[: whole(size, 0, MAX_TEXT)]),
    "right": (2, 2, lambda value, size: text(value)[-whole(size, 1, MAX_TEXT) :]),
    "contains": (2, 2, lambda value, part: text(part).casefold() in text(value).casefold()),
    "starts_with": (2, 2, begins),
    "is_empty": (1, 1, lambda value: value is None or value == ""),
    "today": (0, 0, clock.today),
}  # fmt: skip
# What looks at its values one by one, so that only those are calculated that are needed.
LAZY = {"if": (2, 3), "coalesce": (1, MANY)}
ARITIES: dict[str, tuple[int, int]] = {
    **LAZY,
    **{name: (low, high) for name, (low, high, _run) in (STRICT | LENIENT).items()},
}
