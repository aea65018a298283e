"""Rows as JSON and back: every column of a table by its name, exactly as the database has it."""

from __future__ import annotations

import base64
import datetime
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

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
    rows = model._base_manager.filter(pk__in=list(ids)).order_by("pk").select_for_update()
    return list(rows.values(*(column.attname for column in columns(model))))


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
