"""Look for what is missing around the CRM and for rows that break a promise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from taiga_crm.management import surroundings
from taiga_crm.services import upkeep

SHOWN = 10
AROUND: tuple[tuple[str, Callable[[], list[str]], str], ...] = (
    ("migrations that are not applied", surroundings.pending_migrations, "run migrate"),
    (
        "search inside words is off, indexes missing",
        surroundings.missing_search_indexes,
        "docs/install.md says how to add pg_trgm; search by beginnings of words works without",
    ),
    (
        "files of the front end that are missing",
        surroundings.missing_front_files,
        "build the front end (make front) or install the wheel, then run collectstatic",
    ),
    (
        "files of the front end that are not collected, or in a former version",
        surroundings.uncollected_front_files,
        "run collectstatic",
    ),
)


class Command(BaseCommand):
    """Exit code 1 as long as one fault is left, so that a monitor can run it."""

    help = "Check the installation and the data of the CRM; --fix mends what is safe to mend."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --fix."""
        parser.add_argument("--fix", action="store_true", help="mend what is safe to mend")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every fault; exit 1 when one is left."""
        faults = list(self._around())
        if not surroundings.pending_migrations():
            faults += self._data(fix=options["fix"])
        for fault in faults:
            self.stdout.write(f"FAULT  {fault}")
        if faults:
            sys.exit(1)
        self.stdout.write("No fault found")

    def _around(self) -> Iterator[str]:
        for text, find, advice in AROUND:
            found = find()
            if found:
                yield f"{text}: {_listed(found)}; {advice}"

    def _data(self, *, fix: bool) -> Iterator[str]:
        for promise in upkeep.PROMISES:
            broken = promise.broken()
            if not broken:
                continue
            told = f"{len(broken)} {promise.text}: {_listed(broken)}"
            if fix and promise.mend is not None:
                upkeep.mend(promise, broken)
                self.stdout.write(f"MENDED {told}")
            else:
                yield f"{told}; {promise.advice or 'run crm_doctor --fix'}"


def _listed(found: list[Any]) -> str:
    shown = [" ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in found]
    return ", ".join(shown[:SHOWN]) + (" …" if len(shown) > SHOWN else "")
