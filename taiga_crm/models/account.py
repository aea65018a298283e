"""Account: a company or a person we deal with, its projects and its connections."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.kernel import clock
from taiga_crm.models.base import CustomRecord

MAX_PROJECTS = 300  # of one account: they stand in index rows, which PostgreSQL bounds
# what decides who sees a row stands in the indexes of lists, so that counting reads no table
WHO_SEES = ("project_ids", "is_private", "is_global", "created_by", "account_manager")


class Account(CustomRecord):
    """One customer. `project_ids` mirrors AccountProject, so that visibility needs no join."""

    # the indexes below begin with these three links, so they need none of their own
    type = models.ForeignKey(
        "taiga_crm.AccountType",
        verbose_name=_("Account type"),
        on_delete=models.PROTECT,
        db_index=False,
    )
    name = models.CharField(_("Account"), max_length=255, editable=False)
    first_name = models.CharField(_("First name"), max_length=255, blank=True)
    last_name = models.CharField(_("Last name"), max_length=255, blank=True)
    organisation = models.CharField(_("Organisation"), max_length=255, blank=True)
    website = models.CharField(_("Website"), max_length=255, blank=True)
    street = models.CharField(_("Street"), max_length=255, blank=True)
    city = models.CharField(_("City"), max_length=100, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    registration_number = models.CharField(_("Registration number"), max_length=50, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=50, blank=True)
    industry = models.ForeignKey(
        "taiga_crm.Industry",
        verbose_name=_("Industry"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
    )
    account_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Account manager"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Parent account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
    )
    groups: Any = models.ManyToManyField(
        "taiga_crm.AccountGroup",
        verbose_name=_("Groups"),
        through="taiga_crm.AccountGroupMember",
        related_name="accounts",
        blank=True,
    )
    is_key = models.BooleanField(_("Key account"), default=False)
    is_global = models.BooleanField(
        _("Global account"), default=False, help_text=_("All CRM users can see it.")
    )
    is_private = models.BooleanField(
        _("Private account"),
        default=False,
        help_text=_("Only its creator sees it; not even an administrator finds it."),
    )
    employees = models.PositiveIntegerField(_("Employees"), null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("Founded"), null=True, blank=True)
    annual_revenue = models.DecimalField(
        _("Annual revenue"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    annual_revenue_currency = models.CharField(max_length=3, blank=True)
    description = models.TextField(_("Description"), blank=True)
    project_ids = ArrayField(models.IntegerField(), size=MAX_PROJECTS, default=list, editable=False)
    search_text = models.TextField(default="", editable=False)
    name_key = models.CharField(max_length=255, default="", editable=False)
    domain_key = models.CharField(max_length=200, default="", editable=False)
    vat_key = models.CharField(max_length=50, default="", editable=False)
    registration_key = models.CharField(max_length=50, default="", editable=False)

    class Meta:
        verbose_name = _("Account")
        verbose_name_plural = _("Accounts")
        indexes = [
            models.Index(fields=["name", "id"], name="crm_account_name"),
            models.Index(fields=["created_at", "id"], name="crm_account_created"),
            models.Index(fields=["modified_at", "id"], name="crm_account_modified"),
            models.Index(fields=["city", "id"], name="crm_account_city"),
            models.Index(fields=["country", "id"], name="crm_account_country"),
            models.Index(
                models.F("employees").desc(nulls_last=True), "id", name="crm_account_employees"
            ),
            models.Index(
                models.F("annual_revenue").desc(nulls_last=True), "id", name="crm_account_revenue"
            ),
            models.Index(
                fields=["industry", "name", "id"], include=WHO_SEES, name="crm_account_of_industry"
            ),
            models.Index(
                fields=["type", "name", "id"], include=WHO_SEES, name="crm_account_of_type"
            ),
            models.Index(
                fields=["account_manager", "name", "id"],
                include=WHO_SEES[:-1],
                name="crm_account_of_manager",
            ),
            GinIndex(fields=["project_ids"], name="crm_account_projects"),
            # by pattern, so that names that begin alike are found by the same index
            models.Index(
                fields=["name_key"], opclasses=["varchar_pattern_ops"], name="crm_account_name_key"
            ),
            models.Index(fields=["domain_key"], name="crm_account_domain_key"),
            models.Index(fields=["vat_key"], name="crm_account_vat_key"),
            models.Index(fields=["registration_key"], name="crm_account_reg_key"),
        ]
        constraints = [
            models.CheckConstraint(
                name="crm_account_private_or_global",
                check=~models.Q(is_private=True, is_global=True),
            ),
            models.CheckConstraint(name="crm_account_is_named", check=~models.Q(name="")),
            models.CheckConstraint(
                name="crm_account_not_its_own_parent",
                check=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccountProject(models.Model):
    """An account belongs to a project (F131)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="project_links")
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "project"], name="crm_account_project_once")
        ]


class AccountConnection(models.Model):
    """Two accounts know each other (F133); stored once, the lower id first."""

    pair: ClassVar[tuple[str, str]] = ("low", "high")  # a merge keeps the order

    low = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="connections_up")
    high = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="connections_down")
    note = models.CharField(_("Note"), max_length=255, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="crm_connection_once"),
            models.CheckConstraint(
                name="crm_connection_low_first", check=models.Q(low__lt=models.F("high"))
            ),
        ]
