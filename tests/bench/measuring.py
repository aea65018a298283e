"""Interleaved rounds: each round asks everything, so that a busy moment hits all alike."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from requests_in_process import Answer

WARM_UP = 3
SHORT, LONG = 5, 1  # requests in a round of an ordinary case and of a heavy one


class Timings:
    """Milliseconds of every case, round by round."""

    def __init__(self) -> None:
        self.rounds: dict[str, list[list[float]]] = defaultdict(list)

    def median(self, name: str) -> float:
        """Return the median of the rounds' medians."""
        return statistics.median(statistics.median(one) for one in self.rounds[name])

    def ratio(self, over: str, *under: str) -> float:
        """Return the median over the rounds of one case to the sum of others."""
        return statistics.median(
            statistics.median(above) / sum(statistics.median(one) for one in below)
            for above, *below in zip(*(self.rounds[name] for name in (over, *under)), strict=True)
        )

    def spread(self, name: str) -> float:
        """Return p95 / p50 of all requests of a case."""
        every = sorted(value for one in self.rounds[name] for value in one)
        return every[int(len(every) * 0.95)] / statistics.median(every)


def measure(cases: Mapping[str, Callable[[], Any]], rounds: int, heavy: tuple[str, ...]) -> Timings:
    """Warm up, then run the rounds."""
    timings = Timings()
    for name, ask in cases.items():
        for _ in range(LONG if name in heavy else WARM_UP):
            ask()
    for _ in range(rounds):
        for name, ask in cases.items():
            times = LONG if name in heavy else SHORT
            timings.rounds[name].append([_milliseconds(ask()) for _ in range(times)])
    return timings


def _milliseconds(answers: Answer | list[Answer]) -> float:
    if isinstance(answers, list):
        return sum(answer.milliseconds for answer in answers)
    return answers.milliseconds
