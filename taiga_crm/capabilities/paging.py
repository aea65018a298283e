"""Pages: by number near the start, by keyset cursor anywhere; counts exact up to a bound."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.statements import Statement
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.registry.kinds import CONTROL

MAX_CURSOR = 4_000
CLEARLY_MORE = 3


@dataclass(frozen=True)
class Count:
    """How many rows: exact, or an estimate when there are more than the bound."""

    number: int
    exact: bool


@dataclass(frozen=True)
class SortKey:
    """One sort column: its SQL name and its direction; empty values always come last."""

    name: str
    descending: bool
    nullable: bool

    def expression(self) -> Any:
        """Return the ORDER BY item."""
        column = F(self.name)
        if not self.nullable:
            return column.desc() if self.descending else column.asc()
        if self.descending:
            return column.desc(nulls_last=True)
        return column.asc()


def bounded_count(rows: Statement, *, narrowed: bool) -> Count:
    """Count up to the bound; above it ask the planner.

    The planner knows a whole table well, so a list that nobody narrowed is not counted when it
    expects much more than the bound. Of a filter it may know nothing: that is always counted.
    """
    limit = conf().exact_count_limit
    if not narrowed:
        expected = rows.estimate()
        if expected > limit * CLEARLY_MORE:
            return Count(expected, False)
    return counted(rows, rows.count(limit + 1))


def counted(rows: Statement, number: int) -> Count:
    """Return a number that was counted up to one above the bound as a count."""
    limit = conf().exact_count_limit
    if number <= limit:
        return Count(number, True)
    return Count(max(rows.estimate(), limit + 1), False)


def write_cursor(values: list[Any]) -> str:
    """Return an opaque cursor that stands behind a row with these sort values and id.

    Moments keep their microseconds: a rounded one repeats rows or leaves some out. Empty when
    the values are too long for a URL; page numbers still lead on.
    """
    text = json.dumps(values, default=str, ensure_ascii=False, separators=(",", ":"))
    cursor = base64.urlsafe_b64encode(text.encode()).decode()
    return cursor if len(cursor) <= MAX_CURSOR else ""


def read_cursor(text: str, length: int) -> list[Any]:
    """Return the values of a cursor; InvalidQuery for anything that is not one of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, RecursionError) as error:
        raise InvalidQuery(_("This cursor is not valid.")) from error
    if not isinstance(values, list) or len(values) != length or not _plain(values):
        raise InvalidQuery(_("This cursor is not valid."))
    return values


def _plain(values: list[Any]) -> bool:
    if not isinstance(values[-1], int) or isinstance(values[-1], bool):
        return False
    return all(value is None or isinstance(value, (str, int, bool)) for value in values) and all(
        not CONTROL.search(value) for value in values if isinstance(value, str)
    )


def behind(keys: list[SortKey], values: list[Any], id_descending: bool) -> Q:
    """Return the rows behind the cursor in the order of the keys, then the id."""
    condition = Q(pk__lt=values[-1]) if id_descending else Q(pk__gt=values[-1])
    for key, value in reversed(list(zip(keys, values, strict=False))):
        condition = _behind_one(key, value, condition)
    return condition


def _behind_one(key: SortKey, value: Any, tie: Q) -> Q:
    if value is None:
        return Q(**{f"{key.name}__isnull": True}) & tie
    beyond, from_here = ("lt", "lte") if key.descending else ("gt", "gte")
    inside = Q(**{f"{key.name}__{from_here}": value}) & (
        Q(**{f"{key.name}__{beyond}": value}) | (Q(**{key.name: value}) & tie)
    )
    return inside | Q(**{f"{key.name}__isnull": True}) if key.nullable else inside
