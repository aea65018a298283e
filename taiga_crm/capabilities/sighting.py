"""Who sees a record, and how a record is called by somebody who sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from taiga_crm.capabilities.sources import source_of
from taiga_crm.permissions.decide import outcome_for, rows_for, verdict
from taiga_crm.registry.entity import Entity


def who_sees(entity: Entity, pk: int, people: Iterable[Any]) -> list[Any]:
    """Return those of the people who may see the record: one query beside reading their rights."""
    asked = list(people)
    rows = entity.model.objects.filter(pk=pk, **entity.base)  # type: ignore[attr-defined]
    flags = {
        f"seen_{place}": verdict(outcome_for(entity, person, "view"))
        for place, person in enumerate(asked)
    }
    found = rows.annotate(**flags).values(*flags).first() if flags else None
    if found is None:
        return []
    return [person for place, person in enumerate(asked) if found[f"seen_{place}"]]


def labels_of(entity: Entity, user: Any, ids: Iterable[int]) -> dict[int, str]:
    """Return {id: name} of those records that the person sees, in one query."""
    source = source_of(entity, entity.name_field, user)
    rows = rows_for(entity, user).filter(pk__in=set(ids)).annotate(**source.annotations)
    return {pk: str(name or "") for pk, name in rows.values_list("pk", source.sort)}
