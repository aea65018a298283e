"""What is in the bin, as a page of rows: names only where their field may be seen."""

from __future__ import annotations

from typing import Any

from taiga_crm.capabilities.bin import binned, days_left, gone_at
from taiga_crm.capabilities.pages import Page
from taiga_crm.capabilities.paging import Count
from taiga_crm.capabilities.stored_rows import model_of
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import NotVisible
from taiga_crm.models import BinEntry
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_crm_project
from taiga_crm.registry.catalog import entities, entity_of_model
from taiga_crm.registry.kinds import KINDS


def narrowed_bin(user: Any, kind: str = "", text: str = "", project: int | None = None) -> Any:
    """Return the visible entries of a kind, whose name contains the text, of a CRM project."""
    rows = binned(user)
    if kind:
        rows = rows.filter(kind=kind)
    if project is not None:
        require_crm_project(user, project)
        rows = rows.filter(project_ids__contains=[project])
    if text:
        rows = rows.filter(label__icontains=text, kind__in=_named_kinds(user))
    return rows


def read_bin(rows: Any, user: Any, page: int, size: int) -> Page:
    """Return one page of entries, the youngest first; NotVisible behind the last page."""
    start = (page - 1) * size
    rows = rows.order_by("-deleted_at", "-pk")
    found = list(rows.defer("snapshot").select_related("deleted_by")[start : start + size + 1])
    if not found and page > 1:
        raise NotVisible("This page is behind the last one.")
    limit = conf().exact_count_limit
    number = rows.order_by().values("pk")[: limit + 1].count()
    named = _named_kinds(user)
    shown = [_shown(one, named) for one in found[:size]]
    count = Count(min(number, limit), number <= limit)
    return Page(shown, count, page, size, len(found) > size, "")


def _named_kinds(user: Any) -> set[str]:
    """Return the kinds whose name the person may read."""
    return {one.key for one in entities() if one.name_field in fields_for(one, user)}


def _shown(entry: BinEntry, named: set[str]) -> dict[str, Any]:
    who = entry.deleted_by
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "object_id": entry.object_id,
        "label": entry.label if entry.kind in named else "",
        "is_private": entry.is_private,
        "deleted_at": KINDS["datetime"].show(entry.deleted_at),
        "deleted_by": None
        if who is None
        else {"id": who.pk, "label": getattr(who, "full_name", "") or who.get_username()},
        "purged_at": KINDS["datetime"].show(gone_at(entry)),
        "days_left": days_left(entry),
        "contents": _contents(entry),
    }


def _contents(entry: BinEntry) -> list[dict[str, Any]]:
    """Return the records that went along; rows that are no records of ours stay untold."""
    found = []
    for label, number in sorted(entry.contents.items()):
        model = model_of(label)
        entity = entity_of_model(model) if model is not None else None
        if entity is not None and entity.writable:
            found.append({"kind": entity.key, "label": str(entity.label_plural), "count": number})
    return found
