"""Mask: the rows of a kind for which a field rule holds, by their state and their project."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Mask:
    """Rows in one of the states (none = any) and in the project (None = any).

    The paths are the ORM paths of the state and of the project ids; `prefix` leads to the kind
    that has the rule, where a field is shown across a link.
    """

    states: frozenset[str] = frozenset()
    project: int | None = None
    state_path: str = ""
    projects_path: str = ""
    prefix: str = ""

    def rows(self) -> Q:
        """Return the rows as a condition."""
        found = Q()
        if self.states:
            found &= Q(**{f"{self.prefix}{self.state_path}__in": sorted(self.states)})
        if self.project is not None:
            path = self.prefix + self.projects_path
            if path.endswith("_ids"):
                found &= Q(**{f"{path}__contains": [self.project]})
            else:
                found &= Q(**{path: self.project})
        return found

    def holds(self, state: object, projects: Collection[int]) -> bool:
        """Say whether a row with this state and these projects is one of them."""
        if self.states and str(state) not in self.states:
            return False
        return self.project is None or self.project in projects


def any_of(masks: tuple[Mask, ...]) -> Q:
    """Return the rows that one of the masks covers; there must be at least one."""
    found = masks[0].rows()
    for mask in masks[1:]:
        found |= mask.rows()
    return found
