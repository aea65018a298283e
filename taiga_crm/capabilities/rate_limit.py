"""Count requests by key in windows of a few seconds, exactly, however many processes answer.

The count stands in the database because the host's cache is one per process. One statement
counts; it must be sent outside of a transaction, or the others would wait for its end.
"""

from __future__ import annotations

import datetime
import ipaddress
import math
from collections.abc import Sequence

from django.db import connection

from taiga_crm.conf import conf
from taiga_crm.models import RateCount


def seconds_to_wait(keys: Sequence[str]) -> int:
    """Count one request under each key; return 0, or how long the caller has to wait.

    A window begins with the first request after the last one; keys of all callers must come in
    the same order of their kinds, so that two never wait for each other.
    """
    limit, seconds = conf().api_limit, conf().api_limit_seconds
    if not limit:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(keys)), [*keys, seconds, seconds, seconds])
        left = [wait for number, wait in cursor.fetchall() if number > limit]
    return max((max(1, math.ceil(one)) for one in left), default=0)


def address_key(ip: str) -> str:
    """Return the key of an address; the addresses of one IPv6 network of a customer are one."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return "ip:"
    if address.version == 6:
        return f"ip:{ipaddress.ip_network((int(address), 64), strict=False)}"
    return f"ip:{address}"


def forget_counts(now: datetime.datetime) -> int:
    """Delete the counts of windows that ended long ago."""
    before = now - datetime.timedelta(seconds=conf().api_limit_seconds, hours=1)
    number: int = RateCount.objects.filter(started_at__lt=before).delete()[0]
    return number


def _statement(keys: int) -> str:
    table = RateCount._meta.db_table
    over = "kept.started_at <= clock_timestamp() - make_interval(secs => %s)"
    values = ", ".join(["(%s, clock_timestamp(), 1)"] * keys)
    return (
        f"INSERT INTO {table} AS kept (key, started_at, number) VALUES {values}"
        f" ON CONFLICT (key) DO UPDATE SET"
        f" number = CASE WHEN {over} THEN 1 ELSE kept.number + 1 END,"
        f" started_at = CASE WHEN {over} THEN clock_timestamp() ELSE kept.started_at END"
        f" RETURNING number, EXTRACT(EPOCH FROM kept.started_at - clock_timestamp()) + %s"
    )
