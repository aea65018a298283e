"""The fields of an entity for one person: every engine asks here, never the declaration alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from taiga_crm.models import FieldsStamp
from taiga_crm.permissions.access import Access, access_of, kept_access
from taiga_crm.permissions.custom import custom_fields
from taiga_crm.registry.catalog import entity as entity_of
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity, Field

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
    """Return the fields for one person; field rules join here, before what is made from them."""
    return _with_their_inputs(_every(entity.key, access.fields_stamp))


@lru_cache(maxsize=200)
def _every(key: str, stamp: int) -> Fields:
    """Return the declared and the custom fields; the same answer as long as the stamp stays."""
    custom = custom_fields(entity_of(key), stamp)
    return {**fields_of(key), **custom} if custom else fields_of(key)


def _with_their_inputs(fields: Fields) -> Fields:
    """Leave out what is computed from a field that is not there: it would tell its value."""
    while blind := [one.name for one in fields.values() if not fields.keys() >= {*one.inputs}]:
        fields = {name: one for name, one in fields.items() if name not in blind}
    return fields
