"""Numbers as people write them: 1,234.50 or 1.234,50 or 12 000 Kč, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

from taiga_crm.kernel.money import MAX_AMOUNT, parse_amount, rounded

SYMBOLS = {"€": "EUR", "$": "USD", "₩": "KRW", "£": "GBP", "¥": "JPY", "Kč": "CZK", "zł": "PLN"}
CURRENCY = re.compile(r"^([A-Z]{3})\b|\b([A-Z]{3})$")
BLANKS = re.compile(r"[\s\u00a0\u202f']")
PLAIN = re.compile(r"([+-]?\d+)(?:[.,](\d+))?")
WHOLE_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
GROUPED = re.compile(r"([+-]?\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?")


def read_whole(text: str, point: str = "") -> int:
    """Return a whole number; a group sign before each three digits is allowed."""
    plain = BLANKS.sub("", text)
    grouped = None if point else GROUPED.fullmatch(plain)
    if grouped and grouped[3] is None:
        return int(_digits(grouped[1]))
    number = read_amount(plain, point)
    if number != number.to_integral_value():
        raise ValueError(text)
    return int(number)


def read_amount(text: str, point: str = "") -> Decimal:
    """Return a decimal: 1.234 has three decimals, 1,234 is more than a thousand.

    With `point`, "." or ",", that sign alone begins the decimals and the other one groups.
    """
    plain = BLANKS.sub("", text)
    if point:
        return _with_point(plain, point)
    found = GROUPED.fullmatch(plain)
    if found and not _is_one_point(plain):
        return parse_amount(f"{_digits(found[1])}.{found[3] or 0}")
    found = PLAIN.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    return parse_amount(f"{found[1]}.{found[2] or 0}")


def read_money(text: str, scale: int, currency: str, point: str = "") -> tuple[Decimal, str]:
    """Return (amount, currency); a symbol or code in the text wins over the given currency."""
    for symbol, code in SYMBOLS.items():
        if symbol in text:
            text, currency = text.replace(symbol, ""), code
    text = text.strip()
    code_found = CURRENCY.search(text)
    if code_found:
        currency = code_found[0]
        text = CURRENCY.sub("", text).strip()
    amount = rounded(read_amount(text, point) * scale, currency)
    if abs(amount) > MAX_AMOUNT:
        raise ValueError(text)
    return amount, currency


def _with_point(plain: str, point: str) -> Decimal:
    other = "," if point == "." else "."
    whole, _point, decimals = plain.partition(point)
    if other in whole and not WHOLE_GROUPED.fullmatch(whole.replace(other, ",")):
        raise ValueError(plain)
    if not decimals.isdigit() and _point:
        raise ValueError(plain)
    return parse_amount(f"{whole.replace(other, '')}.{decimals or 0}")


def _is_one_point(plain: str) -> bool:
    return plain.count(".") == 1 and "," not in plain


def _digits(text: str) -> str:
    return re.sub("[.,]", "", text)
