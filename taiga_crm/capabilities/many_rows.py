"""Fields that are several rows, each as one JSON column of the record they belong to."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from taiga_crm.capabilities.statements import IsIn
from taiga_crm.permissions.projects import my_projects
from taiga_crm.registry.entity import Entity, Field

CHANNELS = ("emails", "phones")


class Listed(Subquery):
    """The rows of a subquery of one JSON column as one JSON list, in their order."""

    template = "to_jsonb(ARRAY(%(subquery)s))"
    output_field = JSONField()

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Keep the order: Django drops that of a subquery, which does not matter for a value."""
        resolved = super().resolve_expression(*args, **kwargs)
        resolved.query.add_ordering(*self.query.order_by)
        return resolved

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        """Write the SQL; of rows that cannot exist Django would select 0, which is no list."""
        try:
            return super().as_sql(*args, **kwargs)
        except EmptyResultSet:
            return "'[]'::jsonb", []


def many_rows(entity: Entity, field: Field, user: Any) -> Any:
    """Return the column of a field: addresses, projects or links with their names."""
    if field.kind in CHANNELS:
        return _channels(entity, field)
    if field.target == "project":
        return _projects(field, user)
    return _links(entity, field)


def _channels(entity: Entity, field: Field) -> Any:
    relation: Any = entity.model._meta.get_field(field.path)
    owner = relation.field.name
    rows = relation.related_model._base_manager.filter(**{owner: OuterRef("pk")})
    shown = JSONObject(id="pk", value="value", type="type", is_primary="is_primary")
    return Listed(rows.order_by("position", "pk").values(shown=shown))


def _projects(field: Field, user: Any) -> Any:
    """Only the projects the reader belongs to: another project's name is not ours to tell."""
    rows = my_projects(user).alias(here=IsIn(F("pk"), OuterRef(field.path))).filter(here=True)
    shown = JSONObject(id="pk", label="name", slug="slug")
    return Listed(rows.order_by("name", "pk").values(shown=shown))


def _links(entity: Entity, field: Field) -> Any:
    relation: Any = entity.model._meta.get_field(field.path)
    near, far = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    label = f"{far}__{field.label_path}"
    rows = relation.remote_field.through._base_manager.filter(**{near: OuterRef("pk")})
    shown = JSONObject(id=f"{far}_id", label=label)
    return Listed(rows.order_by(label, far).values(shown=shown))
