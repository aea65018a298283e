"""Favorite: a record that a person keeps at hand."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from taiga_crm.kernel import clock
from taiga_crm.models.part import RecordPart


class Favorite(RecordPart):
    """One star of one person on one record of any kind."""

    once: ClassVar[tuple[str, ...]] = ("user",)
    personal: ClassVar[tuple[str, ...]] = ("*",)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "object_id"], name="crm_favorite_once")
        ]
