"""Trees: no row lies below itself, and none too deep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.kernel.errors import InvalidInput

MAX_DEPTH = 20


@dataclass(frozen=True)
class Place:
    """Where a row shall stand: the ids above it, and how many levels it takes with its own."""

    above: tuple[int, ...]
    height: int

    def is_too_deep(self, most: int) -> bool:
        """Say whether the tree would have more levels than allowed."""
        return len(self.above) + self.height > most


def prepare(draft: Draft) -> None:
    """Refuse a circle and a tree that is too deep."""
    link = draft.entity.tree
    if draft.values.get(link) is None:
        return
    place = find_place(draft, link, MAX_DEPTH)
    if draft.record.pk in place.above:
        raise InvalidInput({link: [_("It cannot be below itself.")]})
    if place.is_too_deep(MAX_DEPTH):
        raise InvalidInput({link: [_("The tree is too deep.")]})


def find_place(draft: Draft, link: str, most: int) -> Place:
    """Return where the link of a draft puts its record, read no further than is allowed.

    One move at a time, so that two at once cannot close a circle; a new row has nothing below
    it and closes none.
    """
    if not draft.creating:
        lock_in_transaction(f"crm.{draft.entity.key}.tree", 0)
    table, column = draft.entity.model._meta.db_table, f"{link}_id"
    with connection.cursor() as cursor:
        pk = draft.record.pk
        params: list[Any] = [draft.values[link], most, pk, most, pk]
        cursor.execute(_statement(table, column), params)
        above, height = cursor.fetchone()
    return Place(tuple(above or ()), height)


def _statement(table: str, column: str) -> str:
    return (
        f"WITH RECURSIVE above(id, level) AS (SELECT %s::bigint, 1 UNION ALL"
        f" SELECT one.{column}, level + 1 FROM {table} AS one JOIN above ON one.id = above.id"
        f" WHERE one.{column} IS NOT NULL AND level <= %s),"
        f" below(id, level) AS (SELECT %s::bigint, 1 UNION ALL"
        f" SELECT one.id, level + 1 FROM {table} AS one JOIN below ON one.{column} = below.id"
        f" WHERE level <= %s AND one.id <> %s)"  # a merge closes a circle until the row is saved
        f" SELECT (SELECT array_agg(id) FROM above), (SELECT max(level) FROM below)"
    )
