"""Turn filters into `Q`s on the same columns that are shown, guarded links included."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from taiga_crm.capabilities.list_request import Condition
from taiga_crm.capabilities.sources import link_guard
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, ValueFault

MAX_VALUES = 100


def apply_conditions(
    queryset: Any, entity: Entity, user: Any, conditions: tuple[Condition, ...]
) -> Any:
    """Narrow a queryset by all conditions."""
    for condition in conditions:
        field = fields_for(entity, user)[condition.field]
        if field.expression is not None:
            alias = f"f_{field.name}"
            queryset = queryset.alias(**{alias: field.expression(user.pk)})
            queryset = queryset.filter(_compare(field, alias, condition, user))
        else:
            queryset = queryset.filter(_guarded(field, condition, user))
    return queryset


def _guarded(field: Field, condition: Condition, user: Any) -> Q:
    found = _compare(field, field.path, condition, user)
    guard = link_guard(field, user) if field.kind == "link" else True
    if guard is True:
        return found
    if condition.operator == "exact":
        return found & guard if isinstance(guard, Q) else Q(pk__in=[])
    hidden = ~guard if isinstance(guard, Q) else ~Q(pk__in=[])
    seen_as_empty = Q(**{f"{field.path}__isnull": True}) | hidden
    if condition.operator == "empty":
        return seen_as_empty if _flag(condition) else ~seen_as_empty
    return found | seen_as_empty


def _compare(field: Field, path: str, condition: Condition, user: Any) -> Q:
    operator = condition.operator
    if operator == "empty":
        return _empty(field, path, _flag(condition))
    values = [_value(field, raw, user) for raw in _split(field, condition.raw)]
    if field.kind == "tags":
        return _listed(field, path, operator, values)
    if field.kind in ("links",):
        return _inside(path, values, user)
    if field.kind == "datetime" or (operator in ("gte", "lte") and field.kind == "date"):
        return _days(field, path, operator, values[0])
    if operator == "exact":
        return Q(**{f"{path}__in": values}) if len(values) > 1 else Q(**{path: values[0]})
    if operator == "not":
        return ~Q(**{f"{path}__in": values}) | Q(**{f"{path}__isnull": True})
    if operator == "contains":
        return Q(**{f"{path}__icontains": values[0]})
    return Q(**{f"{path}__{operator}": values[0]})


def _empty(field: Field, path: str, wanted: bool) -> Q:
    empty = Q(**{f"{path}__isnull": True})
    if KINDS[field.kind].empty == "":
        empty |= Q(**{path: ""})
    return empty if wanted else ~empty


def _listed(field: Field, path: str, operator: str, values: list[Any]) -> Q:
    """Compare a list with values: one of them is enough."""
    lookup = "has_any_keys" if field.column else "overlap"
    found = Q(**{f"{path}__{lookup}": values})
    return found if operator == "exact" else ~found | Q(**{f"{path}__isnull": True})


def _inside(path: str, values: list[Any], user: Any) -> Q:
    access = access_of(user)
    seen = [value for value in values if access.is_member(value)]
    return Q(**{f"{path}__contains": seen}) if len(seen) == len(values) else Q(pk__in=[])


def _days(field: Field, path: str, operator: str, day: datetime.date) -> Q:
    if field.kind == "date":
        return Q(**{f"{path}__{operator}": day})
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    try:
        end = start + datetime.timedelta(days=1)
    except OverflowError as error:
        raise InvalidQuery(_("This date is too far away.")) from error
    if operator == "gte":
        return Q(**{f"{path}__gte": start})
    if operator == "lte":
        return Q(**{f"{path}__lt": end})
    return Q(**{f"{path}__gte": start, f"{path}__lt": end})


def _split(field: Field, raw: str) -> list[str]:
    if not KINDS[field.kind].listable:
        return [raw]
    parts = [part.strip() for part in raw.split(",")]
    if len(parts) > MAX_VALUES:
        raise InvalidQuery(_("At most %d values.") % MAX_VALUES)
    return parts


def _value(field: Field, raw: str, user: Any) -> Any:
    if field.target == "user" and raw == "me":
        return user.pk
    try:
        value = KINDS[field.kind].parse_filter(field, raw)
    except ValueFault as fault:
        raise InvalidQuery(f"{field.name}: {fault}") from fault
    if value is None:
        raise InvalidQuery(_("%s needs a value.") % field.name)
    return value


def _flag(condition: Condition) -> bool:
    if condition.raw.lower() not in ("true", "false", "1", "0"):
        raise InvalidQuery(_("%s must be true or false.") % f"{condition.field}__empty")
    return condition.raw.lower() in ("true", "1")
