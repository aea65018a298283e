"""The embedded host with its demo data, started for one run of the journeys."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

STARTS_WITHIN = 180
HOOK_PORT = "TAIGA_CRM_WEBHOOK_PORT"  # where webhooks to this machine are allowed


@contextlib.contextmanager
def running(home: Path, *, hooks: bool = False) -> Iterator[str]:
    """Yield the address of a fresh host whose data lies in `home`.

    With `hooks` its webhooks may call this machine, on the port that HOOK_PORT then names.
    """
    port = _free_port()
    if hooks:
        os.environ.setdefault(HOOK_PORT, str(_free_port()))
    environment = {**os.environ, "TAIGA_CRM_HOME": str(home / "data")}
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    log = (home / "host.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "taiga_crm.standalone.cli", "demo", "--port", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, home / "host.log")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the embedded host stopped:\n{log.read_text()[-2000:]}")
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{url}/login", timeout=5)
            return
        time.sleep(0.5)
    raise RuntimeError(f"the embedded host did not start:\n{log.read_text()[-2000:]}")
