"""Numbers as people write them: 1,234.50 or 1.234,50 or 12 000 Kč, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

from taiga_crm.kernel.money import parse_amount, rounded

SYMBOLS = {"€": "EUR", "$": "USD", "₩": "KRW", "£": "GBP", "¥": "JPY", "Kč": "CZK", "zł": "PLN"}
CURRENCY = re.compile(r"^([A-Z]{3})\b|\b([A-Z]{3})$")
BLANKS = re.compile(r"[\s\u00a0\u202f']")
PLAIN = re.compile(r"([+-]?\d+)(?:[.,](\d+))?")
GROUPED = re.compile(r"([+-]?\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?")


def read_whole(text: str) -> int:
    """Return a whole number; a group sign before each three digits is allowed."""
    plain = BLANKS.sub("", text)
    grouped = GROUPED.fullmatch(plain)
    if grouped and grouped[3] is None:
        return int(_digits(grouped[1]))
    number = read_amount(plain)
    if number != number.to_integral_value():
        raise ValueError(text)
    return int(number)


def read_amount(text: str) -> Decimal:
    """Return a decimal: 1.234 has three decimals, 1,234 is more than a thousand."""
    plain = BLANKS.sub("", text)
    found = GROUPED.fullmatch(plain)
    if found and not _is_one_point(plain):
        return parse_amount(f"{_digits(found[1])}.{found[3] or 0}")
    found = PLAIN.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    return parse_amount(f"{found[1]}.{found[2] or 0}")


def read_money(text: str, scale: int, currency: str) -> tuple[Decimal, str]:
    """Return (amount, currency); a symbol or code in the text wins over the given currency."""
    for symbol, code in SYMBOLS.items():
        if symbol in text:
            text, currency = text.replace(symbol, ""), code
    text = text.strip()
    code_found = CURRENCY.search(text)
    if code_found:
        currency = code_found[0]
        text = CURRENCY.sub("", text).strip()
    return rounded(read_amount(text) * scale, currency), currency


def _is_one_point(plain: str) -> bool:
    return plain.count(".") == 1 and "," not in plain


def _digits(text: str) -> str:
    return re.sub("[.,]", "", text)
