"""Pages of lists: the SQL is kept for equal rights and requests, and read in bounded time."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.listing import (
    RowReader,
    matching_rows,
    ordered,
    refused_when_slow,
    sort_keys,
)
from taiga_crm.capabilities.paging import (
    Count,
    behind,
    bounded_count,
    read_cursor,
    write_cursor,
)
from taiga_crm.capabilities.person_zone import today_of, zone_name
from taiga_crm.capabilities.sources import page_source
from taiga_crm.capabilities.statements import Statement
from taiga_crm.capabilities.stored_rows import columns
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidQuery, NotVisible
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.projects import require_crm_project
from taiga_crm.registry.entity import Entity


@dataclass(frozen=True)
class Page:
    """One page of rows as JSON-ready dicts."""

    rows: list[dict[str, Any]]
    count: Count
    number: int
    size: int
    has_next: bool
    next_cursor: str


def read_page(
    entity: Entity,
    user: Any,
    request: ListRequest,
    here: int | None = None,
    known: Count | None = None,
) -> Page:
    """Return one page; a page behind the last is NotVisible, as in Taiga.

    `here` is the id that HERE stands for in the conditions of the request; `known` is the count
    of its rows when the caller has it already.
    """
    prepared = prepared_list(entity, user, request)
    statement, start = prepared.page, (request.page - 1) * request.page_size
    if request.cursor:
        statement, start = prepared.behind(request.cursor), 0
    limit = conf().statement_timeout_ms
    with refused_when_slow():
        found = statement.about(here, limit).rows(start, request.page_size + 1)
        has_next = len(found) > request.page_size
        found = found[: request.page_size]
        if not found and request.page > 1 and not request.cursor:
            raise NotVisible(_("This page is behind the last one."))
        count = known or Count(start + len(found), True)
        if known is None and (has_next or request.cursor):
            narrowed = bool(request.conditions or request.search)
            count = bounded_count(prepared.rows.about(here, limit), narrowed=narrowed)
    reader = prepared.reader
    cursor = write_cursor(list(found[-1][len(reader.names) :])) if has_next else ""
    return Page(
        [reader.record(row) for row in found],
        count,
        request.page,
        request.page_size,
        has_next,
        cursor,
    )


def prepared_list(entity: Entity, user: Any, request: ListRequest) -> PreparedList:
    """Return the SQL of a list, kept for everybody with the same rights and request."""
    if request.project is not None and entity.projects:
        require_crm_project(user, request.project)
    return _prepared(asked_by(entity, user, request))


@dataclass(frozen=True)
class Asked:
    """Everything that the SQL of a list depends on; the day because filters may be relative."""

    entity: Entity = field(hash=False)
    access: Access
    request: ListRequest
    day: datetime.date
    zone: str
    user: Any = field(compare=False, repr=False)


def asked_by(entity: Entity, user: Any, request: ListRequest) -> Asked:
    """Return what the SQL of a list depends on, wherever in the list the person is."""
    zone = zone_name(user)
    first = replace(request, page=1, page_size=1, cursor="")
    return Asked(entity, access_of(user), first, today_of(user), zone, user)


@lru_cache(maxsize=500)
def _prepared(asked: Asked) -> PreparedList:
    return PreparedList(asked.entity, asked.user, asked.request)


forget_prepared: Callable[[], None] = _prepared.cache_clear


class PreparedList:
    """The SQL of one list: its pages, and its rows for counting."""

    def __init__(self, entity: Entity, user: Any, request: ListRequest) -> None:
        rows = matching_rows(entity, user, request)
        self.reader = RowReader(entity, user, request.columns, page_source)
        self.keys, self.id_descending = sort_keys(entity, user, request)
        own = {column.attname for column in columns(entity.model)}
        self._is_sorted_by_itself = all(key.name in own for key in self.keys)
        self._ordered = ordered(rows, entity, user, request, self.keys, self.id_descending)
        self._shown: Any = None
        if not self._is_sorted_by_itself:
            every = entity.model._base_manager.all()
            self._shown = ordered(every, entity, user, request, self.keys, self.id_descending)
        self.rows = Statement(rows.order_by().values_list("pk"))
        self.page = self._statement(self._ordered)

    def behind(self, cursor: str) -> Statement:
        """Return the rows behind a cursor."""
        values = read_cursor(cursor, len(self.keys) + 1)
        condition = behind(self.keys, values, self.id_descending)
        return self._statement(_filtered_behind(self._ordered, condition))

    def _statement(self, rows: Any) -> Statement:
        names = [*self.reader.names, *(key.name for key in self.keys), "pk"]
        if self._is_sorted_by_itself:
            return Statement(rows.annotate(**self.reader.annotations).values_list(*names))
        # all rows are sorted by what other tables say: the other columns need not come along
        shown = self._shown.annotate(**self.reader.annotations).values_list(*names)
        found = Statement.of_first_rows(rows.values_list("pk"), shown)
        found.joins_in_order = False  # another table's index may lead to the first rows
        return found


def _filtered_behind(queryset: Any, condition: Q) -> Any:
    try:
        return queryset.filter(condition)
    except (ValidationError, ValueError, TypeError) as error:
        raise InvalidQuery(_("This cursor is not valid.")) from error
