"""Lists: one queryset for rows, counts, groups and exports; rows read without model objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.filtering import apply_conditions
from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.paging import SortKey
from taiga_crm.capabilities.searching import containing, matching
from taiga_crm.capabilities.sources import Source, show, source_of
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.models import Import, ImportRow
from taiga_crm.permissions.decide import frozen_flag, rows_for, verbs_on
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_crm_project
from taiga_crm.permissions.row_rules import (
    flags_on,
    has_row_rules,
    ruled_projects,
    standing_from,
    standing_paths,
)
from taiga_crm.registry.columns import FirstOf
from taiga_crm.registry.entity import Entity

QUERY_CANCELED = "57014"


def matching_rows(entity: Entity, user: Any, request: ListRequest) -> Any:
    """Return the visible rows that pass project, search and filters, unordered."""
    queryset = rows_for(entity, user)
    if request.project is not None and entity.projects:
        require_crm_project(user, request.project)
        queryset = queryset.filter(in_project(entity, request.project))
    if request.imported is not None:
        queryset = queryset.filter(pk__in=_created_by(entity, user, request.imported))
    queryset = apply_conditions(queryset, entity, user, request.conditions)
    if request.search:  # last, because a search looks at a bounded number of rows
        queryset = searched(queryset, entity, user, request.search)
    return queryset


def _created_by(entity: Entity, user: Any, number: int) -> Any:
    """Return the ids of the records that an import of the person has created."""
    if not Import.objects.filter(pk=number, owner=user).exists():
        raise InvalidQuery(_("There is no such import."))
    rows = ImportRow.objects.filter(run=number, outcome=ImportRow.CREATED, kind=entity.key)
    return rows.filter(object_id__isnull=False).values("object_id")


def searched(rows: Any, entity: Entity, user: Any, text: str) -> Any:
    """Narrow to rows that match in the search column or contain the text in `search_also`."""
    if not entity.search_column:
        return rows.filter(**{f"{entity.name_field}__icontains": text})
    if not entity.search_also:
        return matching(rows, text, entity.search_column, user)
    condition = Q(pk__in=matching(rows, text, entity.search_column, user).values("pk"))
    for name in entity.search_also:
        spec = fields_for(entity, user).get(name)
        if spec is None:
            continue
        if isinstance(spec.expression, FirstOf) and not spec.hidden_where:
            condition |= containing(rows.model, spec.expression, text)
        else:
            source = source_of(entity, name, user)
            rows = rows.annotate(**source.annotations)
            condition |= Q(**{f"{source.sort}__icontains": text})
    return rows.filter(condition)


def in_project(entity: Entity, project_id: int) -> Q:
    """Return the rows of one project, by the entity's own way of belonging to projects."""
    if entity.projects.endswith("_ids"):
        return Q(**{f"{entity.projects}__contains": [project_id]})
    return Q(**{entity.projects: project_id})


@contextmanager
def bounded_time(limit_ms: int | None = None) -> Iterator[None]:
    """Stop a query after the limit, conf.statement_timeout_ms by default, with a clear refusal."""
    if limit_ms is None:
        limit_ms = conf().statement_timeout_ms
    with refused_when_slow(), transaction.atomic():
        if limit_ms:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = %s", [limit_ms])
        yield


@contextmanager
def refused_when_slow() -> Iterator[None]:
    """Turn a statement that took longer than its limit into a clear refusal.

    Where the caller is in a transaction, a savepoint keeps the rest of it usable.
    """
    kept: AbstractContextManager[Any] = nullcontext()
    if connection.in_atomic_block:
        kept = transaction.atomic()
    try:
        with kept:
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != QUERY_CANCELED:
            raise
        raise InvalidQuery(_("This takes too long: narrow the list.")) from error


def ordered(
    rows: Any,
    entity: Entity,
    user: Any,
    request: ListRequest,
    keys: list[SortKey],
    id_descending: bool,
) -> Any:
    """Sort the rows by the request, the id last, so that the order is total."""
    annotations: dict[str, Any] = {}
    for name in request.sort:
        annotations.update(source_of(entity, name.lstrip("-"), user).annotations)
    return rows.annotate(**annotations).order_by(
        *(key.expression() for key in keys), "-pk" if id_descending else "pk"
    )


def sort_keys(entity: Entity, user: Any, request: ListRequest) -> tuple[list[SortKey], bool]:
    """Return the sort columns and whether the id descends with them."""
    keys = []
    for name in request.sort:
        field = fields_for(entity, user)[name.lstrip("-")]
        source = source_of(entity, field.name, user)
        nullable = field.nullable or source.sort != field.path or "__" in source.sort
        keys.append(SortKey(source.sort, name.startswith("-"), nullable))
    return keys, bool(request.sort) and request.sort[0].startswith("-")


class RowReader:
    """Select the columns of a list and turn each tuple into JSON."""

    def __init__(
        self,
        entity: Entity,
        user: Any,
        columns: tuple[str, ...],
        sql_of: Callable[[Entity, str, Any], Source] = source_of,
    ) -> None:
        self.fields = [fields_for(entity, user)[name] for name in columns]
        self.sources: list[Source] = [sql_of(entity, name, user) for name in columns]
        flags = verbs_on(entity, user)
        self.verbs = [flag.removeprefix("can_") for flag in flags]
        self.at = tuple(entity.row_path)
        self.annotations: dict[str, Any] = dict(flags)
        names: list[str] = ["pk", *flags, *self._whereabouts(entity, user)]
        self.versioned = any(field.name == "version" for field in entity.model._meta.fields)
        if self.versioned:
            names.append("version")
        self._locate_standing(entity, user, names)
        self.frozen = frozen_flag(entity, user)
        self.annotations |= self.frozen
        names.extend(self.frozen)
        self.start = len(names)
        for source in self.sources:
            self.annotations.update(source.annotations)
            names.extend(source.names)
        self.names = names

    def _locate_standing(self, entity: Entity, user: Any, names: list[str]) -> None:
        """Read state and projects along where field rules depend on them."""
        self.entity, self.ruled = entity, fields_for(entity, user)
        begin = len(names)
        if has_row_rules(entity, user):
            names.extend(standing_paths(entity))
        self.places = ruled_projects(self.ruled)
        self.standing = slice(begin, len(names))

    def _whereabouts(self, entity: Entity, user: Any) -> Iterator[str]:
        for name, path in entity.row_path.items():
            if callable(path):
                self.annotations[f"at_{name}"] = path(user.pk)
                path = f"at_{name}"
            yield path

    def flags(self, row: tuple[Any, ...]) -> dict[str, dict[str, bool]]:
        """Return what field rules say about this row, beside what holds on every row."""
        if self.standing.stop == self.standing.start:
            return {}
        return flags_on(self.ruled, standing_from(self.entity, row[self.standing]))

    def _ruling(self, row: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
        """Yield the flags of a row and, for forms, those of its projects that have rules."""
        if self.standing.stop > self.standing.start:
            yield "_fields", self.flags(row)
        if self.places:
            standing = standing_from(self.entity, row[self.standing])
            yield "_places", sorted(self.places.intersection(standing.projects))

    def record(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """Return one row as JSON."""
        verbs = [verb for verb, flag in zip(self.verbs, row[1:], strict=False) if flag]
        record: dict[str, Any] = {"id": row[0], "_verbs": verbs}
        if self.at:
            begin = 1 + len(self.verbs)
            record["_at"] = dict(zip(self.at, row[begin : begin + len(self.at)], strict=False))
        if self.versioned:
            record["version"] = row[self.standing.start - 1]
        record.update(self._ruling(row))
        if self.frozen and row[self.start - 1]:
            record["_frozen"] = True
        position = self.start
        for spec, source in zip(self.fields, self.sources, strict=False):
            width = len(source.names)
            record[spec.name] = show(spec, row[position : position + width])
            position += width
        return record
