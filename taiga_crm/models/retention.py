"""RetentionRule: how long persons are kept without anything happening."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.models.dictionary import DictionaryModel


class RetentionRule(DictionaryModel):
    """Persons of a kind without activity for some months are proposed, or anonymized."""

    ACTIONS = (("propose", _("Propose only")), ("anonymize", _("Anonymize by itself")))

    kind = models.CharField(_("Records"), max_length=40)
    months = models.PositiveIntegerField(
        _("Months without activity"), default=36, validators=[MinValueValidator(1)]
    )
    action = models.CharField(_("What happens"), max_length=12, choices=ACTIONS, default="propose")
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("Retention rule")
        verbose_name_plural = _("Retention rules")
