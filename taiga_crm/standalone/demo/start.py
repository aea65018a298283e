"""Starting the demo: one data directory, one database, one server."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import IO, Any

from taiga_crm.standalone.demo.people import PASSWORD, PEOPLE

SECONDS_TO_STOP = 4


class DemoRefused(Exception):
    """The demo cannot start; the message says what to do."""


def start(*, host: str, port: int, reset: bool) -> None:
    """Prepare whatever is missing and serve until Ctrl-C."""
    home = Path(os.environ.get("TAIGA_CRM_HOME", ".demo")).absolute()
    _require_free(host, port)
    lock = _only_one(home)
    if reset:
        _forget(home)
    os.environ["TAIGA_CRM_HOME"] = str(home)
    os.environ["TAIGA_CRM_SECRET_KEY"] = _secret(home / "secret-key")
    _prepare(home)
    _welcome(host, port)
    _serve(host, port)
    lock.close()


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise DemoRefused(
                    f"port {port} is taken. Use another one: make demo PORT={port + 80}"
                ) from error
            raise DemoRefused(f"cannot listen on {host}:{port}: {error.strerror}") from error


def _only_one(home: Path) -> IO[str]:
    home.mkdir(parents=True, exist_ok=True)
    lock = (home.parent / f"{home.name}.lock").open("w")
    deadline = time.monotonic() + SECONDS_TO_STOP
    while time.monotonic() < deadline:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)  # a demo that was stopped just now may still be closing its database
        else:
            return lock
    raise DemoRefused("a demo is already running on this data. Stop it first (Ctrl-C there).")


def _forget(home: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        raise DemoRefused(
            "with DATABASE_URL the data is yours: empty that database yourself, then start again."
        )
    from taiga_crm.standalone.embedded_postgres import stop  # noqa: PLC0415 - not with DATABASE_URL

    _say("Deleting the old data")
    if not stop(home / "pg"):
        raise DemoRefused("another program uses the demo's database. Stop it first.")
    shutil.rmtree(home)
    home.mkdir()


def _secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _prepare(home: Path) -> None:
    import django  # noqa: PLC0415 - the settings need the environment set above
    from django.core.management import call_command, get_commands  # noqa: PLC0415
    from django.db import OperationalError, connections  # noqa: PLC0415

    django.setup()
    _say("Starting the database and bringing its tables up to date")
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise DemoRefused(f"the database does not answer: {str(error).strip()}") from error
    for command in ("standalone_sample_host", "crm_sample_data"):
        filled = home / f"filled-by-{command}"
        if command in get_commands() and not filled.exists():
            _say(f"Filling in sample data ({command})")
            call_command(command)
            filled.touch()
    connections.close_all()


def _welcome(host: str, port: int) -> None:
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host
    lines = [f"  {person.username:<8}{person.full_name}, {person.what}" for person in PEOPLE]
    _say(f"\n  http://{shown}:{port}\n\nLog in with the password {PASSWORD} as")
    _say("\n".join(lines))
    _say("\nCtrl-C stops the demo; the data stays. make demo RESET=1 starts over.")


def _serve(host: str, port: int) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - only the demo needs it

    from taiga_crm.standalone.demo.worker import Worker  # noqa: PLC0415

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn without its command line."""

        def load_config(self) -> None:
            """Two processes with a few threads each."""
            options = {
                "bind": f"{host}:{port}",
                "workers": 2,
                "threads": 4,
                "worker_class": "gthread",
                "proc_name": "taiga-crm-demo",
                "loglevel": "warning",
                "when_ready": lambda server: Worker().start(),
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """Return the WSGI application."""
            from taiga_crm.standalone.wsgi import application  # noqa: PLC0415

            return application

    Server().run()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
