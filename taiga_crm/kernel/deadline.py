"""A bound on how long something takes as a whole, whatever its steps are."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]


class Deadline:
    """Counts down from `seconds`; TimeoutError when nothing is left."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._seconds = seconds

    def left(self) -> float:
        """Return the seconds that are left, always more than none."""
        left = self._seconds - self.spent()
        if left <= 0:
            raise TimeoutError
        return left

    def spent(self) -> float:
        """Return the seconds that have passed."""
        return self._clock() - self._started
