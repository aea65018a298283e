"""The rows of an export in the list's order, and where each group of a grouped list begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import NullIf

from taiga_crm.capabilities.export_columns import ExportColumn, export_columns
from taiga_crm.capabilities.grouping import Groups, group_label, period_start, tally_groups
from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.listing import bounded_time, matching_rows, sort_keys
from taiga_crm.capabilities.many_links import beside_links
from taiga_crm.capabilities.sources import source_of
from taiga_crm.capabilities.statements import Row, Statement
from taiga_crm.capabilities.streaming import open_stream
from taiga_crm.conf import conf
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS

GROUP = ("g_id", "g_label")  # what beside_links calls the group that a row stands in


@dataclass(frozen=True)
class Piece:
    """A run of rows of one group, selected values column by column; `head` opens the group."""

    columns: tuple[tuple[Any, ...], ...]
    size: int
    head: Head | None = None


@dataclass(frozen=True)
class Head:
    """What the list shows on the line of a group: its name, its rows, its totals."""

    label: str
    count: int
    totals: dict[str, Any]


class ExportRows:
    """Reads a list for a file; the database has answered when this is made."""

    def __init__(self, entity: Entity, user: Any, request: ListRequest) -> None:
        self.request = request
        names = dict.fromkeys((*_group_column(request), *request.columns))
        self.columns: list[ExportColumn] = export_columns(entity, user, tuple(names))
        self.groups: Groups | None = None
        self._group_field: Field | None = None
        if request.group_by:
            self._group_field = fields_for(entity, user)[request.group_by]
            self.groups = tally_groups(entity, user, request)
        limit = conf().max_export_rows
        rows = matching_rows(entity, user, request)
        self._links: tuple[str, ...] = ()
        if self._group_field is not None and self._group_field.kind == "links":
            # a row stands in each of its groups, as on the screen
            rows, self._links = beside_links(entity, rows, self._group_field, user), GROUP
        with bounded_time(conf().export_timeout_ms):
            found = Statement(rows.order_by().values_list("pk", *self._links)).count(limit + 1)
        self.count, self.is_complete = min(found, limit), found <= limit
        self._statement = self._prepare(entity, user, rows)
        self._chunks = open_stream(self._statement, limit, conf().export_timeout_ms)

    def pieces(self) -> Iterator[Piece]:
        """Yield all rows; a piece with a head begins a group."""
        current: Any = self
        for chunk in self._chunks:
            columns = tuple(zip(*chunk, strict=True))
            if not self._keys:
                yield Piece(columns, len(chunk))
                continue
            for begin, end, key in self._runs(columns):
                head = None if key == current else self._head(key)
                current = key
                yield Piece(tuple(column[begin:end] for column in columns), end - begin, head)

    def values(self, column: ExportColumn, piece: Piece) -> Sequence[tuple[Any, ...]]:
        """Return the selected values of one column in a piece."""
        return [piece.columns[self._statement.places[name]] for name in column.names]

    def _prepare(self, entity: Entity, user: Any, rows: Any) -> Statement:
        annotations: dict[str, Any] = {}
        for column in self.columns:
            annotations.update(column.annotations)
        for name in self.request.sort:
            annotations.update(source_of(entity, name.lstrip("-"), user).annotations)
        self._keys: tuple[str, ...] = ()
        order: list[Any] = []
        if self._group_field is not None:
            rows, order = self._group_order(entity, user, rows.annotate(**annotations))
            annotations = {}
        keys, id_descending = sort_keys(entity, user, self.request)
        order += [key.expression() for key in keys]
        rows = rows.annotate(**annotations).order_by(*order, "-pk" if id_descending else "pk")
        names = dict.fromkeys(name for column in self.columns for name in column.names)
        names.update(dict.fromkeys(self._keys))
        return Statement(rows.values_list(*names))

    def _group_order(self, entity: Entity, user: Any, rows: Any) -> tuple[Any, list[Any]]:
        """Return the rows with their group's key, and what puts the groups one after another."""
        assert self._group_field is not None
        if self._links:
            self._keys = self._links
            return rows, [F("g_label").asc(nulls_last=True), F("g_id").asc(nulls_last=True)]
        source = source_of(entity, self._group_field.name, user)
        rows = rows.annotate(**source.annotations)
        if self.request.group_unit:
            by, unit = self._group_field, self.request.group_unit
            start = period_start(by, source.names[0], unit, user)
            self._keys = ("g_start",)
            return rows.annotate(g_start=start), [F("g_start").asc(nulls_last=True)]
        self._keys = source.names[:2]
        column: Any = F(self._keys[-1])
        if KINDS[self._group_field.kind].empty == "" or len(self._keys) > 1:
            column = NullIf(column, Value(""))
        order = [column.asc(nulls_last=True)]
        return rows, order + [F(name).asc(nulls_last=True) for name in self._keys[:-1]]

    def _runs(self, columns: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int, Any]]:
        """Yield (begin, end, key) of the rows that stand in one group."""
        places = [self._statement.places[name] for name in self._keys]
        keys = [_one_key(key) for key in zip(*(columns[place] for place in places), strict=True)]
        begin = 0
        for place in range(1, len(keys) + 1):
            if place == len(keys) or keys[place] != keys[begin]:
                yield begin, place, keys[begin]
                begin = place

    def _head(self, key: Row) -> Head:
        assert self.groups is not None
        assert self._group_field is not None
        tally = self.groups.tally(key)
        label = group_label(self._group_field, self.request, key)
        return Head(label, tally.count, tally.shown(self.groups.totals))


def _group_column(request: ListRequest) -> tuple[str, ...]:
    return (request.group_by,) if request.group_by else ()


def _one_key(key: Row) -> Row:
    """Empty and missing are one group, as they are on the screen."""
    return tuple(None if one == "" else one for one in key) if None in key or "" in key else key
