"""Advisory locks: serialise one decision without locking the host's rows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection


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


@contextmanager
def claim(kind: int, number: int) -> Iterator[bool]:
    """Try to hold a lock for as long as this connection lives: a killed worker lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        claimed = bool(cursor.fetchone()[0])
    try:
        yield claimed
    finally:
        if claimed and connection.is_usable():
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])
