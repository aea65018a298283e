"""Follower: a person who wants to hear what happens to a record."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from taiga_crm.kernel import clock
from taiga_crm.models.part import RecordPart


class Follower(RecordPart):
    """One person and one record; who stopped is remembered, so that nothing starts it again."""

    once = ("user",)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_following = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "user"], name="crm_follower_once")
        ]
