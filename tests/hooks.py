"""Webhooks for the tests, and sending what they have to tell at a moment of one's choice."""

from __future__ import annotations

import datetime
import json
from typing import Any

from taiga_crm.capabilities.outgoing import Door
from taiga_crm.capabilities.webhook_events import EVENTS
from taiga_crm.capabilities.webhook_sending import Sender, send_due
from taiga_crm.kernel import clock
from taiga_crm.models import Webhook, WebhookDelivery


def make_webhook(owner: Any, url: str, project: Any = None, **fields: Any) -> Webhook:
    """Create a webhook that is told of everything on accounts and contacts."""
    fields.setdefault("name", "Shop")
    fields.setdefault("kinds", ["account", "contact"])
    fields.setdefault("events", list(EVENTS))
    fields.setdefault("secret", "whsec_test")
    return Webhook.objects.create(owner=owner, url=url, project=project, **fields)


def send(after: datetime.timedelta | None = None, chance: float = 0.5, **door: Any) -> int:
    """Send what is due now, or some time later."""
    now = clock.now() + (after or datetime.timedelta())
    return send_due(Sender(Door(**door), now=lambda: now, chance=lambda: chance))


def told(listener: Any) -> list[dict[str, Any]]:
    """Return what the listener was told."""
    return [json.loads(one.body) for one in listener.got]


def last() -> WebhookDelivery:
    """Return the delivery that was written last."""
    return WebhookDelivery.objects.latest("pk")
