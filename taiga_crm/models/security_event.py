"""SecurityEvent: who was refused, which token was used, what was exported; ids only."""

from __future__ import annotations

import secrets

from django.db import models

from taiga_crm.kernel import clock


def own_bucket() -> str:
    """Return a bucket that no other event has."""
    return secrets.token_hex(32)


class SecurityEvent(models.Model):
    """One act, or many alike: `number` of them from `first_at` to `at`.

    Numbers instead of foreign keys: the log outlives people, tokens and records. It holds no
    names, mails or values. Events with the same `bucket` are counted in one row.
    """

    kind = models.CharField(max_length=30)
    first_at = models.DateTimeField(default=clock.now)
    at = models.DateTimeField(default=clock.now)
    number = models.PositiveIntegerField(default=1)
    user_id = models.BigIntegerField(null=True)
    token_id = models.BigIntegerField(null=True)
    ip = models.GenericIPAddressField(null=True)
    route = models.CharField(max_length=120, blank=True)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    bucket = models.CharField(max_length=64, unique=True, default=own_bucket)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="crm_security_event_at"),
            models.Index(fields=["user_id", "-at", "-id"], name="crm_security_event_of_user"),
            models.Index(fields=["kind", "-at", "-id"], name="crm_security_event_of_kind"),
        ]
