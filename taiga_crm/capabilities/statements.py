"""Statements: the SQL of a queryset, written once and run many times.

Django needs longer to write the SQL of a list than PostgreSQL needs to answer it.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

Row = tuple[Any, ...]
ANY_ID = -(2**61)  # no row has it: stands in a kept statement for the id that is asked for


class Statement:
    """The SQL of an unsliced `values_list` queryset; holds no rows and no connection."""

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
        places = _places(queryset)
        self.places = dict(zip(queryset._fields, places, strict=True))
        self._in_order = itemgetter(*places)

    def rows(self, start: int, size: int) -> list[Row]:
        """Return up to `size` rows in the order of the names given to `values_list`."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(f"{self.sql} LIMIT %s OFFSET %s", [*self.params, size, start])
            found = cursor.fetchall()
        return [self._in_order(self._converted(row)) for row in found]

    def row(self, pk: int) -> Row | None:
        """Return the row with this id, from a queryset that asks for the id ANY_ID."""
        if not self.sql:
            return None
        params = [pk if param == ANY_ID else param for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchone()
        return None if found is None else self._in_order(self._converted(found))

    def converted(self, rows: list[Row]) -> list[Row]:
        """Return rows of the bare SQL with Django's values; `places` tells where each name is."""
        if not self._converters:
            return rows
        return [self._converted(row) for row in rows]

    def count(self, limit: int) -> int:
        """Count, but not beyond the limit."""
        if not self.sql:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM ({self.sql} LIMIT %s) AS counted", [*self.params, limit]
            )
            return int(cursor.fetchone()[0])

    def estimate(self) -> int:
        """Return how many rows the planner expects."""
        if not self.sql:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {self.sql}", self.params)
            plan = cursor.fetchone()[0]
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


def _places(queryset: Any) -> list[int]:
    """Return where each name of `values_list` stands in the row, as Django's own reader does."""
    query, names = queryset.query, queryset._fields
    selected = [*query.extra_select, *query.values_select, *query.annotation_select]
    place = {name: number for number, name in enumerate(selected)}
    return [place[name] for name in names]
