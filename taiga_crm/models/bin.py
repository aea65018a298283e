"""BinEntry: a deleted record with all that went with it, until it is restored or purged."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from taiga_crm.kernel import clock


class BinEntry(models.Model):
    """One deleted record; `snapshot` holds the rows themselves, so that nothing else shows them.

    `project_ids` are the projects it belonged to; `is_private` rows are their deleter's alone.
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=255, blank=True)
    snapshot = models.JSONField()
    contents = models.JSONField(default=dict)
    project_ids = ArrayField(models.IntegerField(), default=list)
    is_private = models.BooleanField(default=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    deleted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="crm_bin_record_once")
        ]
        indexes = [
            models.Index(fields=["deleted_at", "id"], name="crm_bin_deleted"),
            GinIndex(fields=["project_ids"], name="crm_bin_projects"),
        ]


class HeldFile(models.Model):
    """A kept file that a snapshot names: it stays on the disk as long as the snapshot."""

    name = models.CharField(max_length=60, db_index=True)
    entry = models.ForeignKey(BinEntry, on_delete=models.CASCADE, related_name="files")
