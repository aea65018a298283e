"""Contact: a person, usually an employee of an account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taiga_crm.capabilities.custom_formulas import has_computed, recalculate
from taiga_crm.capabilities.erasing import anonymize
from taiga_crm.models import Contact, ContactEmail, ContactPhone
from taiga_crm.models.channel import EMAIL_TYPES, PHONE_TYPES
from taiga_crm.permissions.standing import IN_CRM, SEES_ACCOUNT, sees_everything
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
from taiga_crm.registry.rules import Rule, in_any_project, is_me, member, through, where
from taiga_crm.services import contacts
from taiga_crm.services.consents import consented

OWNERS = ("created_by", "account__account_manager", "account__created_by")


def on_contacts(verb: str, everything: str) -> Rule:
    """A contact follows its account; without one it is its creator's and the directors'."""
    key = f"{verb}_contact"
    inside = member(key, projects="account__project_ids", owners=OWNERS)
    mine = is_me(*OWNERS) & in_any_project(key)
    allowed = sees_everything(everything) | inside | mine
    if verb == "view":
        allowed = allowed | (where(account__is_global=True) & in_any_project(key))
    private = where(account__is_private=True) & IN_CRM
    alone = where(account__isnull=True) & (sees_everything(everything) | mine)
    return (through("account", SEES_ACCOUNT) & (allowed | private)) | alone


contact = register(
    Entity(
        key="contact",
        path="contacts",
        model=Contact,
        label=_("Contact"),
        label_plural=_("Contacts"),
        icon="user",
        projects="account__project_ids",
        grantable=True,
        type_field="type",
        state_field="type",
        name_parts=("first_name", "last_name"),
        rules={
            "view": on_contacts("view", "view"),
            "add": sees_everything("change") | in_any_project("add_contact"),
            "change": on_contacts("change", "change"),
            "delete": on_contacts("delete", "delete"),
        },
        list_display=("name", "account", "type", "job_title", "email", "phone", "is_primary"),
        list_filter=(
            "name", "account", "type", "job_title", "department", "is_primary", "email", "phone",
            "account__industry", "account__country", "created_at", "modified_at", "created_by",
            "consents",
        ),
        group_by=("account", "type", "job_title", "account__industry", "created_at:month"),
        search_column="search_text",
        search_fields=("name", "job_title", "messenger", "emails", "phones"),
        lookup_detail=("account", "job_title"),
        fieldsets=(
            Section(_("Contact"), ("account", "type", "first_name", "last_name", "job_title",
                                   "department")),
            Section(_("Reach"), ("emails", "phones", "messenger")),
            Section(_("Notes"), ("notes",)),
        ),
        fields=(
            Field("account", "link", _("Account"), path="account_id", label_path="account__name",
                  target="account", guarded=False, nullable=True),
            Field("type", "link", _("Contact type"), path="type_id", label_path="type__name",
                  target="contact_type", required=True, guarded=False, prefill="first",
                  extras={"relation": "type__relation"}),
            Field("account__industry", "link", _("Industry"), path="account__industry_id",
                  label_path="account__industry__name", target="industry", guarded=False,
                  read_only=True, nullable=True),
            Field("account__country", "country", _("Country"), path="account__country",
                  read_only=True),
            Field("emails", "emails", _("E-mails"), max_length=254, choices=choices(EMAIL_TYPES)),
            Field("phones", "phones", _("Phones"), max_length=254, choices=choices(PHONE_TYPES)),
            Field("email", "text", _("E-mail"), expression=primary(ContactEmail, "contact"),
                  read_only=True, inputs=("emails",)),
            Field("phone", "text", _("Phone"), expression=primary(ContactPhone, "contact"),
                  read_only=True, inputs=("phones",)),
            Field("consents", "text", _("Consents"), expression=consented("contact"),
                  read_only=True, help=_("Purposes with a consent that holds.")),
        ),
        actions=(
            Action("make-primary", _("Make primary contact"), contacts.make_primary,
                   when=When("is_primary", False)),
            Action("recalculate", _("Recalculate custom fields"), recalculate,
                   offered=has_computed),
            Action("anonymize", _("Anonymize"), anonymize, verb="delete",
                   question=_("Delete the contact’s personal data? This cannot be undone."),
                   danger=True),
        ),
        tabs=(
            Tab("data", _("Data"), "data"),
            Tab("timeline", _("Timeline"), "timeline"),
            Tab("history", _("History"), "history"),
            Tab("files", _("Files"), "files"),
            Tab("privacy", _("Privacy"), "privacy"),
        ),
        tickets_of="account",
        vcard=VcardForm("individual", {
            "first_name": "N.given", "last_name": "N.family", "account": "ORG.name",
            "department": "ORG.unit", "job_title": "TITLE", "emails": "EMAIL", "phones": "TEL",
            "messenger": "IMPP", "notes": "NOTE",
        }),
        person=Person(
            ("first_name", "last_name", "job_title", "department", "messenger", "notes", "emails",
             "phones"),
            name="last_name",
        ),
        split_name=contacts.split_name,
        foresee=contacts.foresee,
        prepare=contacts.prepare,
        written=contacts.written,
        removing=contacts.removing,
        restoring=contacts.restoring,
        settle=contacts.settle,
        duplicate_by=(
            Same("name", "person", "name_key", ("first_name", "last_name"), similar=True,
                 within="account"),
            Same("emails", "email"),
            Same("phones", "phone"),
        ),
    )
)  # fmt: skip
