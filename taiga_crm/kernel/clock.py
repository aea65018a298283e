"""The one place that asks for the time."""

from __future__ import annotations

import datetime
import zoneinfo

from django.utils import timezone


def now() -> datetime.datetime:
    """Return the current moment, aware, in UTC."""
    return timezone.now()


def today() -> datetime.date:
    """Return the current date in UTC."""
    return now().date()


def zone_of(name: str | None) -> datetime.tzinfo:
    """Return a time zone by its name; UTC for none and for one that nobody knows."""
    try:
        return zoneinfo.ZoneInfo(name) if name else datetime.timezone.utc
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return datetime.timezone.utc


def knows_zone(name: str) -> bool:
    """Say whether there is a time zone of this name."""
    return zone_of(name) is not datetime.timezone.utc


def today_in(zone: datetime.tzinfo) -> datetime.date:
    """Return the current date of a time zone."""
    return now().astimezone(zone).date()
