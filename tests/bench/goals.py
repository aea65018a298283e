"""The goals that this bench can measure, and the table that compares figures with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bulk_cases import MANY
from custom_cases import PAIRS
from measuring import Timings

Figure = Callable[[Timings], float]


@dataclass(frozen=True)
class Goal:
    """A figure with the value it must reach and the one we would like; `at_least` turns both."""

    number: str
    text: str
    figure: Figure
    must: float | None = None
    stretch: float | None = None
    at_least: bool = False

    def verdict(self, value: float) -> str:
        """Return stretch, ok or MISSED; nothing for a figure without a goal."""
        if self.must is None:
            return ""
        if self._reaches(value, self.stretch):
            return "stretch"
        return "ok" if self._reaches(value, self.must) else "MISSED"

    def _reaches(self, value: float, bound: float | None) -> bool:
        if bound is None:
            return False
        return value >= bound if self.at_least else value <= bound


def _over(name: str, *floors: str) -> Figure:
    return lambda timings: timings.ratio(name, *floors)


def _list(name: str) -> Goal:
    return Goal("P1", f"{name} / H values", _over(name, "floor values"), 1.5, 1.3)


def _widest(timings: Timings) -> float:
    reads = [name for name in timings.rounds if name not in ("create", "update")]
    return max(timings.spread(name) for name in reads if not name.startswith("floor"))


LISTS = (
    "list", "list, asked first", "list, own rows", "list, everything", "list, by city",
    "list, by industry",
    "list, by revenue", "list, contains", "list, filter tree", "tickets",
    "tickets, everything", "tickets, by account", "tickets, by subject", "contacts",
)  # fmt: skip

REQUESTS = (
    *(_list(name) for name in LISTS),
    Goal("P4", "p95 / p50 of list", lambda t: t.spread("list"), 1.5, 1.3),
    Goal("P4", "p95 / p50, the widest read", _widest, 1.5, 1.3),
    Goal("P4", "the same of H values, for the noise", lambda t: t.spread("floor values")),
    Goal("P5", "list, half / 10k", _over("list half", "list 10k"), 1.25, 1.1),
    Goal("P5", "search, half / 10k", _over("search half", "search 10k"), 1.25, 1.1),
    Goal("P5", "detail, half / 10k", _over("detail half", "detail 10k"), 1.25, 1.1),
    Goal("P5", "tickets, half / 10k", _over("tickets half", "tickets 10k"), 1.25, 1.1),
    Goal("P5", "list, everything / 10k", _over("list, everything", "list 10k"), 1.25, 1.1),
    Goal("P6", "last cursor page / page 1", _over("last page", "page 1"), 1.15, 1.05),
    Goal("P6", "the same of tickets", _over("tickets, last page", "tickets, page 1"), 1.15, 1.05),
    Goal("P7", "search / H values", _over("search", "floor values"), 2.0, 1.6),
    Goal("P7", "inside words", _over("search, inside words", "floor values"), 2.0, 1.6),
    Goal("P7", "a frequent word", _over("search, frequent", "floor values"), 2.0, 1.6),
    Goal("P7", "tickets by account", _over("search, tickets", "floor values"), 2.0, 1.6),
    Goal("P7", "search everywhere", _over("search, everywhere", "floor values"), 2.0, 1.6),
    Goal("P7", "lookup", _over("lookup", "floor values"), 2.0, 1.6),
    Goal("P8", "detail alone / H detail", _over("detail", "floor detail")),
    Goal(
        "P8", "detail + 4 related + sums / H detail", _over("detail page", "floor detail"), 2, 1.6
    ),
    Goal("", "the same of other records", _over("detail page, other records", "floor detail")),
    Goal("", "as it opens / H detail", _over("detail page, as it opens", "floor detail")),
    Goal("", "asked apart / H detail", _over("detail page, asked apart", "floor detail")),
    Goal("P9", "create / H insert", _over("create", "floor insert"), 2.5, 1.8),
    Goal("P10", "update / H update", _over("update", "floor update"), 2.5, 1.8),
    Goal("P15", "groups with totals / bare SQL", _over("groups", "floor groups"), 1.3, 1.15),
    Goal("", "timeline / H detail", _over("timeline", "floor detail")),
    Goal("", "ticket panel / H detail", _over("ticket panel", "floor detail")),
    Goal("", "me / H empty", _over("me", "floor empty")),
    Goal("", "meta / H empty", _over("meta", "floor empty")),
)

WITH_CUSTOM = "5 custom fields defined"
CUSTOM = (
    *(_list(f"custom, {name}") for name in PAIRS),
    _list("list with custom columns"),
    *(
        Goal("", f"custom / column: {name}", _over(f"custom, {name}", f"column, {name}"))
        for name in (*PAIRS, "group and total")
    ),
    Goal(
        "P6",
        "custom sort: last cursor page / page 1",
        _over("custom, last page", "custom, page 1"),
        1.15,
        1.05,
    ),
    _list(f"list, {WITH_CUSTOM}"),
    Goal("P8", f"detail alone, {WITH_CUSTOM}", _over(f"detail, {WITH_CUSTOM}", "floor detail")),
    Goal("P9", f"create, {WITH_CUSTOM}", _over(f"create, {WITH_CUSTOM}", "floor insert"), 2.5, 1.8),
    Goal(
        "P10", f"update, {WITH_CUSTOM}", _over(f"update, {WITH_CUSTOM}", "floor update"), 2.5, 1.8
    ),
)


def _per_second(name: str, rows: int) -> Figure:
    return lambda timings: rows / timings.median(name) * 1_000


BULK = (
    *(
        Goal("P16", f"rows/s, {name} of {MANY}", _per_second(name, MANY), 1_000, 3_000, True)
        for name in ("bulk, account manager", "bulk, industry", "bulk, city", "bulk delete")
    ),
    Goal(
        "", f"rows/s, floor: one bare UPDATE + history of {MANY}", _per_second("floor bulk", MANY)
    ),
    Goal("", "bulk, city / floor bulk", _over("bulk, city", "floor bulk")),
)

EXPORTS = (
    Goal("P14", "CSV, rows/s / floor", _over("floor export", "export"), 0.5, 0.7, True),
    Goal(
        "P14",
        "CSV of a filtered list / floor",
        _over("floor export, filtered", "export, filtered"),
        0.5,
        0.7,
        True,
    ),
    Goal("", "CSV, all columns / floor of 15", _over("floor export", "export, all columns")),
    Goal("", "XLSX, rows/s / floor of CSV", _over("floor export", "export, XLSX")),
)

IMPORT = (
    Goal(
        "P12", "CSV import, rows/s / FULL floor", _over("floor import", "import"), 0.2, 0.35, True
    ),
    Goal(
        "P12",
        "rows/s of updates / of creates",
        _over("import", "import, every row an update"),
        0.5,
        0.8,
        True,
    ),
    Goal(
        "P13",
        "MB of the worker above an import of one row",
        lambda t: t.median("import, MB above an import of one row"),
        200,
        100,
    ),
    Goal(
        "P13",
        "p50 of a list while an import runs / idle",
        _over("list, while an import runs", "list, idle"),
        2.0,
        1.6,
    ),
)

QUERIES = {
    "list": (6, 5),
    "detail": (9, 7),
    "create": (15, 10),
    "update": (15, 10),
    "bulk change": (25, 15),
    "bulk delete": (25, 15),
}


def goal_rows(goals: Iterable[Goal], runs: dict[str, Timings]) -> Iterable[tuple[str, ...]]:
    """Yield number, text, must, stretch, then figure and verdict of each run."""
    for goal in goals:
        sign = ">=" if goal.at_least else "<="
        bounds = ["" if one is None else f"{sign} {one:g}" for one in (goal.must, goal.stretch)]
        cells = []
        for timings in runs.values():
            value = goal.figure(timings)
            cells += [f"{value:,.0f}" if value >= 1_000 else f"{value:.2f}", goal.verdict(value)]
        yield (goal.number, goal.text, *bounds, *cells)


def query_rows(counts: dict[str, tuple[int, int]], runs: int) -> Iterable[tuple[str, ...]]:
    """Yield the queries per request at 5 and 50 rows, which must be equal."""
    for name, (few, many) in counts.items():
        must, stretch = QUERIES.get(name, (6, 5))
        verdict = "stretch" if many <= stretch else "ok" if many <= must else "MISSED"
        if few != many:
            verdict = "MISSED: grows"
        many_rows = MANY if name.startswith("bulk") else 50
        text = f"queries of {name} at 5 and {many_rows} rows"
        cells = (f"{few}, {many}", verdict) * runs
        yield ("P11", text, f"<= {must}", f"<= {stretch}", *cells)
