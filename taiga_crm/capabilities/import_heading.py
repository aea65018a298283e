"""Find the line with the names of the columns: titles and blank lines may stand above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from taiga_crm.capabilities.import_mapping import Targets, known_headers
from taiga_crm.capabilities.tables import Line
from taiga_crm.registry.entity import Entity

LOOKED_AT = 20


def find_heading(entity: Entity, targets: Targets, lines: Iterable[Line]) -> int:
    """Return the number of the line whose cells are most names of fields; the first line where no
    other has more, and where nothing is known, the first with several cells under a lonely one."""
    several = list(lines)[:LOOKED_AT]
    known = known_headers(entity, targets, (line.cells for line in several))
    best = max(known, default=0)
    if best > 0:
        return several[known.index(best)].number if known[0] < min(best, 2) else several[0].number
    return several[_below_titles([_filled(line.cells) for line in several])].number


def _below_titles(filled: Sequence[int]) -> int:
    wide = [place for place, cells in enumerate(filled) if cells > 1]
    if filled[0] > 1 or len(wide) * 2 <= len(filled):
        return 0
    return wide[0]


def _filled(cells: Sequence[str]) -> int:
    return sum(any(sign.isalnum() for sign in cell) for cell in cells)
