"""What vCards need beside the records: the mapping of fields, and what else a card held."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from taiga_crm.models.base import CrmModel
from taiga_crm.models.part import RecordPart


class VcardMapping(CrmModel):
    """Which field of a kind of record stands in which property of a card (F141)."""

    kind = models.CharField(max_length=40, unique=True)
    fields = models.JSONField(default=dict)


class VcardKept(RecordPart):
    """The card a record came with: its UID, and its properties as lines that go out again."""

    uid = models.CharField(max_length=255, blank=True)
    lines = models.JSONField(default=list)

    once: ClassVar[tuple[str, ...]] = ()
    on_merge: ClassVar[str] = "drop"
    personal: ClassVar[tuple[str, ...]] = ("*",)
    is_work: ClassVar[bool] = False

    class Meta:
        verbose_name = "vCard"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="crm_vcard_kept_once")
        ]
        indexes = [models.Index(fields=["kind", "uid"], name="crm_vcard_uid")]
