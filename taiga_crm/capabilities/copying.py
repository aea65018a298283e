"""COPY: rows into a table as fast as PostgreSQL takes them, with the types of the model."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def copy_rows(model: Any, columns: Sequence[str], lines: Any) -> None:
    """Copy lines that `copy_line` has made into the named columns."""
    names = ", ".join(f'"{model._meta.get_field(name).column}"' for name in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', lines)


def copy_records(records: Sequence[Any]) -> None:
    """Insert new rows of one model that have their keys; nothing is read back."""
    if not records:
        return
    model = type(records[0])
    writers = [(one.attname, _writer(one)) for one in model._meta.concrete_fields]
    text = "".join(
        "\t".join([write(getattr(record, name)) for name, write in writers]) + "\n"
        for record in records
    )
    copy_rows(model, [name for name, _write in writers], _Text(text))


def copy_values(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert new rows given by the values of some columns; the table gives them their keys."""
    text = "".join([copy_line(row) for row in rows])
    if text:
        copy_rows(model, columns, _Text(text))


def new_keys(model: Any, count: int) -> list[int]:
    """Take keys for new rows from the table's own sequence."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{table}"', column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_line(values: Iterable[Any]) -> str:
    """Return one line for COPY; lists and objects become JSON."""
    return "\t".join([_plain(value) for value in values]) + "\n"


def _plain(value: Any) -> str:
    write = _BY_TYPE.get(type(value))
    if write is not None:
        return write(value)
    return value.translate(ESCAPES) if isinstance(value, str) else str(value)


def _json(value: Any) -> str:
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    return _ENCODER.encode(value).translate(ESCAPES)


_ENCODER = json.JSONEncoder(ensure_ascii=False)
_BY_TYPE: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: NULL,
    str: lambda value: value.translate(ESCAPES),
    bool: lambda value: "t" if value else "f",
    int: str,
    list: _json,
    dict: _json,
}


def _writer(field: Any) -> Callable[[Any], str]:
    if isinstance(field, (models.CharField, models.TextField)):
        return _text
    if isinstance(field, models.BooleanField):
        return _flag
    if field.is_relation or isinstance(field, (models.IntegerField, models.AutoField)):
        return _number
    if isinstance(field, models.JSONField):
        return _plain
    return lambda value: _plain_sql(field.get_db_prep_save(value, connection))


def _text(value: Any) -> str:
    return NULL if value is None else str(value).translate(ESCAPES)


def _flag(value: Any) -> str:
    return NULL if value is None else "t" if value else "f"


def _number(value: Any) -> str:
    return NULL if value is None else str(value)


def _plain_sql(value: Any) -> str:
    """Write what a column's own preparation gives: lists are arrays here, not JSON."""
    if isinstance(value, (list, tuple)):
        return "{" + ",".join(_element(one) for one in value) + "}"
    if isinstance(value, (datetime.date, Decimal)):
        return str(value)
    return _plain(getattr(value, "adapted", value))


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"'.translate(ESCAPES)
    return str(value)


class _Text:
    """A text that COPY reads without another copy of it as a file."""

    def __init__(self, text: str) -> None:
        self._bytes = text.encode()
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        end = len(self._bytes) if size < 0 else self._place + size
        piece = self._bytes[self._place : end]
        self._place += len(piece)
        return piece
