"""Notifications: written with the act, shown as long as the person sees the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db import connection, transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Mass
from taiga_crm.capabilities.mailing import deliver
from taiga_crm.capabilities.paging import read_cursor, write_cursor
from taiga_crm.capabilities.sighting import labels_of
from taiga_crm.capabilities.topics import is_topic, topics_of
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Follower, Notification, NotificationSetting
from taiga_crm.models.notification import MAIL_NONE, MAIL_WAITING
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.kinds import KINDS

ASSIGNED, FOLLOWING, MENTIONED, SYSTEM = "assigned", "following", "mentioned", "system"
PAGE = 30
COUNTED = 200
NAMES = 3


@dataclass(frozen=True)
class Round:
    """One kind of act on records of one kind, and who hears of it.

    `told` are (record, person, reason); everybody who follows one of the records `followed` is
    told too, but not the (record, person) pairs of `better`, who hear for a better reason. Of a
    `mass` of acts each person is told once.
    """

    kind: str
    verb: str
    actor: Any
    told: list[tuple[int, int, str]]
    followed: list[int]
    better: list[tuple[int, int]]
    mass: Mass | None = None


def tell(user: Any, kind: str, pk: int, verb: str) -> None:
    """Tell one person, by mail too, of what the CRM did by itself with a row of a topic."""
    if user is None:
        return
    row = Notification.objects.create(
        kind=kind, object_id=pk, user=user, reason=SYSTEM, verb=verb, mail=MAIL_WAITING
    )
    transaction.on_commit(lambda: deliver([row.pk]))


def notify(rounds: list[Round]) -> None:
    """Write notifications, one statement for each round however many people it has, and let the
    mails go out after commit; nobody hears of own acts."""
    waiting = [pk for one in rounds for pk in _write(one)]
    if waiting:
        transaction.on_commit(lambda: deliver(waiting))


def read_notifications(user: Any, cursor: str) -> tuple[list[dict[str, Any]], str]:
    """Return a page of records with news, the newest first, and the cursor of the next page."""
    rows = Notification.objects.filter(user=user).order_by().values("kind", "object_id")
    groups = rows.annotate(
        last=Max("pk"),
        at=Max("at"),
        unread=Count("pk", filter=Q(is_read=False)),
        people=ArrayAgg("actor_name", distinct=True, filter=~Q(actor_name="")),
        verbs=ArrayAgg("verb", distinct=True),
        mentioned=BoolOr(Q(reason=MENTIONED, is_read=False)),
    ).order_by("-last")
    if cursor:
        groups = groups.filter(last__lt=read_cursor(cursor, 1)[0])
    found = list(groups[: PAGE + 1])
    after = write_cursor([found[PAGE - 1]["last"]]) if len(found) > PAGE else ""
    return _visible(found[:PAGE], user), after


def count_unread(user: Any) -> int:
    """Return how many visible records have unread news, at most COUNTED."""
    rows = Notification.objects.filter(user=user, is_read=False)
    pairs = rows.order_by().values_list("kind", "object_id").distinct()[:COUNTED]
    found: dict[str, set[int]] = {}
    for kind, pk in pairs:
        found.setdefault(kind, set()).add(pk)
    visible = sum(len(topics_of(kind, user, ids)) for kind, ids in found.items() if is_topic(kind))
    for entity in entities():
        if entity.key in found:
            visible += rows_for(entity, user).filter(pk__in=found[entity.key]).count()
    return visible


def is_told_about(kind: Any) -> bool:
    """Say whether there are notifications about rows of this kind."""
    return is_topic(kind) or any(one.key == kind for one in entities())


def mark_read(user: Any, kind: str | None, pk: int | None, until: Any) -> int:
    """Mark the news of one record, or of all, as read, up to the newest one the person saw."""
    if isinstance(until, bool) or not isinstance(until, int) or not 0 < until < 2**62:
        raise InvalidInput({"until": [_("The newest notification you saw is needed.")]})
    rows = Notification.objects.filter(user=user, is_read=False, pk__lte=until)
    if kind is not None:
        rows = rows.filter(kind=kind, object_id=pk)
    return rows.update(is_read=True)


def read_settings(user: Any) -> dict[str, bool]:
    """Return what the person wants by mail."""
    row = NotificationSetting.objects.filter(user=user).first() or NotificationSetting()
    return {"mail_mentions": row.mail_mentions, "mail_followed": row.mail_followed}


def write_settings(user: Any, data: dict[str, Any]) -> dict[str, bool]:
    """Change what the person wants by mail; other names are ignored."""
    given = {name: data[name] for name in ("mail_mentions", "mail_followed") if name in data}
    faults = {
        name: [_("Yes or no is expected.")]
        for name, value in given.items()
        if not isinstance(value, bool)
    }
    if faults:
        raise InvalidInput(faults)
    NotificationSetting.objects.update_or_create(user=user, defaults=given)
    return read_settings(user)


def _write(one: Round) -> list[int]:
    """Write the notifications of a round; return those that wait for their mail.

    Followers are never read: who follows and who wants mail is joined where it is stored.
    """
    actor_id = getattr(one.actor, "pk", None)
    name = "" if one.actor is None else str(one.actor.full_name or one.actor.username)
    told = [each for each in one.told if each[1] != actor_id]
    if not (told or one.followed):
        return []
    usual = NotificationSetting()
    values = [
        *(one.kind, one.verb, actor_id, name[:255], clock.now(), MENTIONED),
        *(usual.mail_mentions, usual.mail_followed, MAIL_WAITING, MAIL_NONE),
        *_columns(told, 3),
        *(FOLLOWING, one.followed, one.kind, actor_id),
        *_columns(one.better, 2),
        *([sorted(one.mass.told)] if one.mass else []),
        MAIL_WAITING,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(once=one.mass is not None), values)
        written = cursor.fetchall()
    if one.mass is not None:
        one.mass.told |= {person for _pk, person, _waits in written}
    return [pk for pk, _person, waits in written if waits]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


@lru_cache(maxsize=2)
def _statement(*, once: bool) -> str:
    """Return the SQL; with `once` each person gets one notification, and all of them come back."""
    notes, wishes = Notification._meta.db_table, NotificationSetting._meta.db_table
    people = _people_heard()
    if once:
        people = (
            f"SELECT DISTINCT ON (person) record, person, reason FROM ({people}) AS each"
            " WHERE person <> ALL(%s::integer[]) ORDER BY person, reason = 'following', record"
        )
    return (
        f"WITH written AS (INSERT INTO {notes} (kind, object_id, user_id, reason, verb, actor_id,"
        " actor_name, at, is_read, mail)"
        " SELECT %s, one.record, one.person, one.reason, %s, %s::integer, %s, %s::timestamptz,"
        " false, CASE WHEN CASE WHEN one.reason = %s THEN coalesce(wish.mail_mentions, %s)"
        " ELSE coalesce(wish.mail_followed, %s) END THEN %s ELSE %s END"
        f" FROM ({people}) AS one LEFT JOIN {wishes} AS wish ON wish.user_id = one.person"
        " RETURNING id, user_id, mail) SELECT id, user_id, waits FROM"
        " (SELECT id, user_id, mail = %s AS waits FROM written) AS every"
        f"{'' if once else ' WHERE waits'} ORDER BY id"
    )


def _people_heard() -> str:
    """Return the SQL of those who are told for a reason of their own, and of the followers."""
    return (
        "SELECT record, person, reason FROM unnest(%s::bigint[], %s::integer[], %s::text[])"
        " AS told(record, person, reason)"
        " UNION ALL SELECT fan.object_id, fan.user_id, %s"
        f" FROM unnest(%s::bigint[]) AS act(record) JOIN {Follower._meta.db_table} AS fan"
        " ON fan.object_id = act.record AND fan.kind = %s AND fan.is_following"
        " WHERE fan.user_id IS DISTINCT FROM %s::integer AND NOT EXISTS (SELECT 1"
        " FROM unnest(%s::bigint[], %s::integer[]) AS better(record, person)"
        " WHERE better.record = fan.object_id AND better.person = fan.user_id)"
    )


def _visible(groups: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """Leave out the rows that the person does not see, or no longer."""
    ids: dict[str, set[int]] = {}
    for one in groups:
        ids.setdefault(one["kind"], set()).add(one["object_id"])
    known: dict[str, dict[int, dict[str, Any]]] = {
        kind: {pk: vars(topic) for pk, topic in topics_of(kind, user, several).items()}
        for kind, several in ids.items()
        if is_topic(kind)
    }
    for entity in entities():
        if entity.key in ids:
            place = {"path": entity.path, "icon": entity.icon}
            labels = labels_of(entity, user, ids[entity.key])
            known[entity.key] = {pk: {**place, "label": label} for pk, label in labels.items()}
    return [
        {
            "kind": one["kind"],
            "id": one["object_id"],
            **known[one["kind"]][one["object_id"]],
            "last": one["last"],
            "at": KINDS["datetime"].show(one["at"]),
            "unread": one["unread"],
            "people": (one["people"] or [])[:NAMES],
            "more_people": max(0, len(one["people"] or []) - NAMES),
            "verbs": one["verbs"],
            "mentioned": bool(one["mentioned"]),
        }
        for one in groups
        if one["object_id"] in known.get(one["kind"], ())
    ]
