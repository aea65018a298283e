"""What a new form starts with: defaults, the project at hand, or a copy of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from taiga_crm.capabilities.reading import read_record
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.permissions.projects import crm_project
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity


def prefill(entity: Entity, user: Any, params: Mapping[str, str]) -> dict[str, Any]:
    """Return {field: value}; `copy=ID` needs a visible record, `project=ID` a CRM project."""
    fields = fields_of(entity.key)
    values = {name: field.default for name, field in fields.items() if field.default is not None}
    if _number(params, "copy") is not None:
        record = read_record(entity, user, _number(params, "copy"))
        values = {
            name: record[name]
            for name, field in fields.items()
            if not field.read_only and field.expression is None and name in record
        }
    project_id = _number(params, "project")
    if project_id is not None:
        project = crm_project(user, project_id)
        own = {"id": project.pk, "label": project.name, "slug": project.slug}
        for name, field in fields.items():
            if field.target == "project" and field.kind == "links" and "copy" not in params:
                values[name] = [own]
    return values


def _number(params: Mapping[str, str], key: str) -> int | None:
    raw = params.get(key, "")
    if raw == "":
        return None
    if not raw.isascii() or not raw.isdigit() or len(raw) > 15:
        raise InvalidQuery(f"{key} must be a number")
    return int(raw)
