"""Countries: ISO 3166 codes and their names, from the Unicode CLDR through Babel."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


@lru_cache(maxsize=32)
def _names(language: str) -> dict[str, str]:
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return {
        code: name
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }


def country_codes() -> frozenset[str]:
    """Return every code that can be stored."""
    return frozenset(_names("en"))


def country_name(code: str, language: str | None = None) -> str:
    """Return the name in the language (the active one by default), the code when unknown."""
    return _names(language or get_language() or "en").get(code, code)


@lru_cache(maxsize=1)
def codes_by_name() -> dict[str, str]:
    """Return {lower-case English name: code}, for reading what people wrote."""
    return {name.casefold(): code for code, name in _names("en").items()}
