"""Accounts on tickets: the first becomes primary, the star moves it, never two (F154 – F157)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.history import record_history
from taiga_crm.capabilities.locking import lock_in_transaction, lock_many
from taiga_crm.host import TicketKind, current_host
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.models import TicketAccount
from taiga_crm.models.ticket import TICKET_COLUMNS
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entity


def panel(kind: str, ticket_id: int, actor: Any) -> dict[str, Any]:
    """Return what the panel on a ticket page shows; NotVisible where the CRM is off."""
    ticket_kind, ticket = _ticket(kind, ticket_id, actor)
    return _panel(ticket_kind, ticket, actor)


def link_account(kind: str, ticket_id: int, account_id: Any, actor: Any) -> dict[str, Any]:
    """Link a visible account to a ticket the person may modify; linking twice changes nothing."""
    with transaction.atomic():
        ticket_kind, ticket = _modifiable(kind, ticket_id, actor)
        account = _held(account_id, actor)
        if account is None:
            raise InvalidInput({"account": [_("Choose one from the list.")]})
        lock_in_transaction(f"crm.ticket.{kind}", ticket.pk)
        links = _links(kind, ticket.pk)
        if not links.filter(account=account).exists():
            TicketAccount.objects.create(
                **{"kind": kind, f"{kind}_id": ticket.pk},
                project_id=ticket.project_id,
                account=account,
                is_primary=not links.filter(is_primary=True).exists(),
                created_by=actor,
            )
            _tell(account, actor, "link_ticket", ticket)
    return _panel(ticket_kind, ticket, actor)


def star(link_id: int, actor: Any) -> dict[str, Any]:
    """Make a linked account the primary one (F157)."""
    with transaction.atomic():
        link, ticket_kind, ticket = _locked_link(link_id, actor)
        links = _links(link.kind, ticket.pk)
        links.filter(is_primary=True).exclude(pk=link.pk).update(is_primary=False)
        links.filter(pk=link.pk).update(is_primary=True)
        _tell(link.account, actor, "star_ticket", ticket)
    return _panel(ticket_kind, ticket, actor)


def unlink(link_id: int, actor: Any) -> dict[str, Any]:
    """Remove a link; the oldest of the rest becomes primary when the primary one goes."""
    with transaction.atomic():
        link, ticket_kind, ticket = _locked_link(link_id, actor)
        account = link.account
        link.delete()
        promote_oldest([(link.kind, ticket.pk)])
        _tell(account, actor, "unlink_ticket", ticket)
    return _panel(ticket_kind, ticket, actor)


def led_tickets(account_ids: Iterable[int]) -> list[tuple[str, int]]:
    """Return (kind, id) of the tickets that these accounts lead, locked against links."""
    links = TicketAccount.objects.filter(account__in=list(account_ids), is_primary=True)
    return hold_tickets((link.kind, link.ticket_id) for link in links)


def hold_tickets(tickets: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Lock the links of tickets, in a fixed order; return the tickets sorted."""
    held = sorted(set(tickets))
    for kind in sorted({kind for kind, _id in held}):
        lock_many(f"crm.ticket.{kind}", [number for one, number in held if one == kind])
    return held


def promote_oldest(tickets: list[tuple[str, int]]) -> None:
    """Make the oldest link of each ticket that has no primary account the primary one."""
    for kind in TICKET_COLUMNS:
        ids = [ticket_id for one, ticket_id in tickets if one == kind]
        rows = TicketAccount.objects.filter(**{f"{kind}_id__in": ids})
        led = rows.filter(is_primary=True).values(f"{kind}_id")
        oldest = (
            rows.exclude(**{f"{kind}_id__in": led})
            .order_by(f"{kind}_id", "created_at", "pk")
            .distinct(f"{kind}_id")
        )
        if ids:
            promoted = list(oldest.values_list("pk", flat=True))
            TicketAccount.objects.filter(pk__in=promoted).update(is_primary=True)


def _held(account_id: Any, actor: Any) -> Any:
    """Return a visible account that nobody deletes meanwhile; always locked before the ticket."""
    visible = rows_for(entity("account"), actor).select_for_update(of=("self",), no_key=True)
    return visible.filter(pk=account_id).first()


def _links(kind: str, ticket_id: int) -> Any:
    return TicketAccount.objects.filter(**{"kind": kind, f"{kind}_id": ticket_id})


def _ticket(kind: str, ticket_id: int, actor: Any) -> tuple[TicketKind, Any]:
    """Return a ticket of a CRM project that the host lets the person see."""
    ticket_kind = current_host().ticket_kinds().get(kind)
    if ticket_kind is None:
        raise InvalidInput({"kind": [_("This is not one of the choices.")]})
    projects = access_of(actor).ticket_projects(ticket_kind.view) or ()
    tickets = apps.get_model(ticket_kind.model).objects.select_related("project")
    ticket = tickets.filter(pk=ticket_id, project_id__in=projects).first()
    if ticket is None:
        raise NotVisible("No such ticket in a CRM project")
    return ticket_kind, ticket


def _may_modify(ticket_kind: TicketKind, ticket: Any, actor: Any) -> bool:
    projects = access_of(actor).ticket_projects(ticket_kind.modify) or ()
    return ticket.project_id in projects


def _modifiable(kind: str, ticket_id: int, actor: Any) -> tuple[TicketKind, Any]:
    ticket_kind, ticket = _ticket(kind, ticket_id, actor)
    if not _may_modify(ticket_kind, ticket, actor):
        raise Refused(_("You may not change this ticket."))
    current_host().check_writable(ticket.project)
    return ticket_kind, ticket


def _locked_link(link_id: int, actor: Any) -> tuple[TicketAccount, TicketKind, Any]:
    """Return a link to a visible account on a modifiable ticket, the ticket's links locked."""
    visible = rows_for(entity("account"), actor)
    link = TicketAccount.objects.filter(pk=link_id, account__in=visible).first()
    if link is None:
        raise NotVisible("No such link")
    ticket_kind, ticket = _modifiable(link.kind, link.ticket_id, actor)
    lock_in_transaction(f"crm.ticket.{link.kind}", ticket.pk)
    fresh = TicketAccount.objects.select_related("account").filter(pk=link_id).first()
    if fresh is None:
        raise NotVisible("No such link")
    return fresh, ticket_kind, ticket


def _panel(ticket_kind: TicketKind, ticket: Any, actor: Any) -> dict[str, Any]:
    visible = rows_for(entity("account"), actor)
    links = _links(ticket_kind.key, ticket.pk).filter(account__in=visible)
    rows = links.order_by("-is_primary", "created_at", "pk").values_list(
        "pk", "is_primary", "account_id", "account__name", "account__type__name"
    )
    return {
        "ticket": {
            "kind": ticket_kind.key,
            "id": ticket.pk,
            "ref": ticket.ref,
            "subject": ticket.subject,
            "project": ticket.project_id,
        },
        "enabled": True,
        "can_change": ticket.project_id not in access_of(actor).frozen
        and _may_modify(ticket_kind, ticket, actor),
        "links": [
            {
                "id": pk,
                "is_primary": primary,
                "account": {"id": account_id, "label": name},
                "type": type_name,
                "can_open": True,
            }
            for pk, primary, account_id, name, type_name in rows
        ],
    }


def _tell(account: Any, actor: Any, verb: str, ticket: Any) -> None:
    """Write the account's history with the ref alone: its readers may not see the subject."""
    change = {"field": "ticket", "old": "", "new": f"#{ticket.ref}"}
    if verb == "unlink_ticket":
        change = {**change, "old": change["new"], "new": ""}
    record_history("account", account, actor, verb, [change])
    current_host().emit("ticket", ticket.pk, "change", [ticket.project_id])
