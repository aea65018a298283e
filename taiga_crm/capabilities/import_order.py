"""The order of rows that lie below one another: those above come first, circles are cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_DEPTH = 50


@dataclass
class Plan:
    """What is known about a file before its rows are written.

    `levels` are the rows that must wait, by line; `circles` and `deep` the lines whose link is
    left out; `wanted` the keys that other rows name.
    """

    levels: dict[int, int] = field(default_factory=dict)
    circles: frozenset[int] = frozenset()
    deep: frozenset[int] = frozenset()
    wanted: frozenset[str] = frozenset()


def plan(rows: Iterable[tuple[int, str, str]]) -> Plan:
    """Return the plan of (line, key, key of the row above); a circle is cut where it closes."""
    first: dict[str, int] = {}
    above: list[tuple[int, str, str]] = []
    for line, key, parent in rows:
        if not key or key in first:
            continue
        first[key] = line
        if parent:
            above.append((line, key, parent))
    circles, edges = _without_circles(above, first)
    depths = _depths(edges)
    deep = frozenset(first[key] for key, depth in depths.items() if depth > MAX_DEPTH)
    levels = {first[key]: depth for key, depth in depths.items() if 0 < depth <= MAX_DEPTH}
    return Plan(levels, circles, deep, frozenset(edges.values()))


def _without_circles(
    above: list[tuple[int, str, str]], first: dict[str, int]
) -> tuple[frozenset[int], dict[str, str]]:
    """Join the trees one edge after the other: an edge inside one tree would close a circle."""
    roots: dict[str, str] = {}
    edges: dict[str, str] = {}
    circles = set()
    for line, key, parent in above:
        if parent != key and parent not in first:
            continue
        if _root(roots, parent) == key:
            circles.add(line)
            continue
        edges[key] = parent
        roots[key] = _root(roots, parent)
    return frozenset(circles), edges


def _root(roots: dict[str, str], key: str) -> str:
    """Return the top of a tree; the way there is shortened for the next time."""
    way = []
    while key in roots:
        way.append(key)
        key = roots[key]
    for one in way:
        roots[one] = key
    return key


def _depths(edges: dict[str, str]) -> dict[str, int]:
    depths: dict[str, int] = {}
    for key in edges:
        way = []
        while key in edges and key not in depths:
            way.append(key)
            key = edges[key]
        depth = depths.get(key, 0)
        for one in reversed(way):
            depth = depth + 1
            depths[one] = depth
    return depths
