"""E-mail addresses and phone numbers as normalised child rows."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

EMAIL_TYPES = (("work", _("Work")), ("home", _("Home")), ("other", _("Other")))
PHONE_TYPES = (
    ("work", _("Work")),
    ("mobile", _("Mobile")),
    ("home", _("Home")),
    ("fax", _("Fax")),
    ("other", _("Other")),
)


class Channel(models.Model):
    """A way to reach somebody; `value` as typed, `key` for comparing.

    The unique constraints begin with the owner, so the link to it needs no index of its own.
    """

    value = models.CharField(max_length=254)
    key = models.CharField(max_length=254)
    is_primary = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


def _rules(owner: str, name: str) -> list[Any]:
    return [
        models.UniqueConstraint(fields=[owner, "key"], name=f"crm_{name}_once"),
        models.UniqueConstraint(
            fields=[owner], condition=models.Q(is_primary=True), name=f"crm_{name}_one_primary"
        ),
    ]


class AccountEmail(Channel):
    """An e-mail address of an account."""

    account = models.ForeignKey(
        "taiga_crm.Account", on_delete=models.CASCADE, related_name="emails", db_index=False
    )
    type = models.CharField(max_length=10, choices=EMAIL_TYPES, default="work")

    class Meta(Channel.Meta):
        constraints = _rules("account", "account_email")
        indexes = [models.Index(fields=["key"], name="crm_account_email_key")]


class AccountPhone(Channel):
    """A phone number of an account."""

    account = models.ForeignKey(
        "taiga_crm.Account", on_delete=models.CASCADE, related_name="phones", db_index=False
    )
    type = models.CharField(max_length=10, choices=PHONE_TYPES, default="work")

    class Meta(Channel.Meta):
        constraints = _rules("account", "account_phone")
        indexes = [models.Index(fields=["key"], name="crm_account_phone_key")]


class ContactEmail(Channel):
    """An e-mail address of a contact."""

    contact = models.ForeignKey(
        "taiga_crm.Contact", on_delete=models.CASCADE, related_name="emails", db_index=False
    )
    type = models.CharField(max_length=10, choices=EMAIL_TYPES, default="work")

    class Meta(Channel.Meta):
        constraints = _rules("contact", "contact_email")
        indexes = [models.Index(fields=["key"], name="crm_contact_email_key")]


class ContactPhone(Channel):
    """A phone number of a contact."""

    contact = models.ForeignKey(
        "taiga_crm.Contact", on_delete=models.CASCADE, related_name="phones", db_index=False
    )
    type = models.CharField(max_length=10, choices=PHONE_TYPES, default="work")

    class Meta(Channel.Meta):
        constraints = _rules("contact", "contact_phone")
        indexes = [models.Index(fields=["key"], name="crm_contact_phone_key")]
