"""CustomColumn: the JSON column of custom values, and typed paths into it for queries.

`custom__cf_size__crm_number` is a path like any other: it can be filtered, sorted, summed and
selected, and an index over the same expression serves it. Days and moments stay texts of fixed
width, because PostgreSQL indexes no cast from text to a day.
"""

from __future__ import annotations

import datetime
import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Transform

MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class IsoDay(models.DateField):  # type: ignore[type-arg]
    """A day kept as the text YYYY-MM-DD."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the text that is compared."""
        value = self.to_python(value)
        return None if value is None else value.isoformat()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the day."""
        return value if value is None else datetime.date.fromisoformat(value)


class IsoMoment(models.DateTimeField):  # type: ignore[type-arg]
    """A moment kept as a text in UTC, to the second."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the text that is compared."""
        value = self.to_python(value)
        return None if value is None else moment_text(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the moment."""
        return value if value is None else moment_of(value)


class JsonList(models.JSONField):
    """A list inside the column."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the list."""
        return json.loads(value) if isinstance(value, str) else value


class CustomColumn(models.JSONField):
    """{field name: value as JSON}; empty values are left out."""


class _Value(Transform):
    """One value of the column, in the type that PostgreSQL compares it in."""

    sql: ClassVar[str] = "({column} ->> %s)"
    inner: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def path(cls, name: str) -> str:
        """Return the way to what is compared: a key, or an array of keys."""
        return f"{{{name},{','.join(cls.inner)}}}" if cls.inner else name

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        """Return the SQL over the bare column, as the indexes have it."""
        key: Any = self.lhs
        column, params, names = key.preprocess_lhs(compiler, connection)
        if self.inner:
            names = [self.path(*names)]
        return self.sql.format(column=column), (*params, *names)


class TextValue(_Value):
    """Texts, addresses, choices, countries."""

    lookup_name = "crm_text"
    output_field = models.TextField()


class NumberValue(_Value):
    """Decimal numbers."""

    lookup_name = "crm_number"
    sql = "(({column} ->> %s)::numeric)"
    output_field = models.DecimalField(max_digits=1000, decimal_places=500)


class IntegerValue(_Value):
    """Whole numbers, and ids of links."""

    lookup_name = "crm_integer"
    sql = "(({column} ->> %s)::bigint)"
    output_field = models.BigIntegerField()


class AmountValue(_Value):
    """The amount of money."""

    lookup_name = "crm_amount"
    sql = "(({column} #>> %s)::numeric)"
    inner = ("amount",)
    output_field = models.DecimalField(max_digits=1000, decimal_places=500)


class CurrencyValue(_Value):
    """The currency of money."""

    lookup_name = "crm_currency"
    sql = "({column} #>> %s)"
    inner = ("currency",)
    output_field = models.TextField()


class FlagValue(_Value):
    """Yes or no; a record without a value says no."""

    lookup_name = "crm_flag"
    sql = "coalesce(({column} ->> %s)::boolean, false)"
    output_field = models.BooleanField()


class DayValue(_Value):
    """Days."""

    lookup_name = "crm_day"
    sql = '(({column} ->> %s) COLLATE "C")'
    output_field: Any = IsoDay()


class MomentValue(DayValue):
    """Moments."""

    lookup_name = "crm_moment"
    output_field: Any = IsoMoment()


class ListValue(_Value):
    """Several choices."""

    lookup_name = "crm_list"
    sql = "({column} -> %s)"
    output_field = JsonList()


for _transform in (
    TextValue, NumberValue, IntegerValue, AmountValue, CurrencyValue, FlagValue, DayValue,
    MomentValue, ListValue,
):  # fmt: skip
    CustomColumn.register_lookup(_transform)


def moment_text(value: datetime.datetime) -> str:
    """Return a moment as it is kept."""
    return value.astimezone(datetime.timezone.utc).strftime(MOMENT).rjust(20, "0")


def moment_of(text: str) -> datetime.datetime:
    """Return the moment of a kept text."""
    return datetime.datetime.strptime(text, MOMENT).replace(tzinfo=datetime.timezone.utc)


def index_expressions(lookup: str, column: str, name: str) -> tuple[str, ...]:
    """Return what stands behind CREATE INDEX … ON table: upwards and downwards, empty ones last.

    The SQL is that of the paths, or no query would use the index.
    """
    value = CustomColumn.get_lookups()[lookup]
    assert issubclass(value, _Value)
    assert name.replace("_", "").isalnum(), name
    sql = value.sql.format(column=f'"{column}"').replace("%s", f"'{value.path(name)}'")
    if value is ListValue:
        return (f"USING gin (({sql}))",)
    return (f"(({sql}), id)", f"(({sql}) DESC NULLS LAST, id DESC)")
