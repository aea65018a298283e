"""Lookup: the first rows whose name matches, for choosing one while typing."""

from __future__ import annotations

from typing import Any

from taiga_crm.capabilities.listing import bounded_time, in_project
from taiga_crm.capabilities.searching import matching
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.projects import crm_project
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity

LIMIT = 20


def lookup(
    entity: Entity, user: Any, text: str, project_id: int | None = None, limit: int = LIMIT
) -> list[dict[str, Any]]:
    """Return up to `limit` of {"id", "label", "detail"}, sorted by name; a number finds an id."""
    rows = rows_for(entity, user)
    if project_id is not None and entity.projects:
        crm_project(user, project_id)
        rows = rows.filter(in_project(entity, project_id))
    if text:
        rows = _narrowed(rows, entity, text)
    details = [fields_of(entity.key)[name] for name in entity.lookup_detail]
    names = ["pk", entity.name_field, *(field.label_path or field.path for field in details)]
    with bounded_time():
        found = list(rows.order_by(entity.name_field, "pk").values_list(*names)[:limit])
    return [
        {"id": row[0], "label": row[1], "detail": " · ".join(str(v) for v in row[2:] if v)}
        for row in found
    ]


def _narrowed(rows: Any, entity: Entity, text: str) -> Any:
    if entity.search_column:
        named = matching(rows, text, entity.search_column)
    else:
        named = rows.filter(**{f"{entity.name_field}__icontains": text})
    number = text.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return rows.filter(pk=int(number)) | named
    return named
