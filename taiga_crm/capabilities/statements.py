"""Statements: the SQL of a queryset, written once and run many times.

Django needs longer to write the SQL of a list than PostgreSQL needs to answer it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import RawSQL

Row = tuple[Any, ...]
WIDE = 8  # joins
# stands in a kept statement for the id of the record that is asked about; a number that nobody
# guesses, so that no filter holds it
HERE = 2**30 + secrets.randbelow(2**30)


class IsIn(Func):
    """column = ANY(array)."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class Statement:
    """The SQL of an unsliced `values_list` queryset; holds no rows and no connection.

    With `limit_ms` the database stops it after that time: the limit travels in the same message,
    because a transaction around a list would cost three more.
    """

    limit_ms = 0
    joins_in_order = False
    first: tuple[str, tuple[Any, ...]] | None = None

    def __init__(self, queryset: Any) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self.sql = ""
        self.params: tuple[Any, ...] = ()
        self.places: dict[str, int] = {}
        try:
            self.sql, self.params = compiler.as_sql()
        except EmptyResultSet:
            return  # the rule or a filter matches nothing: there is nothing to ask
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        self._converters = [
            (place, *found) for place, found in compiler.get_converters(columns).items()
        ]
        self.joins_in_order = _is_wide(self.sql)
        places = _places(queryset)
        self.places = dict(zip(queryset._fields, places, strict=True))
        self._in_order = itemgetter(*places)

    @classmethod
    def of_first_rows(cls, rows: Any, shown: Any) -> Statement:
        """Return a statement that finds the ids of a page in `rows`, an ordered `values_list` of
        ids, and joins what `shown` selects to these few rows alone.

        `shown` selects from the same table in the same order, without a condition.
        """
        first = cls(rows)
        found = cls(shown.alias(first=IsIn(F("pk"), _FIRST_ROWS)).filter(first=True))
        found.first = (f"WITH first_rows AS MATERIALIZED ({first.sql} LIMIT %s OFFSET %s) ",
                       first.params)  # fmt: skip
        found.sql = first.sql and found.sql
        return found

    def rows(self, start: int, size: int) -> list[Row]:
        """Return up to `size` rows in the order of the names given to `values_list`."""
        if not self.sql:
            return []
        asked, params = f"{self.sql} LIMIT %s OFFSET %s", [*self.params, size, start]
        if self.first is not None:
            asked, params = self.first[0] + self.sql, [*self.first[1], size, start, *self.params]
        if self.limit_ms and self.joins_in_order:
            asked = f"SET LOCAL join_collapse_limit = 1; {asked}"
        found = run(asked, params, self.limit_ms)
        return [self._in_order(self._converted(row)) for row in found]

    def about(self, pk: int | None, limit_ms: int = 0) -> Statement:
        """Return the statement with the id of a record in place of HERE, and with a limit."""
        found = Statement.__new__(Statement)  # copy.copy takes ten times as long
        found.__dict__.update(self.__dict__)
        found.limit_ms = limit_ms
        if pk is not None:
            found.params = _about(pk, self.params)
            if self.first is not None:
                found.first = (self.first[0], _about(pk, self.first[1]))
        return found

    def row(self) -> Row | None:
        """Return the first row."""
        found = run(self.sql, self.params, self.limit_ms) if self.sql else []
        return self._in_order(self._converted(found[0])) if found else None

    def converted(self, rows: list[Row]) -> list[Row]:
        """Return rows of the bare SQL with Django's values; `places` tells where each name is."""
        if not self._converters:
            return rows
        return [self._converted(row) for row in rows]

    def count(self, limit: int) -> int:
        """Count, but not beyond the limit."""
        if not self.sql:
            return 0
        asked = f"SELECT count(*) FROM ({self.sql} LIMIT %s) AS counted"
        return int(run(asked, [*self.params, limit], self.limit_ms)[0][0])

    def estimate(self) -> int:
        """Return how many rows the planner expects."""
        if not self.sql:
            return 0
        plan = run(f"EXPLAIN (FORMAT JSON) {self.sql}", self.params, self.limit_ms)[0][0]
        if isinstance(plan, str):
            plan = json.loads(plan)
        return int(plan[0]["Plan"]["Plan Rows"])

    def _converted(self, row: Row) -> Row:
        if not self._converters:
            return row
        values = list(row)
        for place, converters, expression in self._converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)


def run(sql: str, params: Sequence[Any], limit_ms: int = 0) -> list[Row]:
    """Return the rows of a statement, stopped after the limit where there is one."""
    bound = f"SET LOCAL statement_timeout = {limit_ms:d}; " if limit_ms else ""
    with connection.cursor() as cursor:
        cursor.execute(bound + sql, params)
        return list(cursor.fetchall())


def count_all(statements: Sequence[Statement], most: int, limit_ms: int = 0) -> list[int]:
    """Count several statements in one query, none beyond `most`."""
    asked = [one for one in statements if one.sql]
    if not asked:
        return [0] * len(statements)
    columns = ", ".join(f"(SELECT count(*) FROM ({one.sql} LIMIT %s) AS counted)" for one in asked)
    params = [param for one in asked for param in (*one.params, most)]
    found = iter(run(f"SELECT {columns}", params, limit_ms)[0])
    return [int(next(found)) if one.sql else 0 for one in statements]


_FIRST_ROWS = RawSQL("ARRAY(SELECT id FROM first_rows)", ())


def _about(pk: int, params: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(pk if param == HERE else param for param in params)


def _is_wide(sql: str) -> bool:
    """Say whether planning costs more than a better order of joins could save.

    PostgreSQL tries orders of up to eight tables and more by chance: a page of tickets with
    twelve took 20 ms to plan and 6 ms in the order of the joins as written. A subquery with IN
    would be joined last in that order, so such a statement is left to the planner.
    """
    return sql.count(" JOIN ") >= WIDE and " IN (SELECT" not in sql


def _places(queryset: Any) -> list[int]:
    """Return where each name of `values_list` stands in the row, as Django's own reader does."""
    query, names = queryset.query, queryset._fields
    selected = [*query.extra_select, *query.values_select, *query.annotation_select]
    place = {name: number for number, name in enumerate(selected)}
    return [place[name] for name in names]
