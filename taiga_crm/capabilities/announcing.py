"""Tell who wants to know that a record changed: browsers after commit, listeners at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from taiga_crm.host import current_host
from taiga_crm.registry.entity import Entity


@dataclass(frozen=True)
class Happening:
    """One act on one record: "create", "change", "delete", or a business verb.

    `changes` are as in the history; `actor` is None for the system; `part` is the comment,
    file or other part of the record that the act is about.
    """

    entity: Entity
    record: Any
    action: str
    actor: Any = None
    changes: Sequence[dict[str, Any]] = ()
    part: Any = None


Listener = Callable[[list[Happening]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call the listener with every batch, inside the transaction that writes: it may only write
    rows of its own, in a number of queries that does not grow with the batch."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def announce(
    entity: Entity,
    record: Any,
    action: str,
    actor: Any = None,
    changes: Sequence[dict[str, Any]] = (),
) -> None:
    """Announce one act."""
    announce_many([Happening(entity, record, action, actor, changes)])


def announce_many(happenings: list[Happening]) -> None:
    """Announce acts of one transaction; private rows reach listeners, never the event bus."""
    for listener in _listeners:
        listener(happenings)
    for one in happenings:
        _emit(one.entity, one.record, one.action)


def _emit(entity: Entity, record: Any, action: str) -> None:
    """Emit one event per project of the record: ids only; rows without a project stay silent.

    A private row is not announced: even its id would tell that it exists.
    """
    if getattr(record, "is_private", False) or not entity.projects:
        return
    current_host().emit(entity.key, record.pk, action, projects_of(entity, record))


def projects_of(entity: Entity, record: Any) -> list[int]:
    """Return the ids of the projects a record belongs to, read along the declared path."""
    if not entity.projects:
        return []
    value = record
    for name in entity.projects.split("__"):
        value = getattr(value, name, None)
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
