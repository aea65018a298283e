"""Send what webhooks have to tell: in order, by one worker each, again later when it fails.

An attempt is counted before it is made, and the webhook's lock lives as long as the worker's
connection: a worker that is killed leaves a delivery that waits, and another one sends it again.
So a receiver may get one twice, never none; the number of the delivery tells.
"""

from __future__ import annotations

import datetime
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import Q

from taiga_crm.capabilities.locking import claim
from taiga_crm.capabilities.notifying import tell
from taiga_crm.capabilities.outgoing import DOOR, Answer, Door, Unsent, post
from taiga_crm.capabilities.webhook_payload import build_body
from taiga_crm.capabilities.webhook_signing import signed_headers
from taiga_crm.conf import conf
from taiga_crm.kernel import clock
from taiga_crm.kernel.deadline import Deadline
from taiga_crm.models import Webhook, WebhookDelivery
from taiga_crm.models.webhook import DELIVERED, FAILED, SKIPPED, WAITING
from taiga_crm.permissions.webhooks import why_silent
from taiga_crm.registry.entity import Entity

log = logging.getLogger("taiga_crm.webhooks")
LOCK = 0x43524F
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR, 24 * HOUR)
ATTEMPTS = len(WAITS) + 1
JITTER = 0.2
PATIENCE = datetime.timedelta(days=3)
PASS_SECONDS = 45.0
KEPT_ANSWER = 4_096
FAILING, OFF, GONE = "failing", "off", "gone"
TOPIC = "webhook"
RESULT = ("state", "next_at", "sent_at", "took_ms", "status", "error", "headers")


@dataclass(frozen=True)
class Sender:
    """What sending needs from outside: the door, the time, and chance."""

    door: Door = DOOR
    now: Callable[[], datetime.datetime] = clock.now
    chance: Callable[[], float] = random.random


SENDER = Sender()


def send_due(sender: Sender = SENDER) -> int:
    """Send what is due, one of each webhook in turn; return how many were tried.

    A webhook whose attempt failed has its turn again in the next pass, so that one that does
    not answer holds nobody up for longer than one attempt.
    """
    deadline = Deadline(PASS_SECONDS, sender.door.clock)
    number, waiting = 0, _with_something_due(sender.now())
    while waiting:
        waiting = [pk for pk in waiting if _has_time(deadline) and send_next(pk, sender)]
        number += len(waiting)
    return number


def send_next(webhook_id: int, sender: Sender = SENDER) -> bool:
    """Send the oldest delivery that is due; say whether the webhook may go on at once."""
    with claim(LOCK, webhook_id) as claimed:
        prepared = _prepared(webhook_id, sender) if claimed else None
        if prepared is None:
            return False
        if prepared.body is None:
            return True
        return _attempt(prepared, sender)


def wait_after(attempts: int, chance: float) -> datetime.timedelta | None:
    """Return how long to wait after so many failed attempts; None to give up."""
    if attempts >= ATTEMPTS:
        return None
    return WAITS[attempts - 1] * (1 - JITTER + 2 * JITTER * chance)


def asked_to_wait(retry_after: str, now: datetime.datetime) -> datetime.timedelta:
    """Return how long a Retry-After header asks to wait, a day at most; nothing when it is odd.

    It is a number of seconds or a date (RFC 9110, 10.2.3).
    """
    if retry_after.isascii() and retry_after.isdigit():
        wait = datetime.timedelta(seconds=min(int(retry_after[:9]), 86_400))
    else:
        try:
            until = parsedate_to_datetime(retry_after)
        except (TypeError, ValueError):
            return datetime.timedelta()
        wait = (until if until.tzinfo else until.replace(tzinfo=datetime.timezone.utc)) - now
    return max(datetime.timedelta(), min(wait, WAITS[-1]))


def stop(webhook: Webhook, reason: str) -> None:
    """Switch a webhook off for a reason; what it has not told yet is not told."""
    webhook.is_active, webhook.stopped = False, reason
    webhook.save(update_fields=["is_active", "stopped"])
    skip_waiting(webhook, reason)


def skip_waiting(webhook: Webhook, reason: str = OFF) -> None:
    """Leave out what waits, but for what somebody asked for by hand."""
    rows = webhook.deliveries.filter(state=WAITING)
    if reason in (OFF, FAILING, GONE):
        rows = rows.filter(is_manual=False)
    rows.update(state=SKIPPED, error=reason)


def check_owners(now: datetime.datetime) -> int:
    """Stop the webhooks whose owner has lost the right; a periodic job."""
    found = [
        (webhook, reason)
        for webhook in Webhook.objects.filter(is_active=True).select_related("owner")
        if (reason := why_silent(webhook))
    ]
    for webhook, reason in found:
        stop(webhook, reason)
    return len(found)


def forget_record(entity: Entity, pk: int, _traces: list[str]) -> None:
    """Blank what was told of a record, and leave out what waits to be told."""
    rows = WebhookDelivery.objects.filter(kind=entity.key, object_id=pk)
    rows.filter(state=WAITING).update(state=SKIPPED, error="erased")
    rows.update(changes=[], body="", answer="")


def forget_deliveries(now: datetime.datetime) -> int:
    """Delete what the log has kept long enough; a periodic job."""
    limit = now - datetime.timedelta(days=conf().webhook_log_days)
    return int(WebhookDelivery.objects.filter(at__lt=limit).delete()[0])


@dataclass(frozen=True)
class _Prepared:
    """A delivery with the webhook as it is now; no body when it was left out."""

    webhook: Webhook
    delivery: WebhookDelivery
    body: str | None = None


def _has_time(deadline: Deadline) -> bool:
    try:
        return deadline.left() > 0
    except TimeoutError:
        return False


def _due(now: datetime.datetime) -> Any:
    rows = WebhookDelivery.objects.filter(state=WAITING, next_at__lte=now)
    return rows.filter(Q(webhook__is_active=True) | Q(is_manual=True))


def _with_something_due(now: datetime.datetime) -> list[int]:
    rows = _due(now).order_by("webhook_id").values_list("webhook_id", flat=True)
    return list(rows.distinct())


def _prepared(webhook_id: int, sender: Sender) -> _Prepared | None:
    """Count the attempt and build the body; None when nothing is due or the owner is silent."""
    with transaction.atomic():
        rows = _due(sender.now()).filter(webhook=webhook_id).select_for_update(of=("self",))
        delivery = rows.select_related("webhook__owner").order_by("pk").first()
        if delivery is None:
            return None
        webhook = delivery.webhook
        reason = why_silent(webhook)
        if reason:
            stop(webhook, reason)
            return None
        body = build_body(webhook, delivery)
        if body is None:
            delivery.state, delivery.error, delivery.changes = SKIPPED, "not_visible", []
            delivery.save(update_fields=["state", "error", "changes"])
            return _Prepared(webhook, delivery)
        delivery.attempts += 1
        delivery.body, delivery.built_for, delivery.answer = body, webhook.owner, ""
        delivery.save(update_fields=["attempts", "body", "built_for", "answer"])
    return _Prepared(webhook, delivery, body)


def _attempt(prepared: _Prepared, sender: Sender) -> bool:
    """Send one delivery and write down what came of it."""
    webhook, delivery = prepared.webhook, prepared.delivery
    now, body = sender.now(), (prepared.body or "").encode()
    headers = signed_headers(webhook, delivery, body, now)
    delivery.headers, delivery.sent_at, delivery.error = headers, now, ""
    watch = Deadline(float("inf"), sender.door.clock)
    try:
        answer: Answer | None = post(webhook.url, headers, body, sender.door)
    except Unsent as fault:
        answer, delivery.error, delivery.status = None, fault.code, fault.status
    delivery.took_ms = int(watch.spent() * 1000)
    if answer is not None:
        delivery.status = answer.status
        delivery.answer = answer.body[:KEPT_ANSWER].decode("utf-8", "replace").replace("\0", "")
        delivery.error = _fault_of(answer.status)
    with transaction.atomic():
        _note(webhook, delivery, sender, "" if answer is None else answer.retry_after)
    log.info("delivery %s: %s %s", delivery.pk, delivery.state, delivery.status or delivery.error)
    return not delivery.error


def _fault_of(status: int) -> str:
    """Anything but 2xx is a failure; redirects are not followed, 410 asks us to stop."""
    if 200 <= status < 300:
        return ""
    if status == HTTPStatus.GONE:
        return GONE
    return "redirect" if 300 <= status < 400 else "status"


def _note(webhook: Webhook, delivery: WebhookDelivery, sender: Sender, asked: str) -> None:
    now = sender.now()
    if not delivery.error:
        delivery.state = DELIVERED
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)
    else:
        final = delivery.is_manual or delivery.error == GONE
        wait = None if final else wait_after(delivery.attempts, sender.chance())
        wait = wait and max(wait, asked_to_wait(asked, now))
        delivery.state = FAILED if wait is None else WAITING
        delivery.next_at = now if wait is None else now + wait
    _keep(delivery)
    if delivery.error and not delivery.is_manual:
        _count_failure(webhook, delivery.error, now)


def _keep(delivery: WebhookDelivery) -> None:
    """Write down how it went; the answer only where nobody has blanked the body meanwhile."""
    rows = WebhookDelivery.objects.filter(pk=delivery.pk)
    result = {name: getattr(delivery, name) for name in RESULT}
    if not rows.filter(body=delivery.body).update(**result, answer=delivery.answer):
        rows.update(**result)


def _count_failure(webhook: Webhook, error: str, now: datetime.datetime) -> None:
    """Switch a webhook off that has failed for days, or whose receiver wants no more."""
    locked = Webhook.objects.select_for_update(of=("self",)).select_related("owner")
    current = locked.filter(pk=webhook.pk, is_active=True).first()
    if current is None:
        return
    if error == GONE:
        _give_up(current, GONE)
    elif current.failing_since is None:
        Webhook.objects.filter(pk=current.pk).update(failing_since=now)
    elif now - current.failing_since >= PATIENCE:
        _give_up(current, FAILING)


def _give_up(webhook: Webhook, reason: str) -> None:
    stop(webhook, reason)
    tell(webhook.owner, TOPIC, webhook.pk, "webhook_stopped")
