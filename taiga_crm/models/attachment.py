"""Attachment: a file on a record of any kind, with every version that was ever uploaded."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.kernel import clock
from taiga_crm.models.part import RecordPart


class Attachment(RecordPart):
    """The file as people see it; `current` is the number of the version that counts."""

    personal: ClassVar[tuple[str, ...]] = ("*",)

    current = models.PositiveIntegerField(default=1)
    description = models.CharField(_("Description"), max_length=1_000, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("File")
        indexes = [
            models.Index(fields=["kind", "object_id", "-id"], name="crm_attachment_of_record"),
            models.Index(
                fields=["deleted_at"],
                condition=models.Q(deleted_at__isnull=False),
                name="crm_attachment_deleted",
            ),
        ]


class AttachmentVersion(models.Model):
    """One upload; never changed, so that a replaced file is not lost."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.CharField(max_length=40)  # the name of a kept file
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    restored_from = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attachment", "number"], name="crm_attachment_version_once"
            )
        ]
        indexes = [models.Index(fields=["file"], name="crm_attachment_file")]
