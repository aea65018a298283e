"""Field rules: who may see a field, and where it is hidden, read-only or required."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taiga_crm.models.base import CrmModel

VISIBLE_TO, HIDDEN, READ_ONLY, REQUIRED = "visible_to", "hidden", "read_only", "required"
EFFECTS = (
    (VISIBLE_TO, _("Visible only to")),
    (HIDDEN, _("Hidden")),
    (READ_ONLY, _("Read-only")),
    (REQUIRED, _("Required")),
)


class FieldRuleSet(CrmModel):
    """All field rules of a kind in one place: a project, or the whole CRM; changed as one."""

    kind = models.CharField(max_length=40)
    project = models.ForeignKey(
        "projects.Project", null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "project"], name="crm_field_rules_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(project=None), name="crm_field_rules_global_once"
            ),
        ]


class FieldRule(models.Model):
    """One effect on one field for some people (F125, F214).

    People are ids, not links: when the last one who may see a field is deleted, nobody may see
    it, and not everybody. No people = everybody; no states = every state.
    """

    rule_set = models.ForeignKey(FieldRuleSet, on_delete=models.CASCADE, related_name="rules")
    field = models.CharField(max_length=120)
    effect = models.CharField(max_length=20, choices=EFFECTS)
    roles = ArrayField(models.BigIntegerField(), default=list)
    user_types = ArrayField(models.BigIntegerField(), default=list)
    users = ArrayField(models.BigIntegerField(), default=list)
    states = ArrayField(models.CharField(max_length=60), default=list)
