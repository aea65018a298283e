"""Tell who wants to know that a record changed: browsers after commit, listeners at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from taiga_crm.host import current_host
from taiga_crm.registry.entity import Entity


@dataclass
class Mass:
    """One act on very many records, as an import is: who has been told of it need not hear more.

    A silent one is taken back again, so that nobody outside the transaction may hear of it.
    `key` is the same for all its batches.
    """

    is_silent: bool = False
    action: str = "import"
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    told: set[int] = field(default_factory=set)
    events: int = 0


@dataclass(frozen=True)
class Happening:
    """One act on one record: "create", "change", "delete", or a business verb.

    `changes` are as in the history; `actor` is None for the system; `part` is the comment,
    file or other part of the record that the act is about; `mass` is the act it is a part of.
    """

    entity: Entity
    record: Any
    action: str
    actor: Any = None
    changes: Sequence[dict[str, Any]] = ()
    part: Any = None
    mass: Mass | None = None


LOUDEST = 10
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
    """Announce acts of one transaction; private rows reach listeners, never the event bus.

    Of an act on very many records the bus hears for the first rows only: browsers read their
    lists again after one event as well as after 100,000.
    """
    for listener in _listeners:
        listener(happenings)
    for one in happenings:
        if one.mass is None or _is_loud(one.mass):
            _emit(one.entity, one.record, one.action)


def _is_loud(mass: Mass) -> bool:
    mass.events += 1
    return not mass.is_silent and mass.events <= LOUDEST


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
