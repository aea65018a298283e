"""Contact: a person, usually an employee of an account."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.models.base import CustomRecord


class Contact(CustomRecord):
    """One person; the first of an account is its primary contact, and there is never a second."""

    account = models.ForeignKey(
        "taiga_crm.Account",
        verbose_name=_("Account"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="contacts",
        db_index=False,  # crm_contact_account begins with it
    )
    type = models.ForeignKey(
        "taiga_crm.ContactType",
        verbose_name=_("Contact type"),
        on_delete=models.PROTECT,
        db_index=False,  # crm_contact_type begins with it
    )
    name = models.CharField(_("Contact"), max_length=255, editable=False)
    first_name = models.CharField(_("First name"), max_length=120, blank=True)
    last_name = models.CharField(_("Last name"), max_length=120, blank=True)
    job_title = models.CharField(_("Job title"), max_length=120, blank=True)
    department = models.CharField(_("Department"), max_length=120, blank=True)
    messenger = models.CharField(
        _("Messenger"), max_length=120, blank=True, help_text=_("Skype, Teams, KakaoTalk …")
    )
    is_primary = models.BooleanField(_("Primary contact"), default=False, editable=False)
    notes = models.TextField(_("Notes"), blank=True)
    search_text = models.TextField(default="", editable=False)
    name_key = models.CharField(max_length=255, default="", editable=False)

    class Meta:
        verbose_name = _("Contact")
        verbose_name_plural = _("Contacts")
        indexes = [
            models.Index(fields=["name", "id"], name="crm_contact_name"),
            models.Index(fields=["created_at", "id"], name="crm_contact_created"),
            models.Index(fields=["account", "name", "id"], name="crm_contact_account"),
            models.Index(fields=["type", "name", "id"], name="crm_contact_type"),
            models.Index(
                fields=["name_key"], opclasses=["varchar_pattern_ops"], name="crm_contact_name_key"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(is_primary=True),
                name="crm_contact_one_primary",
            ),
            models.CheckConstraint(name="crm_contact_is_named", check=~models.Q(name="")),
            models.CheckConstraint(
                name="crm_contact_primary_of_account",
                check=models.Q(is_primary=False) | models.Q(account__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
