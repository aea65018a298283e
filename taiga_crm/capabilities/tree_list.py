"""The rows of a tree, all of them at once, with how many records the person sees under each."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from taiga_crm.capabilities.listing import RowReader, bounded_time, in_project
from taiga_crm.capabilities.membership import member_field
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.fields import fields_for, list_columns
from taiga_crm.permissions.projects import require_crm_project
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.masks import any_of

MAX_ROWS = 2_000
Counts = dict[int, tuple[int, int]]


def read_tree(entity: Entity, user: Any, project_id: int | None = None) -> dict[str, Any]:
    """Return {"rows", "truncated"}: each row with its parent, `_own` and `_whole`.

    `_own` counts the records under the row itself, `_whole` also those below it, each once; both
    are missing where the person does not see what is put under these rows.
    """
    fields = fields_for(entity, user)
    names = dict.fromkeys((entity.name_field, entity.tree, *list_columns(entity, fields)))
    reader = RowReader(entity, user, tuple(name for name in names if name in fields))
    rows = rows_for(entity, user).annotate(**reader.annotations)
    found = list(rows.order_by(*entity.ordering, "pk").values_list(*reader.names)[: MAX_ROWS + 1])
    counts = _counts(entity, user, project_id)
    shown = [reader.record(row) for row in found[:MAX_ROWS]]
    for record in shown if counts is not None else ():
        record["_own"], record["_whole"] = (counts or {}).get(record["id"], (0, 0))
    return {"rows": shown, "truncated": len(found) > MAX_ROWS}


def _counts(entity: Entity, user: Any, project_id: int | None) -> Counts | None:
    """Count in one query, whatever the number of rows; None where nothing can be counted."""
    under = member_field(entity, user)
    if under is None:
        return None
    kind, field = under
    try:
        rows, row_params = _sql(rows_for(entity, user))
        members, member_params = _sql(_members(kind, field, user, project_id))
    except EmptyResultSet:
        return {}
    with bounded_time(), connection.cursor() as cursor:
        statement = _statement(entity, kind, field) % {"rows": rows, "members": members}
        cursor.execute(statement, [*row_params, *member_params])
        return {pk: (own, whole) for pk, own, whole in cursor.fetchall()}


def _members(kind: Entity, field: Field, user: Any, project_id: int | None) -> Any:
    """Return the records that count: seen, in the project, their links not hidden by a rule."""
    rows = rows_for(kind, user)
    if project_id is not None and kind.projects:
        require_crm_project(user, project_id)
        rows = rows.filter(in_project(kind, project_id))
    return rows.exclude(any_of(field.hidden_where)) if field.hidden_where else rows


def _sql(rows: Any) -> tuple[str, tuple[Any, ...]]:
    sql, params = rows.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
    return sql, tuple(params)


def _statement(entity: Entity, kind: Entity, field: Field) -> str:
    relation: Any = kind.model._meta.get_field(field.path)
    near, far = relation.m2m_column_name(), relation.m2m_reverse_name()
    table, through = entity.model._meta.db_table, relation.remote_field.through._meta.db_table
    return (
        f"WITH RECURSIVE up(id, top) AS (SELECT seen.id, seen.id FROM (%(rows)s) AS seen(id)"
        f" UNION SELECT up.id, one.{entity.tree}_id FROM up JOIN {table} AS one ON one.id = up.top"
        f" WHERE one.{entity.tree}_id IS NOT NULL)"
        f" SELECT up.top, count(*) FILTER (WHERE up.id = up.top), count(DISTINCT link.{near})"
        f" FROM up JOIN {through} AS link ON link.{far} = up.id"
        f" WHERE link.{near} IN (%(members)s) GROUP BY up.top"
    )
