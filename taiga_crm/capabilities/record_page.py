"""The page of one record in one answer: the record, the lists it opens with, counts and sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.conditions import Node
from taiga_crm.capabilities.list_request import ListRequest, read_place
from taiga_crm.capabilities.listing import matching_rows, refused_when_slow
from taiga_crm.capabilities.pages import Asked, Page, asked_by, read_page
from taiga_crm.capabilities.paging import Count, counted
from taiga_crm.capabilities.reading import Record, read_record
from taiga_crm.capabilities.statements import HERE, Statement, count_all
from taiga_crm.capabilities.tab_counts import related_request, rows_of_tab, tabs_of
from taiga_crm.capabilities.timeline import read_stream
from taiga_crm.capabilities.totals import tally_whole
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entity as entity_of
from taiga_crm.registry.entity import Entity, Tab

NONE = "none"
RELATED, STREAMS = "related", {"timeline": "", "history": "changes"}


def read_record_page(entity: Entity, user: Any, pk: int, params: Mapping[str, str]) -> Record:
    """Return {"record", "lists", "counts", "sums"} of a visible record; NotVisible otherwise.

    `lists` names tabs whose first page comes along, "none" stands for no tab; by default it is
    the tab that a page opens with. "people.sort" and the like go to the list of a tab, `project`
    narrows all.
    What a tab shows and counts is what its own list answers to the same person.
    """
    record = read_record(entity, user, pk)
    place = read_place({"project": params.get("project", "")})
    tabs, kept = _kept_tabs(asked_by(entity, user, place))
    counts = _counts(kept, pk)
    page: Record = {"record": record, "lists": {}, "sums": {}}
    for name in _opened(entity, tabs, params):
        if tabs[name].kind == RELATED:
            request = _request(tabs[name], user, params)
            known = counts[name] if _is_whole(request, kept[name]) else None
            _add_related(page, tabs[name], user, request=request, pk=pk, known=known)
        else:
            page["lists"][name] = _stream(entity, user, pk, tabs[name])
    shown = {name: _number(count) for name, count in counts.items()}
    return {**page, "counts": {**shown, **_projects(tabs.values(), record, entity, user)}}


def _opened(entity: Entity, tabs: Mapping[str, Tab], params: Mapping[str, str]) -> list[str]:
    """Return the tabs whose first page is wanted and that the person has."""
    declared = {one.key for tab in entity.tabs for one in (tab, *tab.parts)}
    first = next((tab.parts or (tab,) for tab in entity.tabs), ())
    names = [name for name in params.get("lists", "").split(",") if name != NONE]
    names = names if "lists" in params else [tab.key for tab in first]
    for name in names:
        if name not in declared:
            raise InvalidQuery(_("Unknown tab: %s") % name[:40])
    wanted = (RELATED, *STREAMS)
    return [name for name in dict.fromkeys(names) if name in tabs and tabs[name].kind in wanted]


def _add_related(
    page: Record, tab: Tab, user: Any, *, request: ListRequest, pk: int, known: Count | None
) -> None:
    related = entity_of(tab.entity)
    page["lists"][tab.key] = _shown(read_page(related, user, request, pk, known))
    if request.totals:
        tally = tally_whole(related, user, request, pk)
        fields = [fields_for(related, user)[name] for name in request.totals]
        page["sums"][tab.key] = {"count": tally.count, "totals": tally.shown(fields)}


def _request(tab: Tab, user: Any, params: Mapping[str, str]) -> ListRequest:
    """Return the request for the list of a tab with HERE in place of the record."""
    head = f"{tab.key}."
    own = {name[len(head) :]: text for name, text in params.items() if name.startswith(head)}
    return related_request(tab, user, HERE, {**own, "project": params.get("project", "")})


def _is_whole(request: ListRequest, kept: _Kept) -> bool:
    """Say whether a list shows the rows that its tab counts."""
    return request.conditions == kept.conditions and not request.search


def _shown(page: Page) -> Record:
    return {
        "rows": page.rows,
        "page": page.number,
        "page_size": page.size,
        "has_next": page.has_next,
        "next_cursor": page.next_cursor,
        **_number(page.count),
    }


def _number(count: Count) -> Record:
    return {"count": count.number, "exact": count.exact}


def _stream(entity: Entity, user: Any, pk: int, tab: Tab) -> Record:
    items, after = read_stream(entity, user, pk, kinds=STREAMS[tab.kind])
    return {"rows": items, "next_cursor": after, "has_next": bool(after)}


@dataclass(frozen=True)
class _Kept:
    """The rows that a tab counts, and for a related tab the conditions they are found by."""

    statement: Statement
    conditions: tuple[Node, ...] = ()


@lru_cache(maxsize=300)
def _kept_tabs(asked: Asked) -> tuple[dict[str, Tab], dict[str, _Kept]]:
    """Keep the tabs of a page and the SQL of what they count, for equal rights and project."""
    entity, user = asked.entity, asked.user
    tabs = {tab.key: tab for tab in tabs_of(entity, user)}
    found = {}
    for tab in tabs.values():
        rows_of = rows_of_tab(tab.kind)
        if tab.kind == RELATED:
            request = related_request(tab, user, HERE, _in_project(asked.request))
            rows = matching_rows(entity_of(tab.entity), user, request)
            found[tab.key] = _Kept(_ids(rows), request.conditions)
        elif rows_of is not None:
            found[tab.key] = _Kept(_ids(rows_of(entity, HERE, user)))
    return tabs, found


def _ids(rows: Any) -> Statement:
    return Statement(rows.order_by().values_list("pk"))


def _in_project(request: ListRequest) -> dict[str, str]:
    return {} if request.project is None else {"project": str(request.project)}


def _counts(kept: Mapping[str, _Kept], pk: int) -> dict[str, Count]:
    """Return the counts of the tabs in one query, each up to the bound of lists."""
    limit, most = conf().statement_timeout_ms, conf().exact_count_limit
    statements = [one.statement.about(pk, limit) for one in kept.values()]
    with refused_when_slow():
        numbers = count_all(statements, most + 1, limit)
        pairs = zip(kept, statements, numbers, strict=True)
        return {name: counted(statement, number) for name, statement, number in pairs}


def _projects(tabs: Iterable[Tab], record: Record, entity: Entity, user: Any) -> Record:
    """Return the counts of tabs with the projects of the record: they came with it."""
    names = [one.name for one in fields_for(entity, user).values() if one.target == "project"]
    several = [name for name in names if isinstance(record.get(name), list)]
    return {
        tab.key: {"count": len(record[several[0]]), "exact": True}
        for tab in tabs
        if tab.kind == "projects" and several
    }
