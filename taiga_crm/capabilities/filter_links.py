"""Filters of links: a target that the person may not see counts as empty, in every comparison."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from taiga_crm.capabilities.sources import link_guard
from taiga_crm.models import UserTypeMember
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity, Field

NOTHING = Q(pk__in=[])


def through_guard(field: Field, found: Q, operator: str, wanted: bool, user: Any) -> Q:
    """Return a comparison of one link as the person may see it."""
    guard = link_guard(field, user) if field.kind == "link" else True
    if guard is True:
        return found
    if operator in ("exact", "below"):
        return found & guard if isinstance(guard, Q) else NOTHING
    hidden = ~guard if isinstance(guard, Q) else ~NOTHING
    seen_as_empty = Q(**{f"{field.path}__isnull": True}) | hidden
    if operator == "empty":
        return seen_as_empty if wanted else ~seen_as_empty
    return found | seen_as_empty


def among(path: str, values: list[Any], user: Any) -> Q:
    """Return the rows with one of the values; "my_groups" stands for people of my user types."""
    plain = [value for value in values if value != "my_groups"]
    found = Q(**{f"{path}__in": plain}) if len(plain) != 1 else Q(**{path: plain[0]})
    return found | _colleagues(path, user) if len(plain) < len(values) else found


def in_several(
    entity: Entity, field: Field, operator: str, values: list[Any], wanted: bool, user: Any
) -> Q:
    """Return the rows linked to one of the values; an array of projects must hold them all."""
    if field.target == "project":
        seen = [value for value in values if access_of(user).is_member(value)]
        return Q(**{f"{field.path}__contains": seen}) if len(seen) == len(values) else NOTHING
    targets = _targets(field, user)
    if operator == "below":
        targets = targets.filter(pk__in=ids_below(field, values))
    elif operator != "empty":
        targets = targets.filter(pk__in=values)
    linked = Q(pk__in=owners_of(entity, field, targets))
    negative = operator == "not" or (operator == "empty" and wanted)
    return ~linked if negative else linked


def owners_of(entity: Entity, field: Field, targets: Any) -> Any:
    """Return the ids of the rows that are linked to one of the targets, as a subquery."""
    relation: Any = entity.model._meta.get_field(field.path)
    to_target = f"{relation.m2m_reverse_field_name()}__in"
    rows = relation.remote_field.through._base_manager.filter(**{to_target: targets.values("pk")})
    return rows.values(f"{relation.m2m_field_name()}_id")


def ids_below(field: Field, ids: list[int]) -> RawSQL:
    """Return the ids of the rows of a tree that are these or lie below one of them."""
    target = _target(field)
    table, above = target.model._meta.db_table, f"{target.tree}_id"
    return RawSQL(  # noqa: S611 - names of our own tables; the ids are a parameter
        f"WITH RECURSIVE below(id) AS (SELECT id FROM {table} WHERE id = ANY(%s)"
        f" UNION SELECT one.id FROM {table} AS one JOIN below ON one.{above} = below.id)"
        f" SELECT id FROM below",
        [ids],
    )


def _targets(field: Field, user: Any) -> Any:
    return rows_for(_target(field), user)


def _target(field: Field) -> Entity:
    return next(one for one in entities() if one.key == field.target)


def _colleagues(path: str, user: Any) -> Q:
    mine = UserTypeMember.objects.filter(user_id=user.pk).values("user_type_id")
    people = UserTypeMember.objects.filter(user_type_id__in=mine).values("user_id")
    return Q(**{f"{path}__in": people}) | Q(**{path: user.pk})
