"""Do waiting jobs and periodic work: for installations without Celery, and for the demo."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from taiga_crm.capabilities.jobs import run_waiting
from taiga_crm.capabilities.periodic import run_due
from taiga_crm.capabilities.webhook_sending import send_due

PAUSE_SECONDS = 0.5
DUE_EVERY_SECONDS = 30


class Command(BaseCommand):
    """`--once` suits cron; without it the command works until it is stopped."""

    help = "Do waiting jobs (imports …) and periodic work; --once for cron."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --once and, for a worker that belongs to another process, --parent."""
        parser.add_argument("--once", action="store_true", help="do what there is, then stop")
        parser.add_argument("--parent", type=int, help="stop when this process has ended")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work once, or until the parent ends."""
        if options["once"]:
            run_waiting()
            run_due()
            send_due()
            return
        due_at = 0.0
        while options["parent"] is None or os.getppid() == options["parent"]:
            try:
                run_waiting()
                send_due()
                if time.monotonic() >= due_at:
                    run_due()
                    due_at = time.monotonic() + DUE_EVERY_SECONDS
            except (
                OperationalError,
                InterfaceError,
            ) as error:  # the database was restarted or cut us off
                self.stderr.write(f"crm_work: {str(error).strip()}")
                connection.close()
            close_old_connections()
            time.sleep(PAUSE_SECONDS)
