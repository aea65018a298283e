"""Lookup: the first rows whose name matches, for choosing one while typing."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from taiga_crm.capabilities.listing import bounded_time, in_project, searched
from taiga_crm.capabilities.sources import source_of
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_crm_project
from taiga_crm.registry.entity import Entity

LIMIT = 20


def lookup(
    entity: Entity, user: Any, text: str, project_id: int | None = None, limit: int = LIMIT
) -> list[dict[str, Any]]:
    """Return up to `limit` of {"id", "label", "detail"}, sorted by name; a number finds an id."""
    rows = rows_for(entity, user)
    if project_id is not None and entity.projects:
        require_crm_project(user, project_id)
        rows = rows.filter(in_project(entity, project_id))
    if text:
        rows = _narrowed(rows, entity, user, text)
    details = [name for name in entity.lookup_detail if name in fields_for(entity, user)]
    sources = [source_of(entity, name, user) for name in (entity.name_field, *details)]
    for source in sources:
        rows = rows.annotate(**source.annotations)
    names = [source.sort for source in sources]
    with bounded_time():
        found = list(rows.order_by(names[0], "pk").values_list("pk", *names)[:limit])
    return [
        {"id": row[0], "label": row[1], "detail": " · ".join(str(v) for v in row[2:] if v)}
        for row in found
    ]


def _narrowed(rows: Any, entity: Entity, user: Any, text: str) -> Any:
    named = searched(rows, entity, user, text)
    number = text.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return rows.filter(Q(pk=int(number)) | Q(pk__in=named.values("pk")))
    return named
