"""Where a field's value comes from in SQL: a column, an expression, or a guarded link."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from taiga_crm.capabilities.many_links import column_of
from taiga_crm.permissions.decide import rows_for, seen_through
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.columns import FirstOf
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, Money
from taiga_crm.registry.masks import any_of
from taiga_crm.registry.rules import Outcome


@dataclass(frozen=True)
class Source:
    """SQL of one field: names to select, annotations they need, and the name to sort by."""

    names: tuple[str, ...]
    sort: str
    annotations: dict[str, Any] = field(default_factory=dict)


def source_of(entity: Entity, name: str, user: Any) -> Source:
    """Return the SQL of a field for one person; a hidden link target becomes NULL, and so does
    the value on the rows where a field rule hides it."""
    spec = fields_for(entity, user)[name]
    source = _open_source(entity, spec, user)
    return _masked(spec, source) if spec.hidden_where else source


def _open_source(entity: Entity, spec: Field, user: Any) -> Source:
    if spec.expression is not None:
        return _virtual(spec, user)
    if spec.kind == "money":
        return Source((spec.path, spec.currency_path), spec.path)
    if spec.kind == "links" and spec.columnar:
        column = column_of(entity, spec, user)
        return Source((f"x_{spec.name}",), f"x_{spec.name}_text", column)
    if spec.kind != "link":
        return Source((spec.path,), spec.path)
    if spec.column:
        return _custom_link(spec, user)
    extras = tuple(spec.extras.values())
    guard = link_guard(spec, user)
    if guard is True:
        return Source((spec.path, spec.label_path, *extras), spec.label_path)
    return _guarded(spec, guard)


def page_source(entity: Entity, name: str, user: Any) -> Source:
    """Return the SQL of a field for the few rows of a page, where joins cost more than rows."""
    spec, source = fields_for(entity, user)[name], source_of(entity, name, user)
    if spec.hidden_where:
        return source
    names, annotations = list(source.names), dict(source.annotations)
    for place, expression in enumerate((spec.expression, spec.label_expression)):
        if isinstance(expression, FirstOf) and "__" in expression.path:
            del annotations[names[place]]
            names[place] = f"page_{names[place]}"
            annotations[names[place]] = expression.looked_up(entity.model)
    return Source(tuple(names), source.sort, annotations)


def stored_value(spec: Field, user: Any) -> tuple[str, dict[str, Any]]:
    """Return the name to compare a field's stored value by, and the annotation it needs."""
    value = F(spec.path) if spec.expression is None else spec.expression(user.pk)
    if not spec.hidden_where and spec.expression is None:
        return spec.path, {}
    alias = f"f_{spec.name}"
    return alias, {alias: unless_hidden(spec, value)}


def link_guard(spec: Field, user: Any) -> Outcome:
    """Return the rule that the link's target must satisfy to be shown; True = no condition."""
    if spec.column:
        return Q(Exists(_linked(spec, user)))
    target = next((one for one in entities() if one.key == spec.target), None)
    if target is None or not spec.guarded or spec.expression is not None:
        return True
    relation = spec.path.removesuffix("_id")
    return seen_through(target, user, f"{relation}__")


def show(spec: Field, values: tuple[Any, ...]) -> Any:
    """Compose the JSON of a field from the selected values."""
    if spec.kind == "link":
        if values[0] is None:
            return None
        extras = dict(zip(spec.extras, values[2:], strict=False))
        return {"id": values[0], "label": values[1] or "", **extras}
    if spec.kind == "links":
        return values[0] or []
    if spec.kind == "money":
        return KINDS["money"].show(None if values[0] is None else Money(values[0], values[1]))
    return KINDS[spec.kind].show(values[0])


def text(spec: Field, values: tuple[Any, ...]) -> str:
    """Compose the text of a field for exports."""
    if spec.kind == "link":
        return str(values[1] or "") if values[0] is not None else ""
    if spec.kind == "links":
        return ", ".join(str(one["label"]) for one in values[0] or ())
    if spec.kind == "money":
        value = None if values[0] is None else Money(values[0], values[1])
        return KINDS["money"].text(spec, value)
    if spec.kind in ("date", "datetime", "decimal"):
        return str(KINDS[spec.kind].show(values[0]) or "")
    return KINDS[spec.kind].text(spec, values[0])


def _custom_link(spec: Field, user: Any) -> Source:
    """A link without a foreign key: a row that is gone or hidden is shown as empty."""
    number, label = f"x_{spec.name}", f"x_{spec.name}_label"
    rows = _linked(spec, user)
    annotations = {
        number: Subquery(rows.values("pk")[:1]),
        label: Subquery(rows.values(spec.label_path)[:1]),
    }
    return Source((number, label), label, annotations)


def _linked(spec: Field, user: Any) -> Any:
    """Return the row that a custom link leads to, as far as the person may see it."""
    target = next((one for one in entities() if one.key == spec.target), None)
    rows = get_user_model().objects.all() if target is None else rows_for(target, user)
    return rows.filter(pk=OuterRef(spec.path)).order_by()


def _masked(spec: Field, source: Source) -> Source:
    """Put NULL in the place of every value of the rows that a field rule covers."""
    every = dict.fromkeys((*source.names, source.sort))
    names = {name: f"m{place}_{spec.name}" for place, name in enumerate(every)}
    annotations = {
        alias: unless_hidden(spec, source.annotations.get(name, F(name)))
        for name, alias in names.items()
    }
    return Source(tuple(names[one] for one in source.names), names[source.sort], annotations)


def unless_hidden(spec: Field, value: Any) -> Any:
    """Return NULL in place of the value on the rows where a field rule hides it."""
    if not spec.hidden_where:
        return value
    return Case(When(any_of(spec.hidden_where), then=Value(None)), default=value)


def _virtual(spec: Field, user: Any) -> Source:
    assert spec.expression is not None
    annotations = {f"x_{spec.name}": spec.expression(user.pk)}
    names: tuple[str, ...] = (f"x_{spec.name}",)
    if spec.label_expression is not None:
        annotations[f"x_{spec.name}_label"] = spec.label_expression(user.pk)
        names = (*names, f"x_{spec.name}_label")
    return Source(names, names[-1], annotations)


def _guarded(spec: Field, guard: Outcome) -> Source:
    if guard is False:
        guard = Q(pk__in=[])
    number, label = f"x_{spec.name}", f"x_{spec.name}_label"
    visible = {
        number: Case(
            When(guard, then=F(spec.path)), default=None, output_field=IntegerField(null=True)
        ),
        label: Case(
            When(guard, then=Cast(F(spec.label_path), TextField())),
            default=Value(None),
            output_field=TextField(null=True),
        ),
    }
    return Source((number, label, *spec.extras.values()), label, visible)
