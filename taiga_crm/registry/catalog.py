"""The catalog: every entity that was registered, in order, with its derived fields."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from taiga_crm.registry.derive import derived_fields
from taiga_crm.registry.entity import Entity, Field

_entities: dict[str, Entity] = {}


def register(entity: Entity) -> Entity:
    """Add an entity; a second one with the same key or path is refused at import time."""
    taken = {other.path for other in _entities.values()}
    if entity.key in _entities or entity.path in taken:
        raise ValueError(f"Entity {entity.key} ({entity.path}) is registered already")
    _entities[entity.key] = entity
    return entity


def entities() -> tuple[Entity, ...]:
    """Return all entities in the order of their registration."""
    return tuple(_entities.values())


def entity(key: str) -> Entity:
    """Return one entity by key; KeyError for an unknown one."""
    return _entities[key]


def entity_of_model(model: type) -> Entity | None:
    """Return the entity whose rows are of this model, None when there is none."""
    return next((one for one in _entities.values() if one.model is model), None)


@cache
def fields_of(key: str) -> dict[str, Field]:
    """Return the fields of an entity by name: declared ones first, the rest derived."""
    keys = {one.model._meta.label_lower: one.key for one in reversed(entities())}
    return {
        name: replace(field, target=keys.get(field.target, field.target.partition(".")[2]))
        if field.target and "." in field.target
        else field
        for name, field in derived_fields(_entities[key]).items()
    }
