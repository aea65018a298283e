"""HistoryEntry: what changed on a record, from what to what, who did it and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from taiga_crm.kernel import clock


class HistoryEntry(models.Model):
    """One act on one record; outlives the record.

    `changes` is a list of {"field", "old", "new"} with texts as people read them.
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=255, blank=True)
    verb = models.CharField(max_length=40)
    changes = models.JSONField(default=list)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "-id"], name="crm_history_of_record")]
