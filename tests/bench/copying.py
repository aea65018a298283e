"""COPY: rows of any model, straight into its table."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import JSONField

CHUNK = 20_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(model: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Load rows with these attribute names; every other column gets the model's default."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rest = {
        name: field.get_default()
        for name, field in fields.items()
        if name not in names and not field.primary_key
    }
    columns = [fields[name].column for name in (*names, *rest)]
    json_at = {place for place, name in enumerate(names) if isinstance(fields[name], JSONField)}
    tail = "".join("\t" + _text(value) for value in rest.values())
    quoted = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY "{model._meta.db_table}" ({quoted}) FROM STDIN'
    source = iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(source, CHUNK)):
            lines = ("\t".join(_cells(row, json_at)) + tail for row in chunk)
            cursor.copy_expert(statement, io.StringIO("\n".join(lines) + "\n"))
        if model._meta.pk.attname in names:
            _move_sequence(cursor, model)


def _cells(row: Sequence[Any], json_at: set[int]) -> Iterable[str]:
    return (
        json.dumps(value).translate(ESCAPES) if place in json_at else _text(value)
        for place, value in enumerate(row)
    )


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (list, tuple)):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return str(value).translate(ESCAPES)


def _move_sequence(cursor: Any, model: Any) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence(%s, %s), (SELECT max({key}) FROM {table}))",
        [table, key],
    )
