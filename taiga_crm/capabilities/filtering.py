"""Turn conditions into `Q`s on the same columns that are shown, guarded links included."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.translation import gettext as _

from taiga_crm.capabilities.conditions import Condition, Node
from taiga_crm.capabilities.filter_dates import in_days, within
from taiga_crm.capabilities.filter_links import among, ids_below, in_several, through_guard
from taiga_crm.capabilities.person_zone import zone_of
from taiga_crm.capabilities.sources import source_of, stored_value
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, ValueFault
from taiga_crm.registry.masks import any_of
from taiga_crm.registry.operators import LISTED, NEGATIVE

MAX_VALUES = 100
LABELS = frozenset({"contains", "excludes", "starts"})


def apply_conditions(queryset: Any, entity: Entity, user: Any, conditions: tuple[Node, ...]) -> Any:
    """Narrow a queryset by all conditions."""
    for condition in conditions:
        queryset, found = _built(queryset, entity, user, condition)
        queryset = queryset.filter(found)
    return queryset


def check_condition(entity: Entity, user: Any, condition: Condition) -> None:
    """Raise InvalidQuery for a value that the field cannot be compared with."""
    _leaf(entity.model._base_manager.all(), entity, user, condition)


def _built(queryset: Any, entity: Entity, user: Any, node: Node) -> tuple[Any, Q]:
    """Return the condition, and the queryset with the columns that it needs."""
    if isinstance(node, Condition):
        return _leaf(queryset, entity, user, node)
    found = Q()
    for part in node.parts:
        queryset, one = _built(queryset, entity, user, part)
        found = found | one if node.mode == "any" else found & one
    return queryset, _negated(found) if node.mode == "not" else found


def _negated(found: Q) -> Q:
    """Return its opposite where everything is true or false: what is unknown counts as false.

    A plain NOT would leave out rows without a link, and what a guard hides would show by that.
    """
    return Q(Case(When(found, then=Value(False)), default=True, output_field=BooleanField()))


def _leaf(queryset: Any, entity: Entity, user: Any, condition: Condition) -> tuple[Any, Q]:
    field = fields_for(entity, user)[condition.field]
    if field.kind == "link" and condition.operator in LABELS:
        source = source_of(entity, field.name, user)
        names = {f"f_{name}": one for name, one in source.annotations.items()}
        path = f"f_{source.sort}" if source.sort in source.annotations else source.sort
        return queryset.alias(**names), _compare(field, path, condition, user)
    if field.kind == "links":
        values = [] if condition.operator == "empty" else _values(field, condition, user)
        wanted = flag(condition)
        found = in_several(entity, field, condition.operator, values, wanted, user)
        return queryset, _hidden_as_empty(field, found, condition)
    path, aliases = stored_value(field, user)
    found = _compare(field, path, condition, user)
    if field.expression is None:
        found = through_guard(field, found, condition.operator, flag(condition), user)
    return queryset.alias(**aliases), found


def _hidden_as_empty(field: Field, found: Q, condition: Condition) -> Q:
    """Have the rows where a field rule hides the links answer as rows without any."""
    if not field.hidden_where:
        return found
    hidden = any_of(field.hidden_where)
    empty = condition.operator == "not" or (condition.operator == "empty" and flag(condition))
    return found | hidden if empty else found & ~hidden


def _compare(field: Field, path: str, condition: Condition, user: Any) -> Q:
    operator = condition.operator
    if operator == "empty":
        return _empty(field, path, flag(condition))
    if operator == "within":
        return within(field, path, condition.raw, user)
    values = _values(field, condition, user)
    if field.kind == "tags":
        return _listed(field, path, operator, values)
    if field.kind == "datetime" or (operator in ("gte", "lte") and field.kind == "date"):
        return in_days(field, path, operator, values, zone_of(user))
    if operator == "below":
        return Q(**{f"{path}__in": ids_below(field, values)})
    if operator in NEGATIVE:
        found = _matches(path, NEGATIVE[operator], values, user)
        return ~found | Q(**{f"{path}__isnull": True})
    return _matches(path, operator, values, user)


def _matches(path: str, operator: str, values: list[Any], user: Any) -> Q:
    if operator == "exact":
        return among(path, values, user)
    if operator == "between":
        return Q(**{f"{path}__gte": values[0], f"{path}__lte": values[1]})
    lookup = {"contains": "icontains", "starts": "istartswith"}.get(operator, operator)
    return Q(**{f"{path}__{lookup}": values[0]})


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


def _values(field: Field, condition: Condition, user: Any) -> list[Any]:
    parts = condition.values or _split(field, condition)
    if len(parts) > MAX_VALUES:
        raise InvalidQuery(_("At most %d values.") % MAX_VALUES)
    if condition.operator == "between" and len(parts) != 2:
        raise InvalidQuery(_("%s needs two values.") % field.name)
    if len(parts) > 1 and condition.operator not in (*LISTED, "between", "below"):
        raise InvalidQuery(_("%s takes one value.") % field.name)
    if field.kind == "link" and condition.operator in LABELS:
        return list(parts)
    return [_value(field, raw, user) for raw in parts]


def _split(field: Field, condition: Condition) -> tuple[str, ...]:
    listed = KINDS[field.kind].listable and condition.operator not in LABELS
    if not listed and condition.operator != "between":
        return (condition.raw,)
    return tuple(part.strip() for part in condition.raw.split(","))


def _value(field: Field, raw: str, user: Any) -> Any:
    if field.target == "user" and raw == "me":
        return user.pk
    if field.target == "user" and raw == "my_groups":
        return raw
    try:
        value = KINDS[field.kind].parse_filter(field, raw)
    except ValueFault as fault:
        raise InvalidQuery(f"{field.name}: {fault}") from fault
    if value is None:
        raise InvalidQuery(_("%s needs a value.") % field.name)
    return value


def flag(condition: Condition) -> bool:
    """Return whether an "empty" asks for empty ones; True for other operators."""
    if condition.operator != "empty":
        return True
    if condition.raw.lower() not in ("true", "false", "1", "0"):
        raise InvalidQuery(_("%s must be true or false.") % f"{condition.field}__empty")
    return condition.raw.lower() in ("true", "1")
