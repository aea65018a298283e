"""One of two checkouts that `compare.py` measures in turns; it answers JSON line by line."""

from __future__ import annotations

import json
import os
import statistics
import sys
from pathlib import Path
from typing import Any

REQUESTS = 5


def main() -> None:
    """Load the checkout in argv, tell its cases, then measure the one of each line."""
    tree, rows = Path(sys.argv[1]), int(sys.argv[2])
    sys.path[0:1] = [str(tree / "tests" / "bench"), str(tree / "tests"), str(tree)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench_settings"
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what the checkout prints is no answer
    import django

    django.setup()
    cases = _cases(rows)
    answers.write(json.dumps(sorted(cases)) + "\n")
    for line in sys.stdin:
        answers.write(json.dumps(_median(cases[json.loads(line)])) + "\n")
    _forget(rows)


def _cases(rows: int) -> dict[str, Any]:
    from api_client import access_token
    from cases import Cases
    from load import prepared
    from requests_in_process import Asker

    world = prepared(rows)
    cases = Cases(world, Asker(access_token(world.seller)), Asker(access_token(world.owner)))
    return {name: ask for name, ask in cases.all().items() if name not in cases.heavy}


def _median(ask: Any) -> float:
    from measuring import _milliseconds

    return statistics.median(_milliseconds(ask()) for _ in range(REQUESTS))


def _forget(rows: int) -> None:
    from load import forget_writes

    forget_writes(rows)


if __name__ == "__main__":
    main()
