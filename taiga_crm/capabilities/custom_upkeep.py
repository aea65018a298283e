"""What definitions make necessary on the records, done by a worker: results, values, indexes."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection

from taiga_crm.capabilities.custom_admin import INDEX, RECALCULATE, REMOVE, kind_of, kinds
from taiga_crm.capabilities.custom_formulas import depends_on_the_day, recalculate_kind
from taiga_crm.capabilities.jobs import Work, register_runner
from taiga_crm.models import CustomField
from taiga_crm.models.custom_column import index_expressions
from taiga_crm.permissions.custom import COLUMN, COMPUTED, PATHS, SORTABLE
from taiga_crm.permissions.fields import fields_changed
from taiga_crm.registry.entity import Entity

BATCH = 2_000
PREFIX = "crm_cf_"


def register_custom_runners() -> None:
    """Name the functions that do the jobs of custom fields."""
    register_runner(RECALCULATE, recalculate_all)
    register_runner(REMOVE, remove_values)
    register_runner(INDEX, index_kind)


def recalculate_all(work: Work) -> dict[str, Any]:
    """Calculate the computed fields of every record of a kind."""
    entity = kind_of(work.params["kind"])
    total, seen, changed = entity.model._base_manager.count(), 0, 0
    for looked_at, differing in recalculate_kind(entity, work.user):
        seen, changed = seen + looked_at, changed + differing
        work.progress(min(seen, total), total)
    return {"changed": changed}


def recalculate_for_today(now: datetime.datetime) -> None:
    """Calculate the kinds anew whose formulas ask for the day."""
    rows = CustomField.objects.filter(value_kind=COMPUTED, is_enabled=True)
    due = {row.kind for row in rows if depends_on_the_day(row.formula)}
    for entity in kinds():
        if entity.key in due:
            for _progress in recalculate_kind(entity, None):
                pass


def remove_values(work: Work) -> dict[str, Any]:
    """Take a field's values out of every record, then delete the definition."""
    row = CustomField.objects.filter(pk=work.params["field"], is_going=True).first()
    if row is None:
        return {"changed": 0}
    model = kind_of(row.kind).model
    total, done = model._base_manager.filter(**{f"{COLUMN}__has_key": row.name}).count(), 0
    while count := _without(model, row.name):
        done += count
        work.progress(min(done, total), total)
    row.delete()
    fields_changed()
    _bring_indexes_up_to_date(kind_of(row.kind))
    return {"changed": done}


def index_kind(work: Work) -> dict[str, Any]:
    """Make the indexes of a kind those that its definitions ask for."""
    return _bring_indexes_up_to_date(kind_of(work.params["kind"]))


def _without(model: Any, name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {model._meta.db_table} SET "{COLUMN}" = "{COLUMN}" - %s WHERE id IN'
            f' (SELECT id FROM {model._meta.db_table} WHERE "{COLUMN}" ? %s ORDER BY id LIMIT %s)',
            [name, name, BATCH],
        )
        return int(cursor.rowcount)


def _bring_indexes_up_to_date(entity: Entity) -> dict[str, Any]:
    """Make and drop indexes without stopping writers; the connection has no transaction open.

    Changes of one row cost more with every index, so only fields that ask for it have them.
    """
    table = entity.model._meta.db_table
    wanted = _wanted(entity, table)
    outside = connection.copy()
    try:
        with outside.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname, i.indisvalid FROM pg_index i"
                " JOIN pg_class c ON c.oid = i.indexrelid"
                " WHERE i.indrelid = %s::regclass AND c.relname LIKE %s",
                [table, f"{PREFIX.replace('_', chr(92) + '_')}%"],
            )
            there = dict(cursor.fetchall())
            gone = [name for name, valid in there.items() if name not in wanted or not valid]
            for name in gone:
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            fresh = [name for name in wanted if name not in there or name in gone]
            for name in fresh:
                cursor.execute(f"CREATE INDEX CONCURRENTLY {name} ON {table} {wanted[name]}")
            if fresh:
                cursor.execute(f"ANALYZE {table}")
    finally:
        outside.close()
    return {"made": len(fresh), "dropped": len(gone)}


def _wanted(entity: Entity, table: str) -> dict[str, str]:
    """Return {name: definition}: both directions with the id, as lists are sorted."""
    found: dict[str, str] = {}
    for row in CustomField.objects.filter(kind=entity.key, is_indexed=True, is_going=False):
        kind = row.result_kind or row.value_kind
        expressions = index_expressions(f"crm_{PATHS[kind]}", COLUMN, row.name)
        for place, expression in enumerate(expressions if kind in SORTABLE else expressions[:1]):
            found[f"{PREFIX}{row.pk}_{place}"] = expression
    return found
