"""Search over all kinds at once: names of records, subjects and refs of tickets."""

from __future__ import annotations

from itertools import islice, zip_longest
from typing import Any

from django.apps import apps
from django.db.models import Q

from taiga_crm.capabilities.listing import bounded_time
from taiga_crm.capabilities.lookup import lookup
from taiga_crm.host import TicketKind, current_host
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.decide import outcome_for
from taiga_crm.registry.catalog import entities, entity

PER_KIND = 8
MIN_SUBJECT = 3


def search_everything(user: Any, text: str, project_id: int | None = None) -> list[dict[str, Any]]:
    """Return [{"entity", "label", "results"}] of what the person may see; empty text: nothing.

    `project_id` narrows to one CRM project of the person; NotVisible for any other.
    """
    if not text:
        return []
    found = []
    for one in entities():
        if one.search_column and one.writable and outcome_for(one, user, "view") is not False:
            results: list[dict[str, Any]] = lookup(one, user, text, project_id, PER_KIND)
            found.append({"entity": one.key, "label": str(one.label_plural), "results": results})
    tickets = _tickets(user, text, project_id)
    found.append(
        {"entity": "ticket", "label": str(entity("ticket").label_plural), "results": tickets}
    )
    return [group for group in found if group["results"]]


def _tickets(user: Any, text: str, project_id: int | None) -> list[dict[str, Any]]:
    """Take turns between the kinds, so that many issues do not hide a story."""
    with bounded_time():
        kinds = current_host().ticket_kinds().values()
        columns = [_of_kind(kind, user, text, project_id) for kind in kinds]
    turns = (row for rows in zip_longest(*columns) for row in rows if row is not None)
    return list(islice(turns, PER_KIND))


def _of_kind(
    kind: TicketKind, user: Any, text: str, project_id: int | None
) -> list[dict[str, Any]]:
    projects = access_of(user).ticket_projects(kind.view)
    if project_id is not None:
        projects = (projects or frozenset()) & {project_id}
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
