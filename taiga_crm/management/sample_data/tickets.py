"""Link the projects' tickets of all four kinds to the sample accounts."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

from django.apps import apps

from taiga_crm.host import current_host
from taiga_crm.kernel import clock
from taiga_crm.management.sample_data.plan import SEED
from taiga_crm.models import Account, TicketAccount
from taiga_crm.services import tickets

LINKED_TICKETS = 55  # of each project, fewer where it has fewer
ACCOUNTS_PER_TICKET = (1, 1, 1, 2, 1, 1, 3, 1)
STARRED_LATER = 9  # on every so many tickets the last account becomes the primary one


def link_tickets(project: Any, made: list[Account], boss: Any) -> None:
    """Link about LINKED_TICKETS tickets of a project, some to several accounts."""
    chance = Random(f"{SEED} {project.slug}")
    here = [a for a in made if project.pk in a.project_ids and not a.is_private]
    if not here:
        return
    for number, (kind, ticket) in enumerate(_chosen(project)):
        count = ACCOUNTS_PER_TICKET[number % len(ACCOUNTS_PER_TICKET)]
        for account in chance.sample(here, min(count, len(here))):
            tickets.link_account(kind, ticket.pk, account.pk, boss)
        _move_back(kind, ticket)
        if number % STARRED_LATER == 0:
            last = TicketAccount.objects.filter(**{kind: ticket}).order_by("-pk").first()
            if last is not None and not last.is_primary:
                tickets.star(last.pk, boss)


def _chosen(project: Any) -> list[tuple[str, Any]]:
    """Take tickets of the kinds in turn, so that every kind is there."""
    queues = []
    for kind in current_host().ticket_kinds().values():
        rows = apps.get_model(kind.model).objects.filter(project=project).order_by("ref")
        queues.append([(kind.key, ticket) for ticket in rows[:LINKED_TICKETS]])
    longest = max(len(queue) for queue in queues)
    turns = [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]
    return turns[:LINKED_TICKETS]


def _move_back(kind: str, ticket: Any) -> None:
    """Link a ticket on the day it was made, one account a minute after the other."""
    start = min(ticket.created_date, clock.now() - datetime.timedelta(hours=1))
    for minute, link in enumerate(TicketAccount.objects.filter(**{kind: ticket}).order_by("pk")):
        moment = start + datetime.timedelta(minutes=minute)
        TicketAccount.objects.filter(pk=link.pk).update(created_at=moment)
