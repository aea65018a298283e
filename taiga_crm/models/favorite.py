"""Favorite: a record that a person keeps at hand."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from taiga_crm.kernel import clock


class Favorite(models.Model):
    """One star of one person on one record of any kind."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "object_id"], name="crm_favorite_once")
        ]
