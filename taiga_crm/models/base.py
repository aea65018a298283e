"""What every record of the CRM carries, and the queryset that knows who may see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.kernel import clock
from taiga_crm.models.custom_column import CustomColumn


class RuledQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows are handed out through `for_user`; `unscoped` is the greppable exception."""

    def for_outcome(self, outcome: Any) -> RuledQuerySet:
        """Narrow to a rule's outcome: True = all, False = none, or a Q."""
        if outcome is True:
            return self.all()
        return self.none() if outcome is False else self.filter(outcome)

    def unscoped(self) -> RuledQuerySet:
        """Return all rows, whoever asks: for services that have checked already."""
        return self.all()


class CrmModel(models.Model):
    """A record: who made it, when it changed, and its version for optimistic locking."""

    created_at = models.DateTimeField(_("Created"), default=clock.now, editable=False)
    modified_at = models.DateTimeField(_("Modified"), default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Created by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RuledQuerySet.as_manager()

    class Meta:
        abstract = True


class CustomRecord(CrmModel):
    """A record that administrators may give further fields; their values stand in `custom`."""

    custom = CustomColumn(default=dict, editable=False)

    class Meta:
        abstract = True
