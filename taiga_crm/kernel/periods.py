"""Periods that move with the calendar: "today", "last_7_days", "next_quarter" …"""

from __future__ import annotations

import datetime
import re

Bounds = tuple[datetime.date | None, datetime.date | None]

DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
UNIT = re.compile(r"(last|this|next)_(week|month|quarter|year)")
COUNTED = re.compile(r"(last|next|older_than|later_than)_([1-9][0-9]{0,3})_days")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
STEP = {"last": -1, "this": 0, "next": 1}


def bounds_of(period: str, today: datetime.date) -> Bounds:
    """Return the first and the last day, None where it is open; ValueError for an unknown one.

    "last_7_days" ends today, "next_7_days" begins today; a week begins on Monday.
    """
    if period in DAYS:
        day = today + datetime.timedelta(days=DAYS[period])
        return day, day
    if found := UNIT.fullmatch(period):
        return _unit(found[2], STEP[found[1]], today)
    if found := COUNTED.fullmatch(period):
        return _counted(found[1], int(found[2]), today)
    raise ValueError(period)


def _unit(unit: str, step: int, today: datetime.date) -> Bounds:
    if unit == "week":
        start = today + datetime.timedelta(days=7 * step - today.weekday())
        return start, start + datetime.timedelta(days=6)
    size = MONTHS[unit]
    number = (today.year * 12 + today.month - 1) // size + step
    return _first(number * size), _first((number + 1) * size) - datetime.timedelta(days=1)


def _first(months: int) -> datetime.date:
    return datetime.date(months // 12, months % 12 + 1, 1)


def _counted(direction: str, number: int, today: datetime.date) -> Bounds:
    if direction == "last":
        return today - datetime.timedelta(days=number - 1), today
    if direction == "next":
        return today, today + datetime.timedelta(days=number - 1)
    if direction == "older_than":
        return None, today - datetime.timedelta(days=number + 1)
    return today + datetime.timedelta(days=number + 1), None
