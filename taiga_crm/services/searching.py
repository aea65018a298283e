"""Search over all kinds at once: names of records, subjects and refs of tickets."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q

from taiga_crm.capabilities.listing import bounded_time
from taiga_crm.capabilities.lookup import lookup
from taiga_crm.host import TicketKind, current_host
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.decide import kind_verbs
from taiga_crm.registry.catalog import entities, entity

PER_KIND = 8
MIN_SUBJECT = 3


def search_everything(user: Any, text: str) -> list[dict[str, Any]]:
    """Return [{"entity", "label", "results"}] of what the person may see; empty text: nothing."""
    if not text:
        return []
    found = []
    for one in entities():
        if one.search_column and one.writable and "view" in kind_verbs(one, user):
            results: list[dict[str, Any]] = lookup(one, user, text, limit=PER_KIND)
            found.append({"entity": one.key, "label": str(one.label_plural), "results": results})
    tickets = _tickets(user, text)
    found.append(
        {"entity": "ticket", "label": str(entity("ticket").label_plural), "results": tickets}
    )
    return [group for group in found if group["results"]]


def _tickets(user: Any, text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with bounded_time():
        for kind in current_host().ticket_kinds().values():
            found += _of_kind(kind, user, text)
    return found[:PER_KIND]


def _of_kind(kind: TicketKind, user: Any, text: str) -> list[dict[str, Any]]:
    projects = access_of(user).ticket_projects(kind.view)
    condition = _condition(text)
    if not projects or condition is None:
        return []
    rows = apps.get_model(kind.model).objects.filter(condition, project_id__in=projects)
    values = rows.order_by("-pk").values_list(
        "pk", "ref", "subject", "project_id", "project__slug", "project__name"
    )
    return [
        {
            "id": pk,
            "label": subject,
            "detail": f"{kind.label} #{ref} · {name}",
            "kind": kind.key,
            "ref": ref,
            "project": {"id": project_id, "slug": slug},
        }
        for pk, ref, subject, project_id, slug, name in values[:PER_KIND]
    ]


def _condition(text: str) -> Q | None:
    number = text.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 9:
        return Q(ref=int(number))
    return Q(subject__icontains=text) if len(text) >= MIN_SUBJECT else None
