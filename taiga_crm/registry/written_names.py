"""Names as people misspell them: countries, industries, and how sure a reading is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from taiga_crm.kernel.text import folded, words
from taiga_crm.registry.countries import codes_by_name, country_codes, country_name

CLOSE = 0.85  # "Philipines" to "Philippines" is 0.95, "Germnay" to "Germany" 0.86
MARGIN = 0.03  # the second best must be that much worse
WORTH_A_PROPOSAL = 0.6

# what files in one's own language say, like Magyarország, Sverige or Россия
LANGUAGES = (
    "en", "ko", "cs", "de", "es", "fr", "it", "ja", "pl", "zh", "zh_Hant", "pt", "nl", "da", "sv",
    "nb", "fi", "is", "et", "lv", "lt", "sk", "sl", "hr", "sr", "sq", "hu", "ro", "bg", "el", "tr",
    "ru", "uk", "ar", "fa", "he", "th", "vi", "id",
)  # fmt: skip
OTHER_NAMES = {
    "usa": "US", "u s a": "US", "united states of america": "US", "uk": "GB",
    "great britain": "GB", "england": "GB", "scotland": "GB", "czech republic": "CZ", "čr": "CZ",
    "holland": "NL", "uae": "AE", "viet nam": "VN", "hong kong": "HK", "macau": "MO",
    "turkey": "TR", "burma": "MM", "ivory coast": "CI", "slovak republic": "SK",
    "republic of korea": "KR", "korea republic of": "KR", "south korea": "KR", "한국": "KR",
    "臺灣": "TW",
    "russian federation": "RU",
}  # fmt: skip
LIKELY_NAMES = {"korea": "KR"}  # most probably the South, but the file does not say so


@dataclass(frozen=True)
class Reading:
    """What a text was taken for: `value` None when nothing was close enough to take.

    `is_sure` is False for a reading that a person should look at; `proposal` is what came
    closest.
    """

    value: str | None
    is_sure: bool = True
    proposal: str = ""


def read_country(text: str) -> Reading:
    """Return the ISO code of a country written as code or name, or the closest English name."""
    if len(text) == 2 and text.upper() in country_codes():
        return Reading(text.upper())
    name = _key(text)
    if name in _codes():
        return Reading(_codes()[name])
    if name in LIKELY_NAMES:
        return Reading(LIKELY_NAMES[name], is_sure=False)
    reading = closest(name, codes_by_name())
    if not reading.proposal:
        return reading
    code = codes_by_name()[reading.proposal]
    return Reading(code if reading.value else None, is_sure=False, proposal=code)


def read_name(text: str, known: dict[str, str]) -> Reading:
    """Return the value of a name among {folded name: value}, or of the closest one."""
    exact = known.get(folded(text))
    if exact is not None:
        return Reading(exact)
    reading = closest(folded(text), known)
    if not reading.proposal:
        return reading
    value = known[reading.proposal]
    return Reading(value if reading.value else None, is_sure=False, proposal=value)


def closest(text: str, names: Iterable[str]) -> Reading:
    """Return the nearest name: taken when it is close and no other one is nearly as close."""
    ranked = sorted(((_likeness(text, name), name) for name in names), reverse=True)[:2]
    if not ranked or ranked[0][0] < WORTH_A_PROPOSAL:
        return Reading(None, is_sure=False)
    score, name = ranked[0]
    runner_up = ranked[1][0] if len(ranked) > 1 else 0.0
    is_close = score >= CLOSE and score - runner_up >= MARGIN
    return Reading(name if is_close else None, is_sure=False, proposal=name)


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, left, right).ratio()


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Return {name in words: code} over several languages, without names that are two countries
    in two of them (Kongo)."""
    named: dict[str, set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for code in country_codes():
            named[_key(country_name(code, language))].add(code)
    clear = {name: min(codes) for name, codes in named.items() if len(codes) == 1}
    english = {_key(country_name(code, "en")): code for code in country_codes()}
    return clear | english | OTHER_NAMES


def _key(name: str) -> str:
    return " ".join(word for word in words(name) if word != "and")
