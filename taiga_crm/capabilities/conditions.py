"""Conditions: what rows are asked to fulfil, alone or in a tree of all, any and not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """One filter: field, operator, the text from the URL, or several values from a tree."""

    field: str
    operator: str
    raw: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Branch:
    """Conditions together: `mode` is "all", "any", or "not" of the only part."""

    mode: str
    parts: tuple[Node, ...]


Node = Condition | Branch
