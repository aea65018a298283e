"""Filters of days and moments: a day begins and ends at midnight where the person lives."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.person_zone import today_of, zone_of
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.kernel.periods import bounds_of
from taiga_crm.registry.entity import Field

FAR = datetime.date(9999, 12, 30)


def within(field: Field, path: str, period: str, user: Any) -> Q:
    """Return the rows of a moving period like "last_7_days"."""
    try:
        start, end = bounds_of(period, today_of(user))
    except (ValueError, OverflowError) as error:
        raise InvalidQuery(_("This period is not known: %s") % period[:50]) from error
    return _span(field, path, start, end, zone_of(user))


def in_days(
    field: Field, path: str, operator: str, days: list[datetime.date], zone: datetime.tzinfo
) -> Q:
    """Return the rows on, from or until a day, or between two."""
    if max(days) > FAR:
        raise InvalidQuery(_("This date is too far away."))
    if operator == "between":
        return _span(field, path, days[0], days[1], zone)
    if operator == "gte":
        return _span(field, path, days[0], None, zone)
    if operator == "lte":
        return _span(field, path, None, days[0], zone)
    found = Q(pk__in=[])
    for day in days:
        found |= _span(field, path, day, day, zone)
    return found


def _span(
    field: Field,
    path: str,
    start: datetime.date | None,
    end: datetime.date | None,
    zone: datetime.tzinfo,
) -> Q:
    bounds: dict[str, Any] = {}
    if field.kind == "date":
        bounds |= {f"{path}__gte": start} if start else {}
        bounds |= {f"{path}__lte": end} if end else {}
        return Q(**bounds)
    if start:
        bounds[f"{path}__gte"] = _midnight(start, zone)
    if end:
        bounds[f"{path}__lt"] = _midnight(end + datetime.timedelta(days=1), zone)
    return Q(**bounds)


def _midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), zone)
