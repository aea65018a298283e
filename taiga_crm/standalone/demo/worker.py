"""The demo's worker: a process for jobs and periodic work, started again when it dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

COMMAND = ("-m", "taiga_crm.standalone.cli", "manage", "crm_work", "--parent")
PAUSE_SECONDS = 1


class Worker(threading.Thread):
    """Watches over the process; both end with the demo."""

    def __init__(self) -> None:
        super().__init__(name="crm-worker", daemon=True)

    def run(self) -> None:
        """Start the process whenever there is none."""
        while True:
            subprocess.run([sys.executable, *COMMAND, str(os.getpid())], stdin=subprocess.DEVNULL)
            time.sleep(PAUSE_SECONDS)
