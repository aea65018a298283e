"""Several links as one column: the linked rows that the person may see, as JSON and as a text."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg, StringAgg
from django.db.models import Case, F, OuterRef, Q, Subquery, TextField, When
from django.db.models.functions import Cast, JSONObject

from taiga_crm.permissions.decide import seen_through
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.masks import any_of
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


def beside_links(entity: Entity, rows: Any, spec: Field, user: Any) -> Any:
    """Return each row as often as it has links, with one of them as `g_id` and `g_label`.

    Where a rule hides the links, the row stands once, beside nothing.
    """
    guard = _guard(spec, user, f"{spec.path}__")
    number, label = F(f"{spec.path}__id"), F(f"{spec.path}__{spec.label_path}")
    if guard is True and not spec.hidden_where:
        return rows.annotate(g_id=number, g_label=label)
    seen = guard if isinstance(guard, Q) else Q() if guard else Q(pk__in=[])
    if spec.hidden_where:
        hidden = any_of(spec.hidden_where)
        seen &= ~hidden
        first = Q(g_link=_first_link(entity, spec)) | Q(g_link__isnull=True)
        rows = rows.alias(g_link=number).filter(~hidden | first)
    return rows.annotate(
        g_id=Case(When(seen, then=number), default=None),
        g_label=Case(When(seen, then=label), default=None),
    )


def _first_link(entity: Entity, spec: Field) -> Subquery:
    relation: Any = entity.model._meta.get_field(spec.path)
    near, far = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    rows = relation.remote_field.through._base_manager.filter(**{near: OuterRef("pk")})
    return Subquery(rows.order_by(far).values(f"{far}_id")[:1])


def _guard(spec: Field, user: Any, prefix: str) -> Outcome:
    target = next(one for one in entities() if one.key == spec.target)
    return seen_through(target, user, prefix)
