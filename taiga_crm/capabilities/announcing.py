"""Tell browsers that look at CRM data that a row changed: ids only, after commit."""

from __future__ import annotations

from typing import Any

from taiga_crm.host import current_host
from taiga_crm.registry.entity import Entity


def announce(entity: Entity, record: Any, action: str) -> None:
    """Emit one event per project of the record; rows without a project stay silent.

    A private row is not announced: even its id would tell that it exists.
    """
    if getattr(record, "is_private", False) or not entity.projects:
        return
    current_host().emit(entity.key, record.pk, action, _projects(entity, record))


def _projects(entity: Entity, record: Any) -> list[int]:
    value = record
    for name in entity.projects.split("__"):
        value = getattr(value, name, None)
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
