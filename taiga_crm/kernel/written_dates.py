"""Dates as people write them: 2024-01-31, 31.1.2024, 1/31/24, 31 Jan 2024, 2024년 1월 31일."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

ORDERS = ("dmy", "mdy", "ymd")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar leden ledna janvier enero", "feb february februar únor února",
            "mar march märz březen března mars marzo", "apr april duben dubna avril abril",
            "may mai květen května mayo", "jun june juni červen června juin junio",
            "jul july juli červenec července juillet julio", "aug august srpen srpna août agosto",
            "sep sept september září septembre", "oct october okt oktober říjen října octobre",
            "nov november listopad listopadu novembre",
            "dec december dez dezember prosinec prosince",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
CLOCK = re.compile(r"[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?$")
ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
NUMBERS = re.compile(r"(\d{1,4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,4})\s*[.일]?")
NAMED = re.compile(r"(\d{1,2})\.?[\s-]+([^\W\d_]+)\.?,?[\s-]+(\d{2,4})")
NAMED_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
CENTURY = 70  # 69 is 2069, 70 is 1970


@dataclass(frozen=True)
class Day:
    """A day that was read; `is_sure` is False when day and month could stand for each other."""

    day: datetime.date
    is_sure: bool = True


def read_day(text: str, order: str = "") -> Day:
    """Return the day; ValueError when it is none. Without an order 1/2/2024 is a guess."""
    text = CLOCK.sub("", ZONE.sub("", text.strip()) if "T" in text else text.strip()).strip()
    found = NUMBERS.fullmatch(text)
    if found:
        return _of_numbers(found[1], found[2], found[3], order, slashed="/" in text)
    named = NAMED.fullmatch(text)
    if named:
        return Day(datetime.date(_year(named[3]), _month(named[2]), int(named[1])))
    named = NAMED_FIRST.fullmatch(text)
    if named:
        return Day(datetime.date(int(named[3]), _month(named[1]), int(named[2])))
    compact = COMPACT.fullmatch(text)
    if compact:
        return Day(datetime.date(int(compact[1]), int(compact[2]), int(compact[3])))
    raise ValueError(text)


def read_clock(text: str) -> datetime.time:
    """Return the time of day behind a date; midnight where there is none."""
    found = CLOCK.search(ZONE.sub("", text.strip()))
    if found is None:
        return datetime.time()
    hour = int(found[1])
    half = (found[4] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime.time(hour, int(found[2]), int(found[3] or 0))


def read_zone(text: str) -> datetime.timezone:
    """Return the offset that a moment ends with; UTC where it names none."""
    found = ZONE.search(text.strip()) if CLOCK.search(ZONE.sub("", text.strip())) else None
    if found is None or found[1] == "Z":
        return datetime.timezone.utc
    sign = -1 if found[1][0] == "-" else 1
    digits = found[1][1:].replace(":", "")
    offset = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return datetime.timezone(sign * offset)


def order_of(texts: list[str]) -> str:
    """Return the order that a column's dates have in common; nothing when it cannot be told."""
    found: set[str] = set()
    for text in texts:
        numbers = NUMBERS.fullmatch(CLOCK.sub("", text.strip()).strip())
        if numbers is None or len(numbers[1]) > 2:
            continue
        first, second = int(numbers[1]), int(numbers[2])
        if first > 12 >= second:
            found.add("dmy")
        elif second > 12 >= first:
            found.add("mdy")
    return found.pop() if len(found) == 1 else ""


def _of_numbers(first: str, second: str, third: str, order: str, *, slashed: bool) -> Day:
    if len(first) > 2:
        return Day(datetime.date(int(first), int(second), int(third)))
    if order == "ymd":
        return Day(datetime.date(_year(first), int(second), int(third)))
    left, right, year = int(first), int(second), _year(third)
    if order == "dmy":
        return Day(datetime.date(year, right, left))
    if order == "mdy":
        return Day(datetime.date(year, left, right))
    if left > 12 or right > 12 or left == right:
        day, month = (left, right) if left > 12 else (right, left)
        return Day(datetime.date(year, month, day))
    # dots are written where the day comes first; a slash may be American
    day, month = (right, left) if slashed else (left, right)
    return Day(datetime.date(year, month, day), is_sure=False)


def _month(name: str) -> int:
    number = MONTHS.get(name.casefold()) or MONTHS.get(name.casefold()[:3])
    if number is None:
        raise ValueError(name)
    return number


def _year(text: str) -> int:
    year = int(text)
    if len(text) <= 2:
        year += 1900 if year >= CENTURY else 2000
    return year
