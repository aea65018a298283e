"""Consent: what a person has allowed us, since when, from where, and until when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.kernel import clock
from taiga_crm.models.dictionary import DictionaryModel
from taiga_crm.models.part import RecordPart


class ConsentPurpose(DictionaryModel):
    """What a consent can be for: a newsletter, a reference, calls …"""

    wording = models.TextField(
        _("Wording"), blank=True, help_text=_("What the person agrees to, word for word.")
    )

    class Meta:
        verbose_name = _("Purpose of consents")
        verbose_name_plural = _("Purposes of consents")


class Consent(RecordPart):
    """One consent for one purpose; withdrawing it dates its end, giving it again is a new row."""

    personal: ClassVar[tuple[str, ...]] = ("source", "note")

    purpose = models.ForeignKey(ConsentPurpose, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    source = models.CharField(max_length=200)
    wording = models.TextField(blank=True)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("Consent")
        indexes = [models.Index(fields=["kind", "object_id"], name="crm_consent_of_record")]
        constraints = [
            models.CheckConstraint(
                name="crm_consent_ends_after_it_began",
                check=models.Q(withdrawn_on__isnull=True)
                | models.Q(withdrawn_on__gte=models.F("given_on")),
            )
        ]
