"""The fields of an entity for one person: every engine asks here, never the declaration alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from taiga_crm.models import FieldsStamp
from taiga_crm.permissions.access import Access, access_of
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


def _of_person(entity: Entity, access: Access) -> Fields:
    """Return the declared fields; custom fields and field rules join here, kept per stamp."""
    return fields_of(entity.key)
