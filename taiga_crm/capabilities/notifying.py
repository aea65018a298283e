"""Notifications: written with the act, shown as long as the person sees the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening
from taiga_crm.capabilities.mailing import deliver
from taiga_crm.capabilities.paging import read_cursor, write_cursor
from taiga_crm.capabilities.sighting import labels_of
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Notification, NotificationSetting
from taiga_crm.models.notification import MAIL_NONE, MAIL_WAITING
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.kinds import KINDS

ASSIGNED, FOLLOWING, MENTIONED, SYSTEM = "assigned", "following", "mentioned", "system"
PAGE = 30
COUNTED = 200
NAMES = 3


@dataclass(frozen=True)
class Notice:
    """What one person is told, and why."""

    happening: Happening
    user_id: int
    reason: str


@dataclass(frozen=True)
class Topic:
    """Something else than a record that people are told about; `address` is its page."""

    label: str
    icon: str
    address: str


_topics: dict[str, Callable[[Any, set[int]], dict[int, Topic]]] = {}


def register_topic(kind: str, found: Callable[[Any, set[int]], dict[int, Topic]]) -> None:
    """Let people be told about rows of a kind; `found(user, ids)` has those the person may see."""
    _topics[kind] = found


def tell(user: Any, kind: str, pk: int, verb: str) -> None:
    """Tell one person of something that the CRM did by itself with a row of a topic."""
    if user is not None:
        Notification.objects.create(
            kind=kind, object_id=pk, user=user, reason=SYSTEM, verb=verb, mail=MAIL_NONE
        )


def notify(notices: list[Notice]) -> None:
    """Write notifications and let the mails go out after commit; nobody hears of own acts."""
    wanted = [one for one in notices if one.user_id != getattr(one.happening.actor, "pk", None)]
    if not wanted:
        return
    people = {one.user_id for one in wanted}
    by_mail = _mail_settings(people)
    rows = Notification.objects.bulk_create(_row(one, by_mail) for one in wanted)
    waiting = [row.pk for row in rows if row.mail == MAIL_WAITING]
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
    visible = sum(len(_topics[kind](user, ids)) for kind, ids in found.items() if kind in _topics)
    for entity in entities():
        if entity.key in found:
            visible += rows_for(entity, user).filter(pk__in=found[entity.key]).count()
    return visible


def is_told_about(kind: Any) -> bool:
    """Say whether there are notifications about rows of this kind."""
    return kind in _topics or any(one.key == kind for one in entities())


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


def _mail_settings(people: set[int]) -> dict[int, NotificationSetting]:
    return {row.user_id: row for row in NotificationSetting.objects.filter(user__in=people)}


def _row(one: Notice, settings: dict[int, NotificationSetting]) -> Notification:
    act = one.happening
    wish = settings.get(one.user_id) or NotificationSetting()
    by_mail = wish.mail_mentions if one.reason == MENTIONED else wish.mail_followed
    name = "" if act.actor is None else str(act.actor.full_name or act.actor.username)
    return Notification(
        kind=act.entity.key,
        object_id=act.record.pk,
        user_id=one.user_id,
        reason=one.reason,
        verb=act.action,
        actor=act.actor,
        actor_name=name[:255],
        mail=MAIL_WAITING if by_mail else MAIL_NONE,
    )


def _visible(groups: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """Leave out the rows that the person does not see, or no longer."""
    ids: dict[str, set[int]] = {}
    for one in groups:
        ids.setdefault(one["kind"], set()).add(one["object_id"])
    known: dict[str, dict[int, dict[str, Any]]] = {
        kind: {pk: vars(topic) for pk, topic in found(user, ids[kind]).items()}
        for kind, found in _topics.items()
        if kind in ids
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
