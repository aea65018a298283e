"""Rows as JSON and back: every column of a table by its name, exactly as the database has it."""

from __future__ import annotations

import base64
import datetime
import re
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection, models

from taiga_crm.models import RecordPart

Values = dict[str, Any]
Model = type[models.Model]


def label_of(model: Model) -> str:
    """Return the name a model is stored under."""
    return str(model._meta.label_lower)


def model_of(label: str) -> Model | None:
    """Return the model of a stored name; None when a later release dropped it."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def columns(model: Model) -> list[Any]:
    """Return the columns of a model."""
    return list(model._meta.fields)


def part_models() -> list[Model]:
    """Return every table whose rows hang on records of any kind."""
    found: list[Model] = []
    waiting: list[Model] = list(RecordPart.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting.extend(model.__subclasses__())
        if not model._meta.abstract and not model._meta.proxy:
            found.append(model)
    return sorted(found, key=label_of)


def read_rows(model: Model, ids: Iterable[Any]) -> list[Values]:
    """Return the rows with these keys as they are now, locked, in the order of their keys."""
    return rows_where(model, models.Q(pk__in=list(ids)))


def rows_where(model: Model, condition: models.Q) -> list[Values]:
    """Return the rows that fulfil a condition, locked, in the order of their keys."""
    rows = model._base_manager.filter(condition).order_by("pk").select_for_update()
    return list(rows.values(*(column.attname for column in columns(model))))


def write_columns_of(model: Model, records: list[Any], same: Values, varied: list[str]) -> None:
    """Update locked rows and count their version in one statement: `same` values for all of them,
    `varied` columns as each record has them.

    A row of VALUES for each record: Django's bulk_update builds a CASE with a branch for each.
    """
    known = {column.attname: column for column in columns(model)}
    key = model._meta.pk.column  # type: ignore[union-attr]
    sets = ["version = kept.version + 1", *(f'"{known[name].column}" = %s' for name in same)]
    params = [_prepared(known[name], value) for name, value in same.items()]
    if varied:
        sets += [f'"{known[name].column}" = fresh.{name}::{_type(known[name])}' for name in varied]
        places = f"({', '.join(['%s'] * (len(varied) + 1))})"
        rows = ", ".join([places] * len(records))
        where = f"FROM (VALUES {rows}) AS fresh({', '.join(['key', *varied])})"
        where += f' WHERE kept."{key}" = fresh.key'
        for one in records:
            params += [one.pk, *(_prepared(known[name], getattr(one, name)) for name in varied)]
    else:
        where = f'WHERE kept."{key}" = ANY(%s)'
        params.append([one.pk for one in records])
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"UPDATE {table} AS kept SET {', '.join(sets)} {where}", params)


def encode(values: Values) -> Values:
    """Return a row as JSON can hold it."""
    return {name: _encoded(value) for name, value in values.items()}


def decode(model: Model, values: Values) -> Values:
    """Return a stored row with the types of its columns; columns that are gone are left out."""
    known = {column.attname: column for column in columns(model)}
    return {name: decoded(known[name], value) for name, value in values.items() if name in known}


def decoded(column: Any, value: Any) -> Any:
    """Return one stored value with the type of its column."""
    if value is None or isinstance(column, models.JSONField):
        return value
    while column.is_relation:
        column = column.target_field
    return column.to_python(value)


def _encoded(value: Any) -> Any:
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, (list, tuple)):
        return [_encoded(one) for one in value]
    return value


def _prepared(column: Any, value: Any) -> Any:
    return column.get_db_prep_save(value, connection)


def _type(column: Any) -> str:
    """Return the type without its length: a cast to a length would cut silently."""
    return re.sub(r"\([^)]*\)", "", str(column.db_type(connection)))
