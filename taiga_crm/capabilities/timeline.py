"""The one stream of a record: history, comments, files …, newest first, as far as one sees them.

Each source is a table of rows with kind, object id and a moment; the stream merges them by
moment, source and id, so that a cursor leads on at the speed of the first page.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from taiga_crm.capabilities.commenting import show_comments
from taiga_crm.capabilities.history import show_history
from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.pages import Asked, asked_by
from taiga_crm.capabilities.paging import read_cursor, write_cursor
from taiga_crm.capabilities.sighting import labels_of
from taiga_crm.capabilities.statements import HERE, Statement
from taiga_crm.capabilities.stored_rows import columns
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.models import Comment, HistoryEntry
from taiga_crm.permissions.decide import get_visible, rows_for
from taiga_crm.registry.catalog import entity as entity_of
from taiga_crm.registry.entity import Entity

Item = dict[str, Any]
PAGE = 30


@dataclass(frozen=True)
class Source:
    """A table whose rows stand in streams.

    `show(entity, rows, user)` returns the rows of one kind in their order, in a number of
    queries that does not grow with them; an item that the person may not see is None.
    """

    key: str
    model: Any
    moment: str
    show: Callable[[Entity, list[Any], Any], list[Any]]
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Place:
    """Where a page begins: behind this moment, source and id."""

    moment: datetime.datetime
    source: str
    pk: int


def _show_changes(entity: Entity, entries: list[Any], user: Any) -> list[Any]:
    """An entry that is about hidden fields alone is none of the reader's business."""
    shown = show_history(entity, entries, user)
    return [
        item if item["changes"] or not entry.changes else None
        for entry, item in zip(entries, shown, strict=True)
    ]


_sources: dict[str, Source] = {}


def add_source(source: Source) -> None:
    """Let a further table flow into every stream."""
    _sources[source.key] = source


add_source(Source("changes", HistoryEntry, "at", _show_changes, ("actor",)))
add_source(Source("comments", Comment, "created_at", show_comments, ("author",)))


def read_timeline(
    entity: Entity, user: Any, pk: int, *, cursor: str = "", kinds: str = ""
) -> tuple[list[Item], str]:
    """Return a page of the stream of a visible record, and the cursor of the next page."""
    record = get_visible(entity, user, pk)
    return read_stream(entity, user, record.pk, cursor=cursor, kinds=kinds)


def read_stream(
    entity: Entity, user: Any, pk: int, *, cursor: str = "", kinds: str = ""
) -> tuple[list[Item], str]:
    """Return the same of a record that the caller knows to be visible."""
    wanted, place = _wanted(kinds), _place(cursor)
    found: list[tuple[Any, str, int, Any]] = []
    for source in wanted:
        if place is None:
            rows = _first(source, entity, user, pk)
        else:
            every = source.model.objects.filter(about(entity, pk, user))
            rows = _behind_place(source, every, place)
        found += [(getattr(row, source.moment), source.key, row.pk, row) for row in rows]
    found.sort(key=lambda one: one[:3], reverse=True)
    page = found[:PAGE]
    after = write_cursor(list(page[-1][:3])) if len(found) > PAGE else ""
    return _shown(entity, pk, page, user), after


def _first(source: Source, entity: Entity, user: Any, pk: int) -> list[Any]:
    """Return the newest rows of a source, by SQL that is kept."""
    kept = _kept_source(asked_by(entity, user, ListRequest(columns=())), source.key)
    return kept.rows(pk)


def _behind_place(source: Source, rows: Any, place: _Place) -> list[Any]:
    """Return the next rows of a source."""
    rows = rows.select_related(*source.related).filter(_behind(source, place))
    return list(rows.order_by(f"-{source.moment}", "-pk")[: PAGE + 1])


@lru_cache(maxsize=300)
def _kept_source(asked: Asked, key: str) -> _KeptSource:
    return _KeptSource(_sources[key], asked.entity, asked.user)


class _KeptSource:
    """The SQL of the newest rows of a source about the record HERE, and of the people in them."""

    def __init__(self, source: Source, entity: Entity, user: Any) -> None:
        self.model, self.related = source.model, source.related
        self.columns = [column.attname for column in columns(source.model)]
        self.people = [column.attname for column in columns(get_user_model())]
        names = [f"{person}__{name}" for person in self.related for name in self.people]
        rows = source.model.objects.filter(about(entity, HERE, user))
        rows = rows.order_by(f"-{source.moment}", "-pk")
        self.statement = Statement(rows.values_list(*self.columns, *names))

    def rows(self, pk: int) -> list[Any]:
        """Return model objects with their people, as select_related would."""
        found = []
        for values in self.statement.about(pk).rows(0, PAGE + 1):
            row = self.model.from_db("default", self.columns, values[: len(self.columns)])
            for place, name in enumerate(self.related):
                start = len(self.columns) + place * len(self.people)
                person = values[start : start + len(self.people)]
                setattr(row, name, _person(self.people, person))
            found.append(row)
        return found


def _person(names: list[str], values: Sequence[Any]) -> Any | None:
    model = get_user_model()
    key: Any = model._meta.pk
    known = values[names.index(key.attname)] is not None
    return model.from_db("default", names, values) if known else None


def _wanted(kinds: str) -> list[Source]:
    names = [name for name in kinds.split(",") if name]
    unknown = [name for name in names if name not in _sources]
    if unknown:
        raise InvalidQuery(_("Unknown kind of happening: %s") % unknown[0][:40])
    return [source for key, source in _sources.items() if key in names or not names]


def _place(cursor: str) -> _Place | None:
    if not cursor:
        return None
    values = read_cursor(cursor, 3)
    try:
        moment = parse_datetime(str(values[0]))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidQuery(_("This cursor is not valid."))
    return _Place(moment, str(values[1]), values[2])


def _behind(source: Source, place: _Place) -> Q:
    """Rows of the same moment: those of later sources in the order, and lower ids of the same."""
    earlier = Q(**{f"{source.moment}__lt": place.moment})
    same = Q(**{source.moment: place.moment})
    if source.key == place.source:
        return earlier | (same & Q(pk__lt=place.pk))
    return earlier | same if source.key < place.source else earlier


def about(entity: Entity, pk: int, user: Any) -> Q:
    """Return the rows of the record, and of the visible records whose happenings belong to it."""
    found = Q(kind=entity.key, object_id=pk)
    for kind, column in entity.stream_from.items():
        rows = rows_for(entity_of(kind), user).filter(**{column: pk})
        found |= Q(kind=kind, object_id__in=rows.values("pk"))
    return found


def _shown(entity: Entity, pk: int, page: list[Any], user: Any) -> list[Item]:
    items: dict[tuple[str, int], Item] = {}
    for kind in dict.fromkeys(row.kind for *_key, row in page):
        of_kind = entity_of(kind)
        others = {
            row.object_id
            for *_key, row in page
            if row.kind == kind and (kind, row.object_id) != (entity.key, pk)
        }
        labels = labels_of(of_kind, user, others) if others else {}
        for source in _sources.values():
            rows = [row for _at, key, _id, row in page if key == source.key and row.kind == kind]
            if rows:
                shown = source.show(of_kind, rows, user)
                items.update(_items(source, rows, shown, labels))
    return [items[key, row_id] for _at, key, row_id, _row in page if (key, row_id) in items]


def _items(
    source: Source, rows: list[Any], shown: list[Any], labels: dict[int, str]
) -> Iterable[tuple[tuple[str, int], Item]]:
    for row, item in zip(rows, shown, strict=True):
        if item is None:
            continue
        about = None
        if row.object_id in labels:
            about = {"kind": row.kind, "id": row.object_id, "label": labels[row.object_id]}
        yield (source.key, row.pk), {**item, "source": source.key, "record": about}
