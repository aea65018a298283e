"""Account: a company or a person we deal with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taiga_crm.capabilities.custom_formulas import has_computed, recalculate
from taiga_crm.capabilities.erasing import anonymize
from taiga_crm.capabilities.favorites import is_favorite
from taiga_crm.models import Account, AccountEmail, AccountPhone
from taiga_crm.models.channel import EMAIL_TYPES, PHONE_TYPES
from taiga_crm.permissions.standing import SEES_ACCOUNT, on_accounts, sees_everything
from taiga_crm.registry.catalog import register
from taiga_crm.registry.columns import choices, primary
from taiga_crm.registry.entity import (
    Action,
    Entity,
    Field,
    Person,
    Same,
    Section,
    Tab,
    VcardForm,
    When,
)
from taiga_crm.registry.rules import in_any_project
from taiga_crm.services import account_names, accounts
from taiga_crm.services.consents import consented

account = register(
    Entity(
        key="account",
        path="accounts",
        model=Account,
        label=_("Account"),
        label_plural=_("Accounts"),
        icon="building",
        projects="project_ids",
        grantable=True,
        type_field="type",
        state_field="type",
        name_parts=("first_name", "last_name"),
        rules={
            "view": SEES_ACCOUNT,
            "add": sees_everything("change") | in_any_project("add_account"),
            "change": on_accounts("change", "change"),
            "delete": on_accounts("delete", "delete"),
        },
        list_display=(
            "is_favorite", "name", "type", "industry", "groups", "country", "city",
            "account_manager", "email", "annual_revenue",
        ),
        list_filter=(
            "name", "type", "industry", "account_manager", "is_key", "is_global", "is_private",
            "is_favorite", "city", "country", "groups", "parent", "projects", "employees",
            "annual_revenue", "founded_year", "registration_number", "vat_number", "website",
            "organisation",
            "created_at", "modified_at", "created_by", "email", "phone", "consents",
        ),
        group_by=(
            "groups", "type", "industry", "account_manager", "country", "city", "is_key",
            "parent", "name", "organisation", "email", "is_favorite", "is_global", "employees",
            "founded_year", "created_at:month", "modified_at:month",
        ),
        totals=("annual_revenue", "employees"),
        search_column="search_text",
        search_fields=("name", "organisation", "website", "city", "vat_number",
                       "registration_number", "emails", "phones"),
        lookup_detail=("type", "city"),
        fieldsets=(
            Section(_("Account"), ("type", "first_name", "last_name", "organisation", "industry",
                                   "account_manager", "parent", "groups")),
            Section(_("Reach"), ("emails", "phones", "website")),
            Section(_("Address"), ("street", "postal_code", "city", "country")),
            Section(_("Business"), ("registration_number", "vat_number", "employees",
                                    "annual_revenue", "founded_year", "description")),
            Section(_("Visibility"), ("projects", "is_key", "is_global", "is_private")),
        ),
        fields=(
            Field("is_favorite", "boolean", _("My account"),
                  expression=is_favorite("account"), read_only=True),
            Field("first_name", "text", _("First name"), max_length=255,
                  visible_if=When("type.has_first_name", True)),
            Field("last_name", "text", _("Last name"), max_length=255,
                  visible_if=When("type.has_last_name", True)),
            Field("type", "link", _("Account type"), path="type_id", label_path="type__name",
                  target="account_type", required=True, guarded=False, inline=False,
                  prefill="first",
                  extras={"has_first_name": "type__has_first_name",
                          "has_last_name": "type__has_last_name"}),
            Field("industry", "link", _("Industry"), path="industry_id",
                  label_path="industry__name", target="industry", guarded=False, nullable=True),
            Field("account_manager", "link", _("Account manager"), path="account_manager_id",
                  label_path="account_manager__full_name", target="user", prefill="me",
                  nullable=True),
            Field("website", "url", _("Website"), max_length=255),
            Field("country", "country", _("Country")),
            Field("emails", "emails", _("E-mails"), max_length=254, choices=choices(EMAIL_TYPES)),
            Field("phones", "phones", _("Phones"), max_length=254, choices=choices(PHONE_TYPES)),
            Field("email", "text", _("E-mail"), expression=primary(AccountEmail, "account"),
                  read_only=True, inputs=("emails",)),
            Field("phone", "text", _("Phone"), expression=primary(AccountPhone, "account"),
                  read_only=True, inputs=("phones",)),
            Field("consents", "text", _("Consents"), expression=consented("account"),
                  read_only=True, help=_("Purposes with a consent that holds.")),
            Field("annual_revenue", "money", _("Annual revenue"), nullable=True),
            Field("employees", "integer", _("Employees"), minimum=0, nullable=True,
                  groupable=True),
            Field("founded_year", "integer", _("Founded"), minimum=1000, maximum=2200,
                  nullable=True, groupable=True),
            Field("groups", "links", _("Groups"), label_path="name", target="account_group",
                  columnar=True, groupable=True, extras={"color": "color"}, guarded=False),
            Field("projects", "links", _("Projects"), path="project_ids", target="project",
                  sortable=False),
        ),
        actions=(
            Action("favorite", _("My account"), accounts.favorite, verb="view",
                   body={"value": "boolean"}),
            Action("recalculate", _("Recalculate custom fields"), recalculate,
                   offered=has_computed),
            Action("anonymize", _("Anonymize"), anonymize, verb="delete",
                   when=When("type.has_last_name", True),
                   question=_("Delete the person’s data for good? It goes from the record, its "
                              "history, comments and files. This cannot be undone."),
                   danger=True),
        ),
        tabs=(
            Tab("people", _("People"), "related", "contact", {"account": "$id"}),
            Tab("opportunities", _("Opportunities"), "pending", note=_(
                "Deals in progress with this account will stand here, with their stage and amount,"
                " as soon as this CRM keeps opportunities.")),
            Tab("data", _("Data"), "data"),
            Tab("billing", _("Invoices & billing"), "pending", note=_(
                "Invoices and payments of this account will stand here; they will come from the"
                " accounting program that is connected.")),
            Tab("activities", _("Sales activities"), "pending", note=_(
                "Calls, meetings and mails with this account will stand here, as soon as this CRM"
                " keeps sales activities. Until then, write comments in the timeline.")),
            Tab("work", _("Projects & tickets"), "stack", parts=(
                Tab("projects", _("Projects"), "projects"),
                Tab("tickets", _("Tickets"), "related", "ticket", {"account": "$id"}),
            )),
            Tab("contracts", _("Contracts"), "pending", note=_(
                "Contracts of this account will stand here; they come from sold opportunities.")),
            Tab("relations", _("Relations"), "stack", parts=(
                Tab("subaccounts", _("Sub-accounts"), "related", "account", {"parent": "$id"}),
                Tab("connections", _("Connected accounts"), "connections"),
            )),
            Tab("timeline", _("Timeline"), "timeline"),
            Tab("history", _("History"), "history"),
            Tab("files", _("Files"), "files"),
            Tab("privacy", _("Privacy"), "privacy"),
        ),
        address=("street", "postal_code", "city", "country"),
        tickets_of="id",
        stream_from={"contact": "account"},
        person=Person(
            ("first_name", "last_name", "organisation", "website", "street", "postal_code",
             "city", "description", "registration_number", "vat_number", "emails", "phones"),
            name="last_name",
            rows={"type__has_last_name": True},
        ),
        vcard=VcardForm("org", {
            "name": "ORG.name", "organisation": "ORG.unit", "website": "URL", "emails": "EMAIL",
            "phones": "TEL", "street": "ADR.street", "postal_code": "ADR.code",
            "city": "ADR.city", "country": "ADR.country", "industry": "X-INDUSTRY",
            "registration_number": "X-REGISTRATION-NUMBER", "vat_number": "X-VAT-NUMBER",
            "description": "NOTE",
        }),
        split_name=account_names.split_name,
        foresee=accounts.foresee,
        prepare=accounts.prepare,
        written=accounts.written,
        removing=accounts.removing,
        restoring=accounts.restoring,
        settle=accounts.settle,
        duplicate_by=(
            Same("name", "company", "name_key", ("first_name", "last_name"), similar=True),
            Same("vat_number", "number", "vat_key"),
            Same("registration_number", "number", "registration_key"),
            Same("emails", "email"),
            Same("phones", "phone"),
            Same("website", "domain", "domain_key", ("website", "emails")),
        ),
        one_by_one=("parent",),
    )
)  # fmt: skip
