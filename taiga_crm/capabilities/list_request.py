"""ListRequest: what a list was asked for, read from the URL and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.conditions import Condition, Node
from taiga_crm.capabilities.filter_tree import check_offered, read_tree
from taiga_crm.capabilities.filtering import check_condition
from taiga_crm.capabilities.paging import MAX_CURSOR
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.permissions.fields import fields_for, list_columns
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import CONTROL
from taiga_crm.registry.operators import is_columnar

RESERVED = frozenset(
    [
        "project",
        "fields",
        "sort",
        "q",
        "page",
        "page_size",
        "cursor",
        "group_by",
        "totals",
        "tree",
        "view",
        "format",
        "ids",
        "imported",
    ]
)
MAX_FILTERS = 20
MAX_QUERY = 200
UNITS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class ListRequest:
    """A checked request for a list, its groups or its export.

    `imported` is an import of the person: the rows that it has created.
    """

    columns: tuple[str, ...]
    conditions: tuple[Node, ...] = ()
    sort: tuple[str, ...] = ()
    search: str = ""
    project: int | None = None
    page: int = 1
    page_size: int = 50
    cursor: str = ""
    group_by: str = ""
    group_unit: str = ""
    totals: tuple[str, ...] = ()
    imported: int | None = None


def read_list_request(entity: Entity, user: Any, params: Mapping[str, str]) -> ListRequest:
    """Read a query string; raise InvalidQuery for whatever the entity does not offer."""
    fields = fields_for(entity, user)
    columns = _names(params.get("fields", "")) or list_columns(entity, fields)
    for name in columns:
        if name not in fields or not is_columnar(fields[name]):
            raise InvalidQuery(_("Unknown column: %s") % name)
    group, _colon, unit = params.get("group_by", "").partition(":")
    return ListRequest(
        columns=columns,
        conditions=_conditions(entity, user, params),
        sort=_sort(entity, user, params),
        search=_text(params.get("q", "")),
        project=_number(params, "project", None),
        page=_number(params, "page", 1) or 1,
        page_size=min(_number(params, "page_size", conf().page_size) or 1, conf().max_page_size),
        cursor=_text(params.get("cursor", ""), MAX_CURSOR),
        group_by=_group(entity, user, group),
        group_unit=_unit(entity, user, group, unit),
        totals=_totals(entity, user, params),
        imported=_number(params, "imported", None),
    )


def read_place(params: Mapping[str, str]) -> ListRequest:
    """Read search, project and page alone, for lists that are of no one kind."""
    return ListRequest(
        columns=(),
        search=_text(params.get("q", "")),
        project=_number(params, "project", None),
        page=_number(params, "page", 1) or 1,
        page_size=min(_number(params, "page_size", conf().page_size) or 1, conf().max_page_size),
    )


def _conditions(entity: Entity, user: Any, params: Mapping[str, str]) -> tuple[Node, ...]:
    fields = fields_for(entity, user)
    result: list[Node] = []
    for key, raw in params.items():
        if key in RESERVED:
            continue
        name, operator = (key, "exact") if key in fields else _split(key)
        check_offered(fields, name, operator, key)
        result.append(Condition(name, operator, _text(raw, 2_000)))
    if len(result) > MAX_FILTERS:
        raise InvalidQuery(_("At most %d filters.") % MAX_FILTERS)
    tree = read_tree(fields, params.get("tree", ""), lambda one: check_condition(entity, user, one))
    return tuple(result) if tree is None else (*result, tree)


def _split(key: str) -> tuple[str, str]:
    name, _separator, operator = key.rpartition("__")
    return (name, operator) if name else (key, "exact")


def _sort(entity: Entity, user: Any, params: Mapping[str, str]) -> tuple[str, ...]:
    fields = fields_for(entity, user)
    visible = tuple(name for name in entity.ordering if name.lstrip("-") in fields)
    names = _names(params.get("sort", "")) or visible
    for name in names:
        field = fields.get(name.lstrip("-"))
        if field is None or not field.sortable or not is_columnar(field):
            raise InvalidQuery(_("Unknown sort column: %s") % name)
    return names[:3]


def _group(entity: Entity, user: Any, name: str) -> str:
    field = fields_for(entity, user).get(name)
    if name and (field is None or not field.groupable):
        raise InvalidQuery(_("Unknown group: %s") % name)
    return name


def _unit(entity: Entity, user: Any, name: str, unit: str) -> str:
    if not name or fields_for(entity, user)[name].kind not in ("date", "datetime"):
        if unit:
            raise InvalidQuery(_("This group has no unit: %s") % unit)
        return ""
    if unit and unit not in UNITS:
        raise InvalidQuery(_("Unknown unit: %s") % unit)
    return unit or "month"


def _totals(entity: Entity, user: Any, params: Mapping[str, str]) -> tuple[str, ...]:
    fields = fields_for(entity, user)
    names = _names(params.get("totals", "")) if "totals" in params else _totalable(entity, fields)
    for name in names:
        if name not in fields or not fields[name].totalable:
            raise InvalidQuery(_("Unknown total: %s") % name)
    return names


def _totalable(entity: Entity, fields: Mapping[str, Field]) -> tuple[str, ...]:
    shown = (one.name for one in fields.values() if one.shown and one.totalable)
    return (*(name for name in entity.totals if name in fields), *shown)


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))[:60]


def _number(params: Mapping[str, str], key: str, default: int | None) -> int | None:
    raw = params.get(key, "")
    if raw == "":
        return default
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9 or int(raw) < 1:
        raise InvalidQuery(_("%s must be a positive number.") % key)
    return int(raw)


def _text(raw: str, limit: int = MAX_QUERY) -> str:
    if CONTROL.search(raw):
        raise InvalidQuery(_("The text contains control characters."))
    if len(raw) > limit:
        raise InvalidQuery(_("At most %d characters.") % limit)
    return raw.strip()
