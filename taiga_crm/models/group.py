"""Groups: a tree of names that records are put under, as many as wanted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.kernel import clock
from taiga_crm.models.dictionary import DictionaryModel


class TreeModel(DictionaryModel):
    """A dictionary whose entries lie below one another."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("Above it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
    )

    class Meta:
        abstract = True


class AccountGroup(TreeModel):
    """A group of accounts: key customers, a country, an industry (F119, F139, F225)."""

    KINDS = (
        ("customer_type", _("Customer type")),
        ("country", _("Country")),
        ("industry", _("Industry")),
        ("other", _("Other")),
    )

    kind = models.CharField(_("Kind"), max_length=20, choices=KINDS, default="other")
    color = models.CharField(_("Color"), max_length=7, blank=True)

    class Meta:
        verbose_name = _("Account group")
        verbose_name_plural = _("Account groups")
        constraints = [
            models.CheckConstraint(
                name="crm_account_group_not_its_own_parent",
                check=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            )
        ]


class AccountGroupMember(models.Model):
    """An account is in a group."""

    group = models.ForeignKey(AccountGroup, on_delete=models.CASCADE, db_index=False)
    account = models.ForeignKey("taiga_crm.Account", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "account"], name="crm_group_member_once")
        ]
