"""Money: Decimal only, ISO 4217 minor units, one rounding rule (half up)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 minor units that differ from 2.
MINOR_UNITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    "CLF": 4,
    "UYW": 4,
}
DEFAULT_MINOR_UNITS = 2
PLAIN = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?")
MAX_AMOUNT = Decimal(10) ** 14 - 1  # rounding it up still fits numeric(18, 4)


def minor_units(currency: str) -> int:
    """Return the number of decimals of an ISO 4217 currency."""
    return MINOR_UNITS.get(currency, DEFAULT_MINOR_UNITS)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's minor unit."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)


def parse_amount(text: str) -> Decimal:
    """Read a plain decimal text like "-1234.50"; raise ValueError for anything else."""
    if not PLAIN.fullmatch(text):
        raise ValueError(text)
    amount = Decimal(text)
    if abs(amount) > MAX_AMOUNT:
        raise ValueError(text)
    return amount
