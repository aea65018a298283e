"""Imports by a process of their own: rows per second, memory, and how the web answers meanwhile."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases import LIST, Cases
from data import World
from django.apps import apps
from import_floor import drop_target, load_file, make_target, write_file
from load import forget_writes
from measuring import Timings

from taiga_crm.models import Account, Industry

SECONDS = 15  # a round should not take longer
SAMPLE = 500


@dataclass
class Ended:
    """How an import went; `asked` are the milliseconds of requests sent meanwhile."""

    seconds: float
    peak_mb: float
    asked: list[float] = field(default_factory=list)


class ImportBench:
    """Imports files of new companies as a member of a project."""

    def __init__(self, cases: Cases, world: World, rows: int, folder: Path) -> None:
        self.cases, self.rows, self.folder = cases, rows, folder
        self.user = world.seller.get_username()
        project = apps.get_model("projects", "Project").objects.get(pk=world.projects[1])
        self.slug = project.slug
        self.industries = list(Industry.objects.values_list("name", flat=True))
        self._seed = int(time.time())

    def measure(self, rounds: int, most: int) -> Timings:
        """Return rounds of the floor, of imports alone, and of imports beside requests."""
        timings = Timings()
        empty = self._run(self._file(1))
        sample = self._run(self._file(SAMPLE))
        rate = SAMPLE / max(sample.seconds - empty.seconds, 0.01)
        self.size = max(SAMPLE, min(most, int(rate * SECONDS)))
        print(f"Imports: {self.size:,} rows in each file of a round")
        make_target()
        for _ in range(rounds):
            self._round(timings, self._run(self._file(1)))
        drop_target()
        return timings

    def _round(self, timings: Timings, empty: Ended) -> None:
        file = self._file(self.size)
        started = time.perf_counter()
        load_file(file)
        timings.rounds["floor import"].append([(time.perf_counter() - started) * 1_000])
        alone = self._run(file, forget=False)
        timings.rounds["import"].append([(alone.seconds - empty.seconds) * 1_000])
        timings.rounds["import, MB above an import of one row"].append(
            [max(alone.peak_mb - empty.peak_mb, 0.01)]
        )
        self._update(timings, empty)
        timings.rounds["list, idle"].append([self._ask() for _ in range(30)])
        beside = self._run(self._file(self.size), ask=True)
        timings.rounds["list, while an import runs"].append(beside.asked)

    def _update(self, timings: Timings, empty: Ended) -> None:
        """Import the same companies once more; every row changes one field."""
        again = self._run(self._file(self.size, road="road"), adds=False)
        timings.rounds["import, every row an update"].append(
            [(again.seconds - empty.seconds) * 1_000]
        )

    def _run(
        self, file: Path, *, ask: bool = False, adds: bool = True, forget: bool = True
    ) -> Ended:
        before = Account.objects.count()
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "django", "crm_import", "accounts", str(file),
             "--project", self.slug, "--user", self.user],
            stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        asked: list[float] = []
        found: Any = (0, 0, None)
        while not found[0]:
            found = os.wait4(process.pid, os.WNOHANG if ask else 0)
            if ask and not found[0]:
                asked.append(self._ask())
        process.returncode = os.waitstatus_to_exitcode(found[1])
        seconds = time.perf_counter() - started
        added = Account.objects.count() - before
        if process.returncode or adds != (added > 0):
            raise SystemExit(f"The import ended with {process.returncode}, {added} accounts")
        if forget:
            forget_writes(self.rows)
        return Ended(seconds, found[2].ru_maxrss / 1_024, asked or [0.0])

    def _ask(self) -> float:
        return self.cases.seller.get("accounts", {**LIST, "project": self.cases.big}).milliseconds

    def _file(self, rows: int, road: str = "street") -> Path:
        """Write a file of new companies; of those of the last file when the road is another."""
        self._seed += road == "street"
        path = self.folder / f"{self._seed} {road}.csv"
        write_file(path, rows, self._seed, self.industries, road)
        return path


def measure_imports(
    cases: Cases, world: World, rows: int, rounds: int, most: int
) -> tuple[Timings, int]:
    """Measure, and return how many rows the files of the rounds had."""
    with tempfile.TemporaryDirectory() as folder:
        bench = ImportBench(cases, world, rows, Path(folder))
        return bench.measure(rounds, most), bench.size


def p50(timings: Timings, name: str) -> float:
    """Return the median of all requests of a case."""
    return statistics.median(value for one in timings.rounds[name] for value in one)
