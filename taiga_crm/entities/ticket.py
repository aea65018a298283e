"""Ticket: an issue, user story, task or epic of the host, seen with its primary account."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from taiga_crm.host.tickets import TICKET_KINDS
from taiga_crm.models import TicketAccount
from taiga_crm.models.ticket import KINDS, TICKET_COLUMNS
from taiga_crm.permissions.standing import SEES_ACCOUNT
from taiga_crm.registry.catalog import register
from taiga_crm.registry.columns import FirstOf, choices
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.rules import through, ticket_rights


def of_ticket(path: str) -> FirstOf:
    """Return the expression of a column of the ticket, whatever its kind."""
    return FirstOf(TICKET_COLUMNS, path)


def _closed(user_id: int) -> Any:
    paths = (f"{kind.key}__{kind.closed}" for kind in TICKET_KINDS.values())
    return Coalesce(*paths, output_field=BooleanField())


ticket = register(
    Entity(
        key="ticket",
        path="tickets",
        model=TicketAccount,
        label=_("Ticket"),
        label_plural=_("Tickets"),
        icon="ticket",
        projects="project_id",
        name_field="subject",
        base={"is_primary": True},
        rules={
            "view": ticket_rights(
                {kind.key: kind.view for kind in TICKET_KINDS.values()},
                kind="kind",
                project="project_id",
            )
            & through("account", SEES_ACCOUNT)
        },
        list_display=(
            "ref", "subject", "kind", "project", "status", "assigned_to", "account",
            "account__industry", "account__country", "account__account_manager", "linked_at",
        ),
        list_filter=(
            "kind", "project", "status", "is_closed", "assigned_to", "subject", "account",
            "account__type", "account__industry", "account__country", "account__city",
            "account__account_manager", "account__is_key", "linked_at", "ticket_created_at",
        ),
        group_by=(
            "account", "account__industry", "account__type", "account__country", "account__city",
            "account__account_manager", "account__is_key", "project", "kind", "status",
            "assigned_to", "is_closed", "linked_at:month",
        ),
        ordering=("-linked_at",),
        search_column="account__search_text",
        search_also=("subject",),
        fields=(
            Field("ref", "integer", _("Ref"), expression=of_ticket("ref"), filterable=False),
            Field("subject", "text", _("Subject"), expression=of_ticket("subject")),
            Field("kind", "choice", _("Kind"), choices=choices(KINDS)),
            Field("project", "link", _("Project"), path="project_id",
                  label_path="project__name", target="project"),
            Field("status", "text", _("Status"), expression=of_ticket("status__name")),
            Field("is_closed", "boolean", _("Closed"), expression=_closed),
            Field("assigned_to", "link", _("Assigned to"), target="user",
                  expression=of_ticket("assigned_to_id"),
                  label_expression=of_ticket("assigned_to__full_name")),
            Field("ticket_created_at", "datetime", _("Created"),
                  expression=of_ticket("created_date")),
            Field("account", "link", _("Primary account"), path="account_id",
                  label_path="account__name", target="account", guarded=False),
            Field("account__type", "link", _("Account type"), path="account__type_id",
                  label_path="account__type__name", target="account_type", guarded=False),
            Field("account__industry", "link", _("Industry"), path="account__industry_id",
                  label_path="account__industry__name", target="industry", guarded=False),
            Field("account__country", "country", _("Country"), path="account__country"),
            Field("account__city", "text", _("City"), path="account__city"),
            Field("account__is_key", "boolean", _("Key account"), path="account__is_key"),
            Field("account__account_manager", "link", _("Account manager"),
                  path="account__account_manager_id",
                  label_path="account__account_manager__full_name", target="user"),
            Field("linked_at", "datetime", _("Linked"), path="created_at"),
        ),
        row_path={"kind": "kind", "slug": "project__slug", "ref": of_ticket("ref")},
    )
)  # fmt: skip
