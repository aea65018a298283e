"""Numbers as people write them: 1,234.50 or 1.234,50 or 12 000 Kč, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

from taiga_crm.kernel.money import parse_amount, rounded

SYMBOLS = {"€": "EUR", "$": "USD", "₩": "KRW", "£": "GBP", "¥": "JPY", "Kč": "CZK", "zł": "PLN"}
CURRENCY = re.compile(r"^([A-Z]{3})\b|\b([A-Z]{3})$")
GROUPED = re.compile(r"[+-]?\d{1,3}([.,' \u00a0\u202f])\d{3}(?:\1\d{3})*")
BLANKS = re.compile(r"[\s\u00a0\u202f']")


def read_whole(text: str) -> int:
    """Return a whole number; a group sign before each three digits is allowed."""
    if GROUPED.fullmatch(text):
        return int(re.sub(r"[^\d+-]", "", text))
    number = read_amount(text)
    if number != number.to_integral_value():
        raise ValueError(text)
    return int(number)


def read_amount(text: str) -> Decimal:
    """Return a decimal; the last of two signs, or a lone comma, separates the decimals."""
    plain = BLANKS.sub("", text)
    last = max(plain.rfind("."), plain.rfind(","))
    sign = plain[last] if last >= 0 else ""
    if sign and (plain.count(sign) > 1 or (sign == "," and _ends_a_group(plain, last))):
        return parse_amount(plain.replace(",", "").replace(".", ""))
    if sign:
        whole, decimals = plain[:last], plain[last + 1 :]
        plain = f"{re.sub('[.,]', '', whole)}.{decimals}"
    return parse_amount(plain)


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


def _ends_a_group(plain: str, last: int) -> bool:
    """A lone comma before exactly three digits is a group sign: 1,234 is a thousand and more."""
    return "." not in plain and len(plain) - last == 4
