"""Waiting for a worker of jobs that was killed."""

from __future__ import annotations

import time

from django.db import connection


def when_free(job_id: int) -> None:
    """The server notices the death of a client when it next looks at the socket."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [job_id]
            )
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.05)
