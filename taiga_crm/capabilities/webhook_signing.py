"""Secrets of webhooks, and the headers by which a receiver knows that it was us."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets

from taiga_crm import __version__
from taiga_crm.models import Webhook, WebhookDelivery

GRACE = datetime.timedelta(hours=24)


def new_secret() -> str:
    """Return a secret of 256 bits."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def rotate(webhook: Webhook, now: datetime.datetime) -> None:
    """Give a new secret; the old one stays good for a day beside it."""
    webhook.former_secret, webhook.former_until = webhook.secret, now + GRACE
    webhook.secret = new_secret()


def signed_headers(
    webhook: Webhook, delivery: WebhookDelivery, body: bytes, now: datetime.datetime
) -> dict[str, str]:
    """Return the headers of an attempt: one signature, or two in the grace of a new secret."""
    moment = str(int(now.timestamp()))
    name = f"{delivery.kind}.{delivery.event}" if delivery.kind else delivery.event
    signatures = [signature(secret, moment, body) for secret in good_secrets(webhook, now)]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"taiga-crm-webhook/{__version__}",
        "X-Crm-Event": name,
        "X-Crm-Delivery": str(delivery.number),
        "X-Crm-Timestamp": moment,
        "X-Crm-Signature": ", ".join(f"sha256={one}" for one in signatures),
    }


def good_secrets(webhook: Webhook, now: datetime.datetime) -> list[str]:
    """Return the secrets that sign, the new one first."""
    former = webhook.former_until is not None and now < webhook.former_until
    return [webhook.secret, *([webhook.former_secret] if former else [])]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return HMAC-SHA256 of "timestamp.body" in hexadecimal."""
    message = timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
