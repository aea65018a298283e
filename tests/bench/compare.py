"""P20: this checkout against a former one, request by request, in turns on the same machine.

    git worktree add --detach /tmp/former v1.0
    python tests/bench/compare.py /tmp/former

Each checkout keeps a database of its own, filled by its own `load.py` with the same rows.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MUST, STRETCH = 1.10, 1.03


class Checkout:
    """A process that has loaded one checkout and sends its requests when asked."""

    def __init__(self, tree: Path, rows: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "compared.py"), str(tree), str(rows)],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.cases: list[str] = self._answer()

    def milliseconds(self, name: str) -> float:
        """Send the requests of one case."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(name) + "\n")
        self._process.stdin.flush()
        return float(self._answer())

    def close(self) -> None:
        """Let the process remove what it wrote, and end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"A checkout ended with {self._process.wait()}")
        return json.loads(line)


def main() -> int:
    """Measure in turns, print one line for each case."""
    options = _options()
    former = Checkout(options.former.resolve(), options.rows)
    present = Checkout(HERE.parents[1], options.rows)
    names = [name for name in present.cases if name in former.cases and _wanted(name, options.only)]
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for number in range(options.rounds + 1):
        for name in names:
            sides = (former, present) if number % 2 else (present, former)
            found = {side: side.milliseconds(name) for side in sides}
            if number:  # the first round warms up
                pairs[name].append((found[former], found[present]))
    former.close()
    present.close()
    print(f"{options.rows:,} rows; median of {options.rounds} rounds in turns;"
          f" load {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores")  # fmt: skip
    print(f"{'P20':24} former ms  now ms  ratio, of each round (must <= {MUST}, {STRETCH})")
    for name in names:
        print(_line(name, pairs[name]))
    return 0


def _line(name: str, pairs: list[tuple[float, float]]) -> str:
    before, after = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(new / old for old, new in pairs)
    verdict = "stretch" if ratio <= STRETCH else "ok" if ratio <= MUST else "MISSED"
    if name.startswith("floor"):
        verdict = "(noise)"
    return f"{name:24} {before:9.2f} {after:7.2f}  {ratio:5.2f}  {verdict}"


def _wanted(name: str, only: str) -> bool:
    return not only or any(one in name for one in only.split(";"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("former", type=Path, help="a checkout of the former release")
    parser.add_argument("--rows", type=int, default=int(os.environ.get("ROWS", "100000")))
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS", "9")))
    parser.add_argument("--only", default=os.environ.get("ONLY", ""),
                        help="parts of case names, separated by ;")  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
