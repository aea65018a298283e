"""Events of webhooks: which there are, and writing down who is to be told, with the act itself."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from taiga_crm.capabilities.announcing import Happening, Mass, projects_of
from taiga_crm.host import current_host
from taiga_crm.models import Webhook, WebhookDelivery
from taiga_crm.permissions.access import kept_access
from taiga_crm.permissions.decide import hidden_from_everybody, rows_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity

CREATED, CHANGED, DELETED, IMPORTED, PING = "created", "changed", "deleted", "imported", "ping"
EVENTS = (
    CREATED, CHANGED, DELETED, "restored", "merged", "commented", "anonymized", IMPORTED,
)  # fmt: skip
# every other act, like attaching a file or a verb of the business, is a change
EVENT_OF = {
    "create": CREATED,
    "delete": DELETED,
    "restore": "restored",
    "merge": "merged",
    "comment": "commented",
    "change_comment": "commented",
    "delete_comment": "commented",
    "restore_comment": "commented",
    "anonymize": "anonymized",
}
BATCH = 2_000


def told_kinds() -> list[Entity]:
    """Return the kinds of records that webhooks can tell of."""
    return [one for one in entities() if one.is_record]


def event_of(action: str) -> str:
    """Return the event that an act counts as."""
    return EVENT_OF.get(action, CHANGED)


def hear(happenings: list[Happening]) -> None:
    """Write the deliveries of a batch; a listener.

    One query for the webhooks and one for the rows, none where nobody is told; deletes ask what
    each owner sees. A mass of acts becomes one delivery for each webhook and kind.
    """
    if not any(_may_be_told(one.actor) for one in happenings):
        return
    heard = [one for one in happenings if one.entity.is_record and not _is_private(one)]
    mass = next((one.mass for one in heard if one.mass is not None), None)
    if mass is not None and not mass.is_silent:
        _count(mass, heard)
    plain = [one for one in heard if one.mass is None]
    webhooks = _listening(plain) if plain else []
    if not webhooks:
        return
    seen = _Seen(plain)
    _write(
        _row(webhook, one, projects)
        for one in plain
        for projects in [projects_of(one.entity, one.record)]
        for webhook in webhooks
        if _concerns(webhook, one, projects) and seen.by(webhook, one)
    )


def _count(mass: Mass, heard: list[Happening]) -> None:
    """Add a batch to the deliveries of its mass, which stand in the table: a batch that is taken
    back takes its numbers along."""
    kinds = sorted({one.entity.key for one in heard})
    rows = Webhook.objects.filter(is_active=True, kinds__overlap=kinds, events__contains=[IMPORTED])
    added = {
        uuid.uuid5(mass.key, f"{webhook.pk} {kind}"): (webhook, kind, counts)
        for webhook in rows.order_by("pk")
        for kind in kinds
        if kind in webhook.kinds and (counts := _counts(webhook, kind, heard))
    }
    if not added:
        return
    _write(
        (
            WebhookDelivery(
                webhook=webhook,
                number=number,
                event=IMPORTED,
                action=mass.action,
                kind=kind,
                **_who(heard[0].actor),
            )
            for number, (webhook, kind, _counts) in added.items()
        ),
        ignore_conflicts=True,
    )
    known = list(WebhookDelivery.objects.filter(number__in=added).select_for_update())
    for one in known:
        one.counts = dict(Counter(one.counts) + added[one.number][2])
    WebhookDelivery.objects.bulk_update(known, ["counts"])


def _counts(webhook: Webhook, kind: str, heard: list[Happening]) -> Counter[str]:
    return Counter(
        event_of(one.action)
        for one in heard
        if one.entity.key == kind
        and (
            webhook.project_id is None or webhook.project_id in projects_of(one.entity, one.record)
        )
    )


def wake() -> None:
    """Have what is waiting sent as soon as this transaction is committed."""
    transaction.on_commit(lambda: current_host().wake())


def _may_be_told(actor: Any) -> bool:
    """Say whether there may be a webhook: what the request has read of the person knows."""
    known = kept_access(actor) if actor is not None else None
    return known is None or known.has_webhooks


def _is_private(one: Happening) -> bool:
    return bool(getattr(one.record, "is_private", False))


def _listening(heard: list[Happening]) -> list[Webhook]:
    kinds = sorted({one.entity.key for one in heard})
    events = sorted({event_of(one.action) for one in heard})
    rows = Webhook.objects.filter(is_active=True, kinds__overlap=kinds, events__overlap=events)
    return list(rows.select_related("owner").order_by("pk"))


def _concerns(webhook: Webhook, one: Happening, projects: list[int]) -> bool:
    return (
        one.entity.key in webhook.kinds
        and event_of(one.action) in webhook.events
        and (webhook.project_id is None or webhook.project_id in projects)
    )


class _Seen:
    """Which deletes each owner may hear of: the records are gone when the news are sent."""

    def __init__(self, heard: list[Happening]) -> None:
        self.ids: dict[str, set[int]] = defaultdict(set)
        self.entities: dict[str, Entity] = {}
        for one in heard:
            if event_of(one.action) == DELETED:
                self.ids[one.entity.key].add(one.record.pk)
                self.entities[one.entity.key] = one.entity
        self.hidden = {
            key: hidden_from_everybody(self.entities[key], ids) for key, ids in self.ids.items()
        }
        self.known: dict[tuple[int | None, str], set[int]] = {}
        self.owners: dict[int | None, Any] = {}

    def by(self, webhook: Webhook, one: Happening) -> bool:
        """Say whether the owner may hear of it; what is no delete is asked when it is sent."""
        if event_of(one.action) != DELETED:
            return True
        key, owner = one.entity.key, webhook.owner
        if one.record.pk in self.hidden[key] or owner is None:
            return False
        if (owner.pk, key) not in self.known:
            rows = rows_for(one.entity, self.owners.setdefault(owner.pk, owner))
            seen = rows.filter(pk__in=self.ids[key])
            self.known[owner.pk, key] = set(seen.values_list("pk", flat=True))
        return one.record.pk in self.known[owner.pk, key]


def _row(webhook: Webhook, one: Happening, projects: list[int]) -> WebhookDelivery:
    return WebhookDelivery(
        webhook=webhook,
        event=event_of(one.action),
        action=one.action,
        kind=one.entity.key,
        object_id=one.record.pk,
        part=getattr(one.part, "pk", None),
        changes=list(one.changes),
        project_ids=projects,
        **_who(one.actor),
    )


def _who(actor: Any) -> dict[str, Any]:
    name = "" if actor is None else str(actor.full_name or actor.username)
    return {"actor": actor, "actor_name": name[:255]}


def _write(rows: Iterable[WebhookDelivery], *, ignore_conflicts: bool = False) -> None:
    written = WebhookDelivery.objects.bulk_create(
        rows, batch_size=BATCH, ignore_conflicts=ignore_conflicts
    )
    if written:
        wake()
