"""Explain an entity: everything that is derived from its declaration, as text for review."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.utils import translation

from taiga_crm.api.router import entity_urls
from taiga_crm.capabilities.meta import describe_field
from taiga_crm.permissions.keys import VERBS, role_key
from taiga_crm.registry.catalog import entities, fields_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.operators import is_columnar, operators_of

WIDTH = 100
PREFIX = "/api/v1/crm/"
Lines = Iterator[str]


def explain(entity: Entity) -> str:
    """Return the whole explanation in English, ending with a line break."""
    with translation.override("en"):
        return "\n".join(line.rstrip() for line in _lines(entity)) + "\n"


def _lines(entity: Entity) -> Lines:
    yield from _head(entity)
    yield from _titled("Fields", _fields(entity))
    yield from _titled("List", _list(entity))
    yield from _titled("Form", (f"{s.label}: {', '.join(s.fields)}" for s in entity.fieldsets))
    yield from _titled("Rules", _rules(entity))
    yield from _titled("Actions", (_action(entity, action) for action in entity.actions))
    yield from _titled("Tabs", map(_tab, entity.tabs))
    yield from _titled("URLs", _urls(entity))
    yield from _titled("Table", _table(entity.model))


def _head(entity: Entity) -> Lines:
    yield f"{entity.key}: {entity.label} / {entity.label_plural}"
    yield f"  scope    {entity.scope}"
    if entity.projects:
        yield f"  projects {entity.projects}"
    if entity.base:
        yield f"  rows     {', '.join(f'{k}={v}' for k, v in entity.base.items())}"
    if entity.grantable:
        yield f"  roles    {', '.join(role_key(verb, entity.key) for verb in VERBS)}"
    for moment in ("prepare", "written", "removing", "restoring", "settle"):
        hook = getattr(entity, moment)
        if hook is not None:
            yield f"  {moment:<9} {hook.__module__.removeprefix('taiga_crm.')}.{hook.__name__}"


def _fields(entity: Entity) -> Lines:
    fields = fields_of(entity.key)
    for field in fields.values():
        yield f"{field.name:<26} {field.kind:<10} {str(field.label):<22} {_flags(entity, field)}"


def _flags(entity: Entity, field: Field) -> str:
    flags = {
        "required": field.required,
        "read-only": describe_field(entity, field)["read_only"],
        "create-only": field.create_only,
        "inline": describe_field(entity, field)["editable_inline"],
        "sort": field.sortable and is_columnar(field),
        f"filter({', '.join(operators_of(field))})": field.filterable and bool(operators_of(field)),
        "group": field.groupable,
        "total": field.name in entity.totals,
        "search": field.name in (*entity.search_fields, *entity.search_also),
        "guarded": field.guarded and field.target in {one.key for one in entities()},
        f"-> {field.target}": bool(field.target),
        f"max {field.max_length}": field.max_length is not None,
        f"from {field.minimum}": field.minimum is not None,
        f"to {field.maximum}": field.maximum is not None,
        f"default {field.default}": field.default not in (None, ""),
        f"one of {'|'.join(choice.value for choice in field.choices)}": bool(field.choices),
        f"when {field.visible_if and field.visible_if.field}": field.visible_if is not None,
    }
    return ", ".join(name for name, holds in flags.items() if holds)


def _list(entity: Entity) -> Lines:
    yield from _wrapped("columns", ", ".join(entity.list_display))
    yield from _wrapped("order", ", ".join(entity.ordering))
    yield from _wrapped("filters", ", ".join(entity.list_filter))
    yield from _wrapped("groups", ", ".join(entity.group_by))
    yield from _wrapped("totals", ", ".join(entity.totals))
    yield from _wrapped("search", ", ".join((*entity.search_fields, *entity.search_also)))
    yield from _wrapped("lookup", ", ".join((entity.name_field, *entity.lookup_detail)))


def _rules(entity: Entity) -> Lines:
    for verb, rule in entity.rules.items():
        yield from _wrapped(verb, rule.text.removeprefix("(").removesuffix(")"))
    for verb in VERBS:
        if verb not in entity.rules:
            yield f"{verb:<9} refused"


def _action(entity: Entity, action: Any) -> str:
    when = f", when {action.when.field} is {action.when.value}" if action.when else ""
    asks = ", asks first" if action.question else ""
    name = f"{action.run.__module__.removeprefix('taiga_crm.')}.{action.run.__name__}"
    return f"{action.name}: {action.label}; needs {action.verb}{when}{asks}; {name}"


def _tab(tab: Any) -> str:
    where = ", ".join(f"{name}={value}" for name, value in tab.filter.items())
    return f"{tab.key}: {tab.label}; {tab.kind} {tab.entity}{f' ({where})' if where else ''}"


def _urls(entity: Entity) -> Lines:
    for url in entity_urls(entity):
        pattern = str(url.pattern).lstrip("^").rstrip("$").replace("\\.", ".")
        pattern = pattern.replace("(?P<pk>[0-9]{1,19})", "{id}")
        methods = ", ".join(name.upper() for name in getattr(url.callback, "actions", {}))
        yield f"{methods:<20} {PREFIX}{pattern}"


def _table(model: type[models.Model]) -> Lines:
    meta = model._meta
    yield meta.db_table
    for index in meta.indexes:
        columns = ", ".join(index.fields) or ", ".join(str(part) for part in index.expressions)
        where = f" where {index.condition}" if index.condition else ""
        yield f"index {index.name}: {columns}{where}"
    for constraint in meta.constraints:
        yield f"{type(constraint).__name__} {constraint.name}"


def _titled(title: str, lines: Iterable[str]) -> Lines:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}" for line in found)


def _wrapped(name: str, text: str) -> Lines:
    if text:
        yield from textwrap.wrap(f"{name:<9} {text}", WIDTH, subsequent_indent=" " * 10)
