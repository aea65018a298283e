"""The garbage collector, while very many objects live for a moment."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 200_000  # objects more than were freed before it looks for circles


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the collector look seldom: the rows of a chunk have no circles and go by themselves,
    yet it would walk over all of them, and over the whole program, again and again."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
