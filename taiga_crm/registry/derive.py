"""Derive fields from a Django model, so that an entity declares only what is special."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from taiga_crm.registry.entity import Choice, Entity, Field

SYSTEM_FIELDS = frozenset({"created_at", "created_by", "modified_at", "version"})
KIND_OF_COLUMN: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.DecimalField, "decimal"),
    (models.IntegerField, "integer"),
    (models.URLField, "url"),
    (models.TextField, "long_text"),
    (models.CharField, "text"),
)
GROUPABLE_KINDS = frozenset(
    {"choice", "link", "links", "country", "boolean", "date", "datetime", "text"}
)


def derived_fields(entity: Entity) -> dict[str, Field]:
    """Return every field the declaration names, declared or derived, in a stable order."""
    declared = {field.name: field for field in entity.fields}
    result: dict[str, Field] = {}
    for name in _names(entity):
        field = declared.get(name) or derive(entity.model, name)
        result[name] = _with_defaults(entity, field)
    return result


def derive(model: type[models.Model], name: str) -> Field:
    """Describe one column, or one column across relations written with `__`."""
    relation, _, rest = name.partition("__")
    column = model._meta.get_field(relation)
    if rest and not column.is_relation:
        raise FieldDoesNotExist(f"{name}: {relation} leads to no other table")
    if rest:
        inner = derive(cast(type[models.Model], column.related_model), rest)
        return replace(
            inner,
            name=name,
            path=f"{relation}__{inner.path}",
            label_path=f"{relation}__{inner.label_path}" if inner.label_path else "",
            read_only=True,
            required=False,
            label=inner.label,
        )
    return _describe(column, name)


def _describe(column: Any, name: str) -> Field:
    if column.is_relation:
        return _describe_link(column, name)
    kind = next(kind for base, kind in KIND_OF_COLUMN if isinstance(column, base))
    choices = tuple(Choice(value, label) for value, label in column.choices or ())
    return Field(
        name=name,
        kind="choice" if choices else kind,
        label=column.verbose_name,
        path=name,
        help=column.help_text,
        required=not (column.blank or column.null or column.has_default()),
        read_only=name in SYSTEM_FIELDS or not column.editable,
        nullable=column.null,
        max_length=column.max_length,
        choices=choices,
        default=column.default if column.has_default() and not callable(column.default) else None,
        minimum=0 if isinstance(column, models.PositiveIntegerField) else None,
    )


def _describe_link(column: Any, name: str) -> Field:
    model = column.related_model
    return Field(
        name=name,
        kind="link",
        label=column.verbose_name,
        path=f"{name}_id",
        label_path=f"{name}__{label_column(model)}",
        target=model._meta.label_lower,
        help=column.help_text,
        required=not (column.blank or column.null),
        read_only=name in SYSTEM_FIELDS,
        nullable=column.null,
    )


def label_column(model: type[models.Model]) -> str:
    """Return the column people know a row by: full name for users, name elsewhere."""
    for name in ("full_name", "name"):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return name
    return "id"


def _names(entity: Entity) -> list[str]:
    names = [name for section in entity.fieldsets for name in section.fields]
    names += [*(field.name for field in entity.fields), *entity.list_display, *entity.list_filter]
    return list(dict.fromkeys(names))


def _with_defaults(entity: Entity, field: Field) -> Field:
    groups = {name.partition(":")[0] for name in entity.group_by}
    label = field.label or field.name.replace("_", " ").capitalize()
    return replace(
        field,
        label=label,
        path=field.path or field.name,
        groupable=field.groupable or (field.name in groups and field.kind in GROUPABLE_KINDS),
        filterable=field.filterable and field.name in entity.list_filter,
        totalable=field.totalable or field.name in entity.totals,
    )
