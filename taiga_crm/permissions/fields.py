"""The fields of an entity for one person: every engine asks here, never the declaration alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from taiga_crm.models import FieldsStamp
from taiga_crm.permissions.access import Access, access_of, kept_access
from taiga_crm.permissions.custom import custom_fields
from taiga_crm.permissions.field_rules import effects_of, never_hidden, rules_of
from taiga_crm.registry.catalog import entity as entity_of
from taiga_crm.registry.catalog import entity_of_model, fields_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.masks import Mask

Fields = Mapping[str, Field]


def fields_for(entity: Entity, user: Any) -> Fields:
    """Return {name: field} as far as the person may see them; without a person, the declared ones.

    Kept on the user object as his Access is: one request, one answer.
    """
    if user is None:
        return fields_of(entity.key)
    kept: dict[str, Fields] = user.__dict__.setdefault("_crm_fields", {})
    if entity.key not in kept:
        kept[entity.key] = _of_person(entity, access_of(user))
    return kept[entity.key]


def fields_changed() -> None:
    """Give a new stamp, so that every process reads custom fields and field rules again."""
    FieldsStamp.objects.update_or_create(pk=1, defaults={"number": secrets.randbits(62)})


def every_field(entity: Entity, user: Any) -> Fields:
    """Return the fields of an entity whether the person sees them or not: for what is computed
    and kept beside what he writes, never for what is shown to him."""
    return _every(entity.key, stamp_of(user))


def stamp_of(user: Any) -> int:
    """Return the stamp of custom fields and rules: the person's when read, or the stored one."""
    if user is not None and (known := kept_access(user)) is not None:
        return known.fields_stamp
    return FieldsStamp.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def list_columns(entity: Entity, fields: Fields) -> tuple[str, ...]:
    """Return the columns that a list has where nobody chose any."""
    declared = tuple(name for name in entity.list_display if name in fields)
    return (*declared, *(one.name for one in fields.values() if one.shown))


def _of_person(entity: Entity, access: Access) -> Fields:
    """Return the fields for one person, without those that field rules hide everywhere."""
    if not access.fields_stamp or not rules_of(access.fields_stamp):
        return _without_rules(entity.key, access.fields_stamp)
    return _ruled(entity.key, access)


@lru_cache(maxsize=2_000)
def _ruled(key: str, access: Access) -> Fields:
    entity = entity_of(key)
    effects = effects_of(entity, access)
    found: dict[str, Field] = {}
    for name, field in _every(key, access.fields_stamp).items():
        one: Field | None = field
        if name in effects:
            one = effects[name].on(field, fixed=never_hidden(entity, field))
        if one is not None:
            one = _across(entity, one, access)
        if one is not None:
            found[name] = one
    return _with_their_inputs(found)


@lru_cache(maxsize=200)
def _without_rules(key: str, stamp: int) -> Fields:
    return _with_their_inputs(_every(key, stamp))


@lru_cache(maxsize=200)
def _every(key: str, stamp: int) -> Fields:
    """Return the declared and the custom fields; the same answer as long as the stamp stays."""
    custom = custom_fields(entity_of(key), stamp)
    return {**fields_of(key), **custom} if custom else fields_of(key)


def _across(entity: Entity, field: Field, access: Access) -> Field | None:
    """Apply the rules of the kind from which a field is shown across a link."""
    relation, _separator, rest = field.path.partition("__")
    target = _target(entity, relation) if rest and field.expression is None else None
    if target is None:
        return field
    source = next((f for f in _every(target.key, access.fields_stamp).values() if f.path == rest),
                  None)  # fmt: skip
    if source is None:
        return field
    shown = _of_person(target, access).get(source.name)
    if shown is None:
        return None
    masks = tuple(replace(m, prefix=f"{relation}__{m.prefix}") for m in shown.hidden_where)
    return replace(field, hidden_where=(*field.hidden_where, *masks)) if masks else field


def _target(entity: Entity, relation: str) -> Entity | None:
    try:
        column = entity.model._meta.get_field(relation)
    except FieldDoesNotExist:
        return None
    return entity_of_model(column.related_model) if column.is_relation else None  # type: ignore


def _with_their_inputs(fields: Fields) -> Fields:
    """Leave out what is made from a field that is not there: it would tell its value."""
    while blind := [one.name for one in fields.values() if not fields.keys() >= {*one.inputs}]:
        fields = {name: one for name, one in fields.items() if name not in blind}
    covered = {name: _masks_of(fields, one) for name, one in fields.items() if one.inputs}
    if not any(covered.values()):
        return fields
    return {
        name: replace(one, hidden_where=covered[name]) if covered.get(name) else one
        for name, one in fields.items()
    }


def _masks_of(fields: Fields, one: Field) -> tuple[Mask, ...]:
    """Return the masks of a field and, along all steps, of what it is made from."""
    found, waiting, seen = [*one.hidden_where], list(one.inputs), {one.name}
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            found += fields[name].hidden_where
            waiting += fields[name].inputs
    return tuple(dict.fromkeys(found))
