"""CustomField: a field that an administrator added to a kind of record (F117, F118)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.models.base import CrmModel


class CustomField(CrmModel):
    """One definition; its values stand in the column `custom` of the records under its name.

    `labels`, `helps` and `section_labels` are {language: text} beside the text that every other
    language shows. `options` is a list of {"value", "label", "labels", "color", "retired"}.
    `minimum` and `maximum` are numbers as text. `types` and `projects` restrict where the field
    applies; empty = everywhere. `is_going` says that its values are being removed.
    """

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=63)
    label = models.CharField(_("Label"), max_length=120)
    labels = models.JSONField(default=dict)
    help = models.CharField(_("Help"), max_length=500, blank=True)
    helps = models.JSONField(default=dict)
    value_kind = models.CharField(max_length=20)
    result_kind = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=40, blank=True)
    section = models.CharField(_("Section"), max_length=120, blank=True)
    section_labels = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    is_required = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    is_shown = models.BooleanField(default=False)
    is_searched = models.BooleanField(default=False)
    is_indexed = models.BooleanField(default=False)
    is_going = models.BooleanField(default=False)
    options = models.JSONField(default=list)
    default = models.JSONField(null=True)
    minimum = models.CharField(max_length=32, blank=True)
    maximum = models.CharField(max_length=32, blank=True)
    max_length = models.PositiveIntegerField(null=True)
    pattern = models.CharField(max_length=200, blank=True)
    types = ArrayField(models.BigIntegerField(), default=list)
    projects = ArrayField(models.BigIntegerField(), default=list)
    formula = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Custom field")
        verbose_name_plural = _("Custom fields")
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="crm_custom_field_name")
        ]

    def __str__(self) -> str:
        return self.label
