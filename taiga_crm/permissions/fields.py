"""The fields of an entity for one person: every engine asks here, never the declaration alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity, Field


def fields_for(entity: Entity, user: Any) -> Mapping[str, Field]:
    """Return {name: field} as far as the person may see them; without a person, all of them."""
    return fields_of(entity.key)
