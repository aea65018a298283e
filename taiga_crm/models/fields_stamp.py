"""FieldsStamp: one number that changes with every custom field and every field rule."""

from __future__ import annotations

from django.db import models


class FieldsStamp(models.Model):
    """The single row (id 1); drawn at random, so that a rolled back change never shares one."""

    number = models.BigIntegerField(default=0)
