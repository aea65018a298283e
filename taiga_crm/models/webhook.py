"""Webhook: an address of another program that is told what happens, and what it was told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.kernel import clock
from taiga_crm.models.base import CrmModel

WAITING, DELIVERED, FAILED, SKIPPED = "waiting", "delivered", "failed", "skipped"


class Webhook(CrmModel):
    """Who is told of which events on which kinds; without a project, of all projects.

    `owner` is who saved it last: only what this person may see goes out. `stopped` says why the
    CRM switched it off by itself. `failing_since` is when the first of the failures began that
    nothing has interrupted. The secret before the last is good until `former_until`.
    """

    project = models.ForeignKey(
        "projects.Project", null=True, on_delete=models.CASCADE, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("Name"), max_length=120)
    url = models.CharField(_("Address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    events = ArrayField(models.CharField(max_length=20), default=list)
    is_active = models.BooleanField(default=True)
    stopped = models.CharField(max_length=20, blank=True)
    failing_since = models.DateTimeField(null=True)
    secret = models.CharField(max_length=100)
    former_secret = models.CharField(max_length=100, blank=True)
    former_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(is_active=True), name="crm_webhook_active"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(models.Model):
    """One event for one webhook: written with the act, sent later, kept for a while as a log.

    `changes` are as in the history; what of them goes out is asked when it is sent. `part` is
    the comment that the event is about. `number` is the same in all attempts. `is_manual` was
    asked for by a person. `built_for` is the person whose rights made the body: nobody else
    reads it.
    """

    STATES = tuple((state, state) for state in (WAITING, DELIVERED, FAILED, SKIPPED))

    id = models.BigAutoField(primary_key=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    number = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(max_length=20)
    action = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    part = models.BigIntegerField(null=True)
    changes = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    project_ids = ArrayField(models.BigIntegerField(), default=list)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(default=clock.now)
    is_manual = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=20, blank=True)
    built_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["webhook", "next_at", "id"],
                condition=models.Q(state=WAITING),
                name="crm_delivery_waiting",
            ),
            models.Index(fields=["webhook", "-id"], name="crm_delivery_of_webhook"),
            models.Index(fields=["kind", "object_id"], name="crm_delivery_of_record"),
            models.Index(fields=["at"], name="crm_delivery_at"),
        ]
