"""Retention rule: after how long without activity persons are proposed or anonymized."""

from django.utils.translation import gettext_lazy as _

from taiga_crm.entities.dictionary import dictionary
from taiga_crm.models import RetentionRule
from taiga_crm.permissions.standing import KEEPS_SETTINGS
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Choice, Field, Tab

retention_rule = dictionary(
    "retention_rule",
    "retention-rules",
    RetentionRule,
    "kind",
    "months",
    "action",
    "is_active",
    fields=(
        Field("kind", "choice", _("Records"), required=True, choices=tuple(
            Choice(one.key, one.label_plural) for one in entities() if one.person)),
        Field("months", "integer", _("Months without activity"), minimum=1, maximum=1200,
              required=True, default=36),
    ),
    rules=dict.fromkeys(("view", "add", "change", "delete"), KEEPS_SETTINGS),
    tabs=(
        Tab("data", _("Retention rule"), "data"),
        Tab("due", _("Records due"), "due"),
        Tab("history", _("History"), "history"),
    ),
)  # fmt: skip
