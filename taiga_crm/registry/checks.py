"""System checks: a wrong declaration stops the boot with a sentence (crm.E001 …)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist

from taiga_crm.registry.catalog import entities, fields_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS


@register()
def check_entities(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check every registered entity."""
    return [message for entity in entities() for message in check_entity(entity)]


def check_entity(entity: Entity) -> list[CheckMessage]:
    """Return the faults of one declaration."""
    try:
        fields = fields_of(entity.key)
    except (FieldDoesNotExist, StopIteration) as error:
        return [Error(f"{entity.key}: {error}", id="crm.E001")]
    return [Error(f"{entity.key}: {text}", id=code) for code, text in _faults(entity, fields)]


def _faults(entity: Entity, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    yield from _unknown_names(entity, fields)
    for field in fields.values():
        if field.kind not in KINDS:
            yield "crm.E003", f"{field.name} has the unknown kind {field.kind}"
    for action in entity.actions:
        if action.verb not in entity.rules:
            yield "crm.E004", f"action {action.name} has no rule {action.verb}"
    if "view" not in entity.rules:
        yield "crm.E005", "there is no rule for view"


def _unknown_names(entity: Entity, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    for name in _named(entity):
        if name not in fields:
            yield "crm.E001", f"unknown field {name}"
    for name in entity.group_by:
        field = fields.get(name.partition(":")[0])
        if field is None or not field.groupable:
            yield "crm.E002", f"cannot group by {name}"


def _named(entity: Entity) -> Iterator[str]:
    """Yield the names that must be fields already; those of columns and forms make fields."""
    yield from (one.lstrip("-") for one in entity.ordering)
    yield from (*entity.totals, *entity.search_fields, *entity.search_also, *entity.lookup_detail)
    yield entity.name_field
