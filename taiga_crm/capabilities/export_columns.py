"""Columns of an export: the SQL each needs, and its texts, a whole chunk of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, OuterRef, Subquery

from taiga_crm.capabilities.export_request import is_manifold
from taiga_crm.capabilities.sources import source_of, unless_hidden
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import my_projects
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, Money

MAX_KNOWN = 5_000
SEPARATOR = ", "
REPEATED = frozenset({"boolean", "choice", "country"})
PLAIN = frozenset({"text", "long_text", "url", "color", "link", "emails", "phones"})
Values = Sequence[Any]


@dataclass(frozen=True)
class ExportColumn:
    """One field of an export: the names it selects and where they stand in a row."""

    spec: Field
    names: tuple[str, ...]
    annotations: dict[str, Any] = field(default_factory=dict)
    projects: dict[int, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the header of the column."""
        return str(self.spec.label)

    def texts(self, columns: Sequence[Values]) -> list[str]:
        """Return the texts of a chunk, given the selected values column by column."""
        if self.spec.kind == "money":
            kind = KINDS["money"]
            return [
                "" if amount is None else kind.text(self.spec, Money(amount, currency))
                for amount, currency in zip(*columns, strict=True)
            ]
        values = columns[0]
        if self.spec.kind in PLAIN:
            return ["" if value is None else str(value) for value in values]
        if self.spec.kind in REPEATED:
            return remembered(self._text, values)
        return [self._text(value) for value in values]

    def _text(self, value: Any) -> str:
        if value is None:
            return ""
        if self.spec.kind == "links" and self.spec.columnar:
            return SEPARATOR.join(one["label"] for one in value)
        if self.spec.kind == "links":
            names = (self.projects.get(one) for one in value)
            return SEPARATOR.join(sorted(name for name in names if name))
        kind = KINDS[self.spec.kind]
        if isinstance(value, Decimal) or self.spec.kind in ("date", "datetime"):
            return str(kind.show(value))
        return kind.text(self.spec, value)


def export_columns(entity: Entity, user: Any, names: Sequence[str]) -> list[ExportColumn]:
    """Return the columns of an export in their order."""
    return [_column(entity, fields_for(entity, user)[name], user) for name in names]


def remembered(make: Callable[[Any], str], values: Values) -> list[str]:
    """Make each text once; values that come again and again are looked up."""
    known: dict[Any, str] = {}
    texts = []
    for value in values:
        text = known.get(value)
        if text is None:
            text = make(value)
            if len(known) < MAX_KNOWN:
                known[value] = text
        texts.append(text)
    return texts


def _column(entity: Entity, spec: Field, user: Any) -> ExportColumn:
    if is_manifold(spec):
        return _manifold(entity, spec, user)
    source = source_of(entity, spec.name, user)
    names = source.names
    if spec.kind == "link":  # the label says it all, and without an id it is empty
        names = names[1:2] or names
    return ExportColumn(spec, names, source.annotations)


def _manifold(entity: Entity, spec: Field, user: Any) -> ExportColumn:
    if spec.kind == "links":
        known = dict(my_projects(user).values_list("pk", "name"))
        if spec.hidden_where:
            alias = f"m_{spec.name}"
            return ExportColumn(spec, (alias,), {alias: unless_hidden(spec, F(spec.path))}, known)
        return ExportColumn(spec, (spec.path,), {}, known)
    relation: Any = entity.model._meta.get_field(spec.path)
    rows = relation.related_model.objects.filter(**{relation.field.name: OuterRef("pk")})
    joined = (
        rows.order_by()
        .values(relation.field.name)
        .annotate(
            all_values=StringAgg(
                "value", delimiter=SEPARATOR, ordering=("-is_primary", "position", "id")
            )
        )
    )
    name = f"x_{spec.name}"
    values = unless_hidden(spec, Subquery(joined.values("all_values")))
    return ExportColumn(spec, (name,), {name: values})
