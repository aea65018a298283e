"""Followers: who hears of a record, by own wish or because it concerns them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.db import connection

from taiga_crm.capabilities.announcing import Happening
from taiga_crm.capabilities.notifying import ASSIGNED, FOLLOWING, MENTIONED, Round, notify
from taiga_crm.kernel import clock
from taiga_crm.models import Follower
from taiga_crm.permissions.decide import get_visible
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity

SHOWN = 100
MANY = 20  # whoever adds more at once, as an import does, does not follow each of them
SILENT = frozenset({"create", "delete", "delete_comment", "restore_comment", "change_comment"})


def follow(entity: Entity, user: Any, pk: int, wanted: bool) -> dict[str, Any]:
    """Follow or stop following a visible record; doing it twice changes nothing."""
    record = get_visible(entity, user, pk)
    Follower.objects.update_or_create(
        kind=entity.key, object_id=record.pk, user=user, defaults={"is_following": wanted}
    )
    return followers(entity, user, pk)


def followers(entity: Entity, user: Any, pk: int) -> dict[str, Any]:
    """Return whether the person follows a visible record, how many do, and the first of them."""
    record = get_visible(entity, user, pk)
    rows = Follower.objects.filter(kind=entity.key, object_id=record.pk, is_following=True)
    people = rows.select_related("user").order_by("user__full_name", "pk")
    return {
        "following": rows.filter(user=user).exists(),
        "count": rows.count(),
        "people": [
            {"id": one.user_id, "label": one.user.full_name or one.user.username}
            for one in people[:SHOWN]
        ],
    }


def hear(happenings: list[Happening]) -> None:
    """Let people follow what concerns them and write their notifications; a listener.

    Two queries for each kind of act in the batch, however many records and people it has.
    """
    heard = [one for one in happenings if one.entity.is_record]
    if not heard:
        return
    concerned = {key: (reason, one) for one in heard for key, reason in _concerned(one)}
    _start_following(heard, concerned)
    notify(_rounds(heard, concerned))


Key = tuple[str, int, int]
_Sort = tuple[str, str, Any, int]
Concerned = Mapping[Key, tuple[str, Happening]]


def _concerned(one: Happening) -> Iterator[tuple[Key, str]]:
    """Yield (kind, record, user) and why, for the people an act puts on the record."""
    kind, pk, actor = one.entity.key, one.record.pk, getattr(one.actor, "pk", None)
    for user_id in _owners(one):
        yield (kind, pk, user_id), ASSIGNED
    for user_id in _mentioned(one):
        yield (kind, pk, user_id), MENTIONED
    if actor is not None and one.action in ("create", "comment"):
        yield (kind, pk, actor), FOLLOWING


def _mentioned(one: Happening) -> list[int]:
    """Return the people whom a comment has just named."""
    if one.action not in ("comment", "change_comment"):
        return []
    return list(getattr(one.part, "mentioned", ()))


def _owners(one: Happening) -> list[int]:
    """Return the people that this act has put into the record's own links to users."""
    names = owner_fields(one.entity)
    if one.action == "create":
        found = [getattr(one.record, fields_of(one.entity.key)[name].path, None) for name in names]
    else:
        found = [change.get("new_id") for change in one.changes if change["field"] in names]
    return [user_id for user_id in found if isinstance(user_id, int)]


def owner_fields(entity: Entity) -> list[str]:
    """Return the fields that make somebody responsible: links to a user that people choose."""
    return _owner_fields(entity.key)


@lru_cache(maxsize=200)
def _owner_fields(key: str) -> list[str]:
    return [
        field.name
        for field in fields_of(key).values()
        if field.kind == "link"
        and field.target == "user"
        and not field.read_only
        and field.expression is None
        and "__" not in field.path
    ]


def _start_following(heard: list[Happening], concerned: Concerned) -> None:
    """Whoever stopped has a row already and stays stopped."""
    created = sum(one.action == "create" for one in heard)
    wanted = [
        key
        for key, (reason, one) in concerned.items()
        if reason != FOLLOWING or (created <= MANY and one.mass is None)
    ]
    if wanted:
        kinds, records, people = zip(*wanted, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {Follower._meta.db_table}"
                " (kind, object_id, user_id, is_following, created_at)"
                " SELECT kind, record, person, true, %s::timestamptz"
                " FROM unnest(%s::text[], %s::bigint[], %s::integer[]) AS one(kind, record, person)"
                " ON CONFLICT DO NOTHING",
                [clock.now(), list(kinds), list(records), list(people)],
            )


def _rounds(heard: list[Happening], concerned: Concerned) -> list[Round]:
    """Put acts of the same sort together; silent ones reach only those they are about."""
    acts: dict[_Sort, list[Happening]] = defaultdict(list)
    told: dict[_Sort, list[tuple[int, int, str]]] = defaultdict(list)
    better: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in heard:
        acts[_sort(one)].append(one)
    for (kind, pk, user_id), (reason, one) in concerned.items():
        if reason != FOLLOWING:
            told[_sort(one)].append((pk, user_id, reason))
            better[kind].append((pk, user_id))
    return [
        Round(
            group[0].entity.key,
            group[0].action,
            group[0].actor,
            told[sort],
            [] if group[0].action in SILENT else [one.record.pk for one in group],
            better[group[0].entity.key],
            group[0].mass,
        )
        for sort, group in acts.items()
    ]


def _sort(one: Happening) -> _Sort:
    return one.entity.key, one.action, one.actor, id(one.mass)
