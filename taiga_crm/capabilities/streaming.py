"""Read many rows of one statement piece by piece, from a cursor that outlives its transaction.

The database finishes the whole answer first, within its time; a slow reader then holds neither a
transaction nor locks, and a refusal comes before the first byte is sent.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from taiga_crm.capabilities.listing import bounded_time
from taiga_crm.capabilities.statements import Row, Statement

CHUNK = 2_000
_numbers = itertools.count(1)


def open_stream(statement: Statement, limit: int, timeout_ms: int) -> Iterator[list[Row]]:
    """Run the statement for up to `limit` rows at once; yield them in chunks as selected.

    The rows come in the order of the SQL, which `Statement.places` tells. InvalidQuery when the
    database needs longer than the time.
    """
    if not statement.sql:
        return iter(())
    with bounded_time(timeout_ms):
        cursor = _cursor()
        with connection.wrap_database_errors:
            cursor.execute(f"{statement.sql} LIMIT %s", [*statement.params, limit])
            first = cursor.fetchmany(CHUNK)  # a value that the database refuses shows here
    return _chunks(cursor, statement, first)


def _cursor() -> Any:
    """Return a cursor on the server, or a plain one where a connection pool forbids those."""
    connection.ensure_connection()
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return connection.create_cursor()
    name = f"crm_export_{next(_numbers)}"
    wrapper: Any = connection
    cursor = wrapper.connection.cursor(name, scrollable=False, withhold=True)
    cursor.tzinfo_factory = wrapper.tzinfo_factory if settings.USE_TZ else None
    return cursor


def _chunks(cursor: Any, statement: Statement, rows: list[Row]) -> Iterator[list[Row]]:
    try:
        while rows:
            yield statement.converted(rows)
            if len(rows) < CHUNK:
                return
            with connection.wrap_database_errors:
                rows = cursor.fetchmany(CHUNK)
    finally:
        if not connection.in_atomic_block:  # else it ends with the transaction around it
            with suppress(DatabaseError), connection.wrap_database_errors:
                cursor.close()  # its connection may be gone meanwhile
