"""The one place that asks for the time."""

from __future__ import annotations

import datetime

from django.utils import timezone


def now() -> datetime.datetime:
    """Return the current moment, aware, in UTC."""
    return timezone.now()


def today() -> datetime.date:
    """Return the current date in UTC."""
    return now().date()
