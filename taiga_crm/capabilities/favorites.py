"""Favorites: a person's stars on records of any kind."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, Max, OuterRef

from taiga_crm.kernel import clock
from taiga_crm.models import Favorite


def is_favorite(kind: str) -> Callable[[int], Any]:
    """Return the expression of a virtual column: has this person starred the row?"""

    def expression(user_id: int) -> Any:
        return Exists(Favorite.objects.filter(kind=kind, user_id=user_id, object_id=OuterRef("pk")))

    return expression


def set_favorite(
    kind: str, record: Any, user: Any, wanted: bool, at: datetime.datetime | None = None
) -> None:
    """Star or unstar a record; doing it twice changes nothing. `at` is when it was starred."""
    key = {"kind": kind, "object_id": record.pk, "user_id": user.pk}
    if wanted:
        values = {"position": _next_place(user), "created_at": at or clock.now()}
        Favorite.objects.get_or_create(**key, defaults=values)
    else:
        Favorite.objects.filter(**key).delete()


def star_many(kind: str, ids: list[int], user: Any) -> None:
    """Star records behind the favorites there are; one that is starred already stays."""
    place = _next_place(user)
    Favorite.objects.bulk_create(
        (
            Favorite(kind=kind, object_id=pk, user=user, position=place + number)
            for number, pk in enumerate(ids)
        ),
        ignore_conflicts=True,
    )


def _next_place(user: Any) -> int:
    last = Favorite.objects.filter(user_id=user.pk).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1
