"""The parts of the bench: what each measures, and the goals its figures are held against."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import goals
from api_client import access_token
from bulk_cases import BulkCases
from cases import Cases
from custom_cases import CustomCases, custom_fields_defined
from data import World
from export_cases import ExportCases
from goals import Goal
from import_cases import measure_imports
from load import forget_writes
from measuring import Timings, measure
from requests_in_process import Asker, connections_kept

Queries = dict[str, tuple[int, int]]


@dataclass
class Measured:
    """The figures of a part: one run for each CONN_MAX_AGE, and queries of its requests."""

    goals: tuple[Goal, ...]
    runs: dict[str, Timings]
    queries: Queries = field(default_factory=dict)
    note: str = ""


def measure_part(name: str, world: World, options: Namespace) -> Measured:
    """Measure one part, and remove what it wrote."""
    found = _PARTS[name](world, options)
    forget_writes(options.rows)
    return found


def _requests(world: World, options: Namespace) -> Measured:
    cases = _cases(world)
    return Measured(goals.REQUESTS, _runs(cases, options), cases.queries())


def _custom(world: World, options: Namespace) -> Measured:
    with custom_fields_defined(world):
        return Measured(goals.CUSTOM, _runs(CustomCases(_cases(world)), options))


def _bulk(world: World, options: Namespace) -> Measured:
    cases = BulkCases(_cases(world), world)
    return Measured(goals.BULK, _runs(cases, options), cases.queries())


def _exports(world: World, options: Namespace) -> Measured:
    cases = ExportCases(_cases(world))
    found = Measured(goals.EXPORTS, _runs(cases, options))
    seconds = {age: run.median("export") / 1_000 for age, run in found.runs.items()}
    rates = ", ".join(f"{options.rows / one:,.0f}" for one in seconds.values())
    found.note = f"CSV of all accounts: {rates} rows/s"
    return found


def _import(world: World, options: Namespace) -> Measured:
    timings, size = measure_imports(
        _cases(world), world, options.rows, options.rounds, options.import_rows
    )
    names = ("import", "import, every row an update", "floor import")
    created, updated, floor = (f"{size / timings.median(one) * 1_000:,.0f}" for one in names)
    note = f"Files of {size:,} rows: {created} rows/s, updates {updated}, the FULL floor {floor}"
    return Measured(goals.IMPORT, {"a process of its own": timings}, note=note)


_PARTS: dict[str, Callable[[World, Namespace], Measured]] = {
    "requests": _requests,
    "custom": _custom,
    "bulk": _bulk,
    "exports": _exports,
    "import": _import,
}


def _cases(world: World) -> Cases:
    return Cases(world, Asker(access_token(world.seller)), Asker(access_token(world.owner)))


def _runs(cases: Any, options: Namespace) -> dict[str, Timings]:
    every: Mapping[str, Callable[[], Any]] = cases.all()
    chosen = {name: ask for name, ask in every.items() if _wanted(name, options.only)}
    runs = {}
    for age in options.ages:
        kept: AbstractContextManager[Any] = connections_kept(age)
        with kept:
            runs[f"CONN_MAX_AGE={age}"] = measure(chosen, options.rounds, cases.heavy)
    return runs


def _wanted(name: str, only: str) -> bool:
    return not only or name.startswith("floor") or any(one in name for one in only.split(";"))
