"""Several links as one column: the linked rows that the person may see, as JSON and as a text."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg, StringAgg
from django.db.models import Case, F, OuterRef, Q, Subquery, TextField, When
from django.db.models.functions import Cast, JSONObject

from taiga_crm.permissions.decide import seen_through
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.rules import Outcome


def column_of(entity: Entity, spec: Field, user: Any) -> dict[str, Any]:
    """Return {name: expression} of the column and of the text that it is sorted by."""
    relation: Any = entity.model._meta.get_field(spec.path)
    near, far = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    label = f"{far}__{spec.label_path}"
    rows = relation.remote_field.through._base_manager.filter(**{near: OuterRef("pk")})
    guard = _guard(spec, user, f"{far}__")
    rows = rows.none() if guard is False else rows.filter(guard) if isinstance(guard, Q) else rows
    parts = {name: F(f"{far}__{path}") for name, path in spec.extras.items()}
    shown = JSONObject(id=F(f"{far}_id"), label=F(label), **parts)
    listed = rows.order_by().values(near)
    return {
        f"x_{spec.name}": Subquery(
            listed.annotate(found=JSONBAgg(shown, ordering=(label, far))).values("found")
        ),
        f"x_{spec.name}_text": Subquery(
            listed.annotate(
                found=StringAgg(
                    Cast(label, TextField()), ", ", ordering=(label, far), output_field=TextField()
                )
            ).values("found"),
            output_field=TextField(),
        ),
    }


def joined(spec: Field, user: Any) -> dict[str, Any]:
    """Return {name: expression} of one linked row beside another: a row for each link."""
    guard = _guard(spec, user, f"{spec.path}__")
    number, label = F(f"{spec.path}__id"), F(f"{spec.path}__{spec.label_path}")
    if guard is True:
        return {"g_id": number, "g_label": label}
    seen = Q(pk__in=[]) if guard is False else guard
    return {
        "g_id": Case(When(seen, then=number), default=None),
        "g_label": Case(When(seen, then=label), default=None),
    }


def _guard(spec: Field, user: Any, prefix: str) -> Outcome:
    target = next(one for one in entities() if one.key == spec.target)
    return seen_through(target, user, prefix)
