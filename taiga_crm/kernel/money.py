"""Money: Decimal only, ISO 4217 minor units, one rounding rule (half up)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

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
MAX_AMOUNT = Decimal(10) ** 14


def minor_units(currency: str) -> int:
    """Return the number of decimals of an ISO 4217 currency."""
    return MINOR_UNITS.get(currency, DEFAULT_MINOR_UNITS)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's minor unit."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)


def parse_amount(text: str) -> Decimal:
    """Read a plain decimal text like "-1234.50"; raise ValueError for anything else."""
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not amount.is_finite() or abs(amount) >= MAX_AMOUNT:
        raise ValueError(text)
    return amount
