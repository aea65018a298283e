"""The time zone of a person: that of the profile, else that of the browser, else UTC."""

from __future__ import annotations

import datetime
from typing import Any

from taiga_crm.kernel import clock

MAX_NAME = 64
SEEN = "crm_browser_zone"


def remember_browser_zone(user: Any, name: str) -> None:
    """Keep the zone that the browser names, for as long as the request lasts."""
    setattr(user, SEEN, name[:MAX_NAME])


def zone_name(user: Any) -> str:
    """Return the name of the person's zone; an empty one when nobody knows it."""
    names = (getattr(user, "timezone", ""), getattr(user, SEEN, ""))
    return next((name for name in names if name and clock.knows_zone(name)), "")


def zone_of(user: Any) -> datetime.tzinfo:
    """Return the zone in which the person's days begin and end."""
    return clock.zone_of(zone_name(user))


def today_of(user: Any) -> datetime.date:
    """Return the current day where the person lives: what is kept for a day depends on it."""
    return clock.today_in(zone_of(user))
