"""Measure the product against its floors and print a table for each part.

ROWS=1000000 for the big one; PARTS=custom,bulk or ONLY="list;search" for some of it.

With TAIGA_BACK (a taiga-back checkout), TAIGA_PYTHON and TAIGA_DATABASE_URL, H is measured
inside a real Taiga, else on the embedded host.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULT = ROOT / ".demo" / "bench.json"
PARTS = ("requests", "custom", "bulk", "exports", "import")


def main() -> int:
    """Run here, or start a real Taiga's Python with this same file."""
    options = _options()
    if os.environ.get("TAIGA_BACK") and os.environ.get("DJANGO_SETTINGS_MODULE") is None:
        return _inside_taiga()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench_settings")
    sys.path += [str(path) for path in (HERE.parent, ROOT) if str(path) not in sys.path]
    import django

    django.setup()
    report(options)
    return 0


def report(options: argparse.Namespace) -> None:
    """Load, measure part by part, print, write RESULT."""
    from load import prepared
    from parts import measure_part

    from taiga_crm.host import current_host

    world = prepared(options.rows)
    where = "a real Taiga" if current_host().name == "taiga" else "the embedded host"
    print(f"\n{options.rows:,} accounts and tickets; H measured on {where};"
          f" median of {options.rounds} interleaved rounds")  # fmt: skip
    written: dict[str, Any] = {}
    for name in options.parts:
        started = time.perf_counter()
        measured = measure_part(name, world, options)
        load = f"load {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores"
        print(f"\n== {name}: {time.perf_counter() - started:.0f} s, {load}. {measured.note}\n")
        written[name] = _print_part(measured, options)
    if not options.only:
        _write(where, options, written)


def _print_part(measured: Any, options: argparse.Namespace) -> dict[str, Any]:
    from goals import goal_rows, query_rows

    runs = measured.runs
    _milliseconds(runs)
    rows: list[tuple[str, ...]] = []
    if not options.only:
        rows = [*goal_rows(measured.goals, runs), *query_rows(measured.queries, len(runs))]
        _table(("", "goal", "must", "stretch", *(cell for age in runs for cell in (age, ""))), rows)
    medians = {age: {name: run.median(name) for name in run.rounds} for age, run in runs.items()}
    return {"goals": rows, "milliseconds": medians, "note": measured.note}


def _milliseconds(runs: dict[str, Any]) -> None:
    names = next(iter(runs.values())).rounds
    rows = [(name, *(f"{timings.median(name):.2f}" for timings in runs.values())) for name in names]
    _table(("milliseconds", *runs), rows)


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header))]
    for row in (header, *rows):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    print()


def _write(where: str, options: argparse.Namespace, parts: dict[str, Any]) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    content = {"host": where, "rows": options.rows, "rounds": options.rounds, "parts": parts}
    RESULT.write_text(json.dumps(content, indent=1))
    print(f"Written to {RESULT.relative_to(ROOT)}")


def _inside_taiga() -> int:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench_taiga_settings",
        "PYTHONPATH": os.pathsep.join([os.environ["TAIGA_BACK"], str(HERE), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    # Taiga's package "settings" and this directory's modules come first on the path, in this order
    start = "import sys; sys.argv[0] = 'run'; from run import main; sys.exit(main())"
    python = os.environ.get("TAIGA_PYTHON", "python")
    return subprocess.run(
        [python, "-c", start, *sys.argv[1:]], env=environment, check=False
    ).returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    setting = os.environ.get
    parser.add_argument("--rows", type=int, default=int(setting("ROWS", "100000")))
    parser.add_argument("--rounds", type=int, default=int(setting("ROUNDS", "9")))
    parser.add_argument(
        "--ages",
        type=lambda text: [int(one) for one in text.split(",")],
        default=setting("AGES", "0,60"),
        help="values of CONN_MAX_AGE",
    )
    parser.add_argument(
        "--parts",
        type=_parts,
        default=setting("PARTS", ",".join(PARTS)),
        help=f"some of {', '.join(PARTS)}",
    )
    parser.add_argument(
        "--import-rows",
        type=int,
        default=100_000,
        help="rows of an imported file; fewer where a round would take long",
    )
    parser.add_argument(
        "--only", default=setting("ONLY", ""), help="parts of case names, separated by ;"
    )
    return parser.parse_args()  # fmt: skip


def _parts(text: str) -> list[str]:
    chosen = text.split(",")
    if not set(chosen) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(PARTS)}")
    return chosen


if __name__ == "__main__":
    raise SystemExit(main())
