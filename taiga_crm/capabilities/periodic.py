"""Periodic work: functions that are due every so often, whoever comes by first runs them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from taiga_crm.kernel import clock
from taiga_crm.models import PeriodicRun

LOCK = 0x43524E


@dataclass(frozen=True)
class Periodic:
    """A function that is due `every` so often; it runs in a transaction of its own."""

    name: str
    every: datetime.timedelta
    run: Callable[[datetime.datetime], object]


_known: dict[str, Periodic] = {}


def register_periodic(
    name: str, every: datetime.timedelta, run: Callable[[datetime.datetime], object]
) -> None:
    """Have `run(now)` called about every so often; running it twice must do no harm."""
    _known[name] = Periodic(name, every, run)


def run_due(now: datetime.datetime | None = None) -> list[str]:
    """Run what is due, each once even with several workers; return the names of what ran."""
    moment = now or clock.now()
    return [one.name for one in _known.values() if _run_if_due(one, moment)]


def _run_if_due(one: Periodic, now: datetime.datetime) -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK, one.name])
            if not cursor.fetchone()[0]:
                return False
        last = PeriodicRun.objects.filter(pk=one.name).first()
        if last is not None and now - last.at < one.every:
            return False
        PeriodicRun.objects.update_or_create(name=one.name, defaults={"at": now})
        one.run(now)
    return True
