"""Favorites: a person's stars on records of any kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, Max, OuterRef

from taiga_crm.models import Favorite


def is_favorite(kind: str) -> Callable[[int], Any]:
    """Return the expression of a virtual column: has this person starred the row?"""

    def expression(user_id: int) -> Any:
        return Exists(Favorite.objects.filter(kind=kind, user_id=user_id, object_id=OuterRef("pk")))

    return expression


def set_favorite(kind: str, record: Any, user: Any, wanted: bool) -> None:
    """Star or unstar a record; doing it twice changes nothing."""
    key = {"kind": kind, "object_id": record.pk, "user_id": user.pk}
    if wanted:
        last = Favorite.objects.filter(user_id=user.pk).aggregate(last=Max("position"))["last"]
        place = 0 if last is None else last + 1
        Favorite.objects.get_or_create(**key, defaults={"position": place})
    else:
        Favorite.objects.filter(**key).delete()
