"""Locale: what names, places, numbers and money look like in one country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Named = tuple[str, str]  # as written there, and in Latin letters for addresses


@dataclass(frozen=True, eq=False)
class Locale:
    """One country of the sample data.

    `forms` are patterns around {stem} and {trade}; `trades` maps an industry to how it is
    called in a company's name; in `phone`, `mobile`, `registration` and `vat` each # becomes a
    digit. `women` are first and last names where family names have a female form;
    `family_first` is a pattern for names written with the family name in front.
    """

    country: str
    currency: str
    companies: int
    forms: tuple[str, ...]
    stems: tuple[Named, ...]
    trades: Mapping[str, Named]
    cities: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    first_names: tuple[Named, ...]
    last_names: tuple[Named, ...]
    titles: tuple[str, ...]
    phone: str
    mobile: str
    revenue: tuple[int, int]
    address: str = "{street} {number}"
    registration: str = ""
    vat: str = ""
    women: tuple[tuple[Named, ...], ...] = ()
    family_first: str = ""


def latin(text: str) -> tuple[Named, ...]:
    """Return blank-separated words that are their own Latin form; _ stands for a blank."""
    return tuple((word.replace("_", " "),) * 2 for word in text.split())


def spelled(text: str) -> tuple[Named, ...]:
    """Return pairs written as native=latin."""
    pairs = (word.replace("_", " ").partition("=") for word in text.split())
    return tuple((native, spelling) for native, _equals, spelling in pairs)
