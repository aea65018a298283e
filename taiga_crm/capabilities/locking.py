"""Advisory locks: serialise one decision without locking the host's rows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from django.db import connection


def lock_many(topic: str, numbers: Iterable[int]) -> None:
    """Wait for the locks of a topic in the order of their numbers, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, n) FROM (SELECT unnest(%s::int[]) AS n) AS wanted",
            [zlib.crc32(topic.encode()) - 2**31, sorted({one % 2**31 for one in numbers})],
        )


def lock_in_transaction(topic: str, number: int) -> None:
    """Wait for the lock of (topic, number); it is released when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)",
            [zlib.crc32(topic.encode()) - 2**31, number % 2**31],
        )
