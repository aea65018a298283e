"""MergeRun and KeptApart: what became of duplicates, and which pairs are none."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from taiga_crm.kernel import clock


class MergeRun(models.Model):
    """One merge of records of a kind; the journal undoes it and is emptied when it is too old.

    `journal` lists every row that was changed or deleted, with its former values.
    """

    kind = models.CharField(max_length=40)
    winner_id = models.BigIntegerField()
    loser_ids = ArrayField(models.BigIntegerField())
    labels = models.JSONField(default=dict)
    journal = models.JSONField(null=True)
    moved = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "winner_id", "-id"], name="crm_merge_winner"),
            GinIndex(fields=["loser_ids"], name="crm_merge_losers"),
        ]


class KeptApart(models.Model):
    """Somebody decided that two records of a kind are no duplicates; the lower id first."""

    kind = models.CharField(max_length=40)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "low_id", "high_id"], name="crm_apart_once")
        ]
        indexes = [models.Index(fields=["kind", "high_id"], name="crm_apart_high")]
