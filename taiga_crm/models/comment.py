"""Comment: what somebody has to say about a record."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from taiga_crm.kernel import clock
from taiga_crm.models.part import RecordPart


class Comment(RecordPart):
    """One remark in Markdown on one record; a deleted one stays as a stub, for a while with text.

    `mentioned` are the people who were told that their name stands in the text.
    """

    personal = ("text",)

    text = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=255, blank=True)
    mentioned = ArrayField(models.IntegerField(), default=list)
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "object_id", "-created_at"], name="crm_comment_of_record"),
            models.Index(
                fields=["deleted_at"],
                condition=models.Q(deleted_at__isnull=False),
                name="crm_comment_deleted",
            ),
        ]
