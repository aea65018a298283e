"""What webhooks have sent: the log, sending again, and trying a webhook out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.paging import read_cursor, write_cursor
from taiga_crm.capabilities.webhook_events import EVENTS, PING, wake
from taiga_crm.host import current_host
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidQuery, NotVisible, WrongState
from taiga_crm.models import Webhook, WebhookDelivery
from taiga_crm.models.webhook import DELIVERED, WAITING
from taiga_crm.permissions.projects import crm_project
from taiga_crm.permissions.webhooks import why_silent
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity
from taiga_crm.services.webhooks import webhook_of

PAGE = 30
MOST_BY_HAND = 5
Json = dict[str, Any]


def deliveries_of(actor: Any, pk: int, params: dict[str, str]) -> tuple[list[Json], str]:
    """Return a page of the log, newest first, and the cursor of the next page."""
    rows = webhook_of(actor, pk).deliveries.order_by("-pk").defer("body", "answer", "changes")
    state, event = params.get("state", ""), params.get("event", "")
    if state:
        if state not in dict(WebhookDelivery.STATES):
            raise InvalidQuery(_("Choose one from the list."))
        rows = rows.filter(state=state)
    if event:
        if event not in (*EVENTS, PING):
            raise InvalidQuery(_("Choose one from the list."))
        rows = rows.filter(event=event)
    if params.get("cursor"):
        rows = rows.filter(pk__lt=read_cursor(params["cursor"], 1)[0])
    found = list(rows[: PAGE + 1])
    after = write_cursor([found[PAGE - 1].pk]) if len(found) > PAGE else ""
    return [_line(one) for one in found[:PAGE]], after


def delivery_of(actor: Any, pk: int, delivery_id: int) -> Json:
    """Return one delivery; what was sent is for the person alone whose rights made it."""
    one = _found(webhook_of(actor, pk), delivery_id)
    mine = one.built_for_id == actor.pk
    return {
        **_line(one),
        "is_readable": mine,
        "headers": one.headers if mine else {},
        "body": one.body if mine else "",
        "answer": one.answer if mine else "",
    }


def send_again(actor: Any, pk: int, delivery_id: int) -> Json:
    """Send a delivery once more, with its old number and what the owner may see now."""
    with transaction.atomic():
        webhook = _speaking(actor, pk)
        one = _found(webhook, delivery_id, lock=True)
        if one.error == "erased":
            raise WrongState(_("What this was about has been erased."))
        _bound(webhook)
        one.state, one.is_manual, one.next_at, one.error = WAITING, True, clock.now(), ""
        one.save(update_fields=["state", "is_manual", "next_at", "error"])
        wake()
    return delivery_of(actor, pk, delivery_id)


def send_test(actor: Any, pk: int) -> Json:
    """Send a delivery that tells nothing but that it works."""
    with transaction.atomic():
        webhook = _speaking(actor, pk)
        _bound(webhook)
        one = webhook.deliveries.create(
            event=PING,
            action=PING,
            is_manual=True,
            actor=actor,
            actor_name=str(actor.full_name or actor.username)[:255],
        )
        wake()
    return delivery_of(actor, pk, one.pk)


def recipients_of(entity: Entity, user: Any, pk: int) -> list[Json]:
    """Return which programs were told of a record when, for the archive of a person.

    Of an address the host alone: the rest may be a token of the receiver.
    """
    rows = WebhookDelivery.objects.filter(kind=entity.key, object_id=pk, state=DELIVERED)
    return [
        {
            "webhook": one.webhook.name,
            "host": urlsplit(one.webhook.url).hostname,
            "event": one.event,
            "at": one.sent_at,
        }
        for one in rows.select_related("webhook").order_by("pk")
    ]


def _speaking(actor: Any, pk: int) -> Webhook:
    """Return a webhook that may be sent from, locked."""
    webhook = webhook_of(actor, pk, lock=True)
    if webhook.project_id is not None:
        current_host().check_writable(crm_project(actor, webhook.project_id))
    reason = why_silent(webhook)
    if reason:
        raise WrongState(_("Its owner may not send any more: save the webhook first."), why=reason)
    return webhook


def _bound(webhook: Webhook) -> None:
    """Nobody makes us call an address again and again."""
    if webhook.deliveries.filter(state=WAITING, is_manual=True).count() >= MOST_BY_HAND:
        raise WrongState(_("Several are waiting to be sent already."))


def _found(webhook: Webhook, delivery_id: int, *, lock: bool = False) -> WebhookDelivery:
    rows = webhook.deliveries.filter(pk=delivery_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible("No such delivery")
    return found


def _line(one: WebhookDelivery) -> Json:
    """Nothing of the record but its number: the reader may see less than the owner."""
    kinds = {entity.key: entity for entity in entities()}
    entity = kinds.get(one.kind)
    return {
        "id": one.pk,
        "number": str(one.number),
        "event": one.event,
        "action": one.action,
        "kind": one.kind,
        "kind_label": str(entity.label) if entity is not None else "",
        "path": entity.path if entity is not None else "",
        "object_id": one.object_id,
        "at": one.at,
        "is_manual": one.is_manual,
        "state": one.state,
        "attempts": one.attempts,
        "next_at": one.next_at if one.state == WAITING else None,
        "sent_at": one.sent_at,
        "took_ms": one.took_ms,
        "status": one.status,
        "error": one.error,
    }
