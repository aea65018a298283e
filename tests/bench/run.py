"""Measure the product against its floors and print one table; ROWS=1000000 for the big one.

With TAIGA_BACK (a taiga-back checkout), TAIGA_PYTHON and TAIGA_DATABASE_URL, H is measured
inside a real Taiga, else on the embedded host.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULT = ROOT / ".demo" / "bench.json"


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
    """Load, measure, print, write RESULT."""
    from api_client import access_token
    from cases import Cases
    from goals import goal_rows, query_rows
    from load import forget_writes, prepared
    from measuring import measure
    from requests_in_process import Asker, connections_kept

    from taiga_crm.host import current_host

    world = prepared(options.rows)
    cases = Cases(world, Asker(access_token(world.seller)), Asker(access_token(world.owner)))
    chosen = {name: ask for name, ask in cases.all().items() if _wanted(name, options.only)}
    counts = cases.queries()
    runs = {}
    for age in options.ages:
        with connections_kept(age):
            runs[f"CONN_MAX_AGE={age}"] = measure(chosen, options.rounds, cases.heavy)
    forget_writes(options.rows)
    where = "a real Taiga" if current_host().name == "taiga" else "the embedded host"
    print(f"\n{options.rows:,} accounts and tickets; H measured on {where};"
          f" median of {options.rounds} interleaved rounds")  # fmt: skip
    _milliseconds(runs)
    if options.only:
        return
    rows = [*goal_rows(runs), *query_rows(counts, len(runs))]
    _table(("", "goal", "must", "stretch", *(cell for age in runs for cell in (age, ""))), rows)
    _write(where, options, runs, rows)


def _wanted(name: str, only: str) -> bool:
    return not only or name.startswith("floor") or any(one in name for one in only.split(";"))


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


def _write(where: str, options: argparse.Namespace, runs: dict[str, Any], rows: list[Any]) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    content = {
        "host": where,
        "rows": options.rows,
        "rounds": options.rounds,
        "runs": list(runs),
        "goals": rows,
        "milliseconds": {
            run: {name: timings.median(name) for name in timings.rounds}
            for run, timings in runs.items()
        },
    }
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
    parser.add_argument("--rows", type=int, default=int(os.environ.get("ROWS", "100000")))
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS", "9")))
    parser.add_argument("--ages", type=lambda text: [int(one) for one in text.split(",")],
                        default=[0, 60], help="values of CONN_MAX_AGE")  # fmt: skip
    parser.add_argument("--only", default="", help="parts of case names, separated by ;")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
