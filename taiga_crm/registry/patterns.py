"""Patterns of texts that an administrator writes: regular expressions that cannot run for long.

A pattern is refused when matching could try more than MAX_WAYS ways: no repetition or choice
inside a repetition, no reference to what was matched, few open repetitions beside each other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

try:
    from re import _constants as ops  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_constants as ops  # type: ignore[no-redef]
    import sre_parse as parser  # type: ignore[no-redef]

MAX_PATTERN = 200
MAX_MATCHED = 255
MAX_WAYS = 100_000
REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT)
PLAIN = (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN, ops.CATEGORY)


class PatternFault(ValueError):
    """The pattern is no regular expression ("invalid") or could run for long ("complex")."""


def check_pattern(pattern: str) -> None:
    """Raise PatternFault for a pattern that is wrong or could run for long."""
    if len(pattern) > MAX_PATTERN:
        raise PatternFault("complex")
    try:
        parsed = parser.parse(pattern)
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternFault("invalid") from error
    if _ways(parsed) > MAX_WAYS:
        raise PatternFault("complex")


def matches(pattern: str, text: str) -> bool:
    """Say whether the whole text has the form; longer texts than MAX_MATCHED never have it."""
    return len(text) <= MAX_MATCHED and _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _ways(items: Any) -> int:
    """Return how many ways the items can match a text at most."""
    ways = 1
    for code, value in items:
        ways *= _ways_of(code, value)
        if ways > MAX_WAYS:
            break
    return ways


def _ways_of(code: Any, value: Any) -> int:
    if code in PLAIN or code is ops.AT:
        return 1
    if code is ops.SUBPATTERN:
        return _ways(value[-1])
    if code is ops.BRANCH:
        return sum(map(_ways, value[1]))
    if code in REPEATS:
        low, high, inner = int(value[0]), min(int(value[1]), MAX_MATCHED), value[2]
        nested = _ways(inner)
        if nested > 1 and high > 1:
            return int(nested ** min(high, 20)) * (high - low + 1)
        return (high - low + 1) * nested
    return MAX_WAYS + 1
