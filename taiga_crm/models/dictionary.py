"""Short lists that an administrator keeps: account types, contact types, industries."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.models.base import CrmModel


class DictionaryModel(CrmModel):
    """A name in a list with a fixed place."""

    name = models.CharField(_("Name"), max_length=100, unique=True)
    position = models.PositiveIntegerField(_("Position"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class AccountType(DictionaryModel):
    """Decides which name fields an account has; one of them is always enabled (F113, F115)."""

    has_first_name = models.BooleanField(
        _("First name enabled"),
        default=True,
        help_text=_("When only this one is enabled, the field is called “Name”."),
    )
    has_last_name = models.BooleanField(_("Last name enabled"), default=False)

    class Meta:
        verbose_name = _("Account type")
        verbose_name_plural = _("Account types")
        constraints = [
            models.CheckConstraint(
                name="crm_account_type_has_a_name",
                check=models.Q(has_first_name=True) | models.Q(has_last_name=True),
            )
        ]


class ContactType(DictionaryModel):
    """What a contact is to us: an employee of an account, a consultant, or something else."""

    RELATIONS = (
        ("employee", _("Employee")),
        ("consultant", _("Consultant")),
        ("other", _("Other")),
    )

    relation = models.CharField(_("Relation"), max_length=20, choices=RELATIONS, default="employee")

    class Meta:
        verbose_name = _("Contact type")
        verbose_name_plural = _("Contact types")


class Industry(DictionaryModel):
    """The field an account works in."""

    class Meta:
        verbose_name = _("Industry")
        verbose_name_plural = _("Industries")
