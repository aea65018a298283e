"""A person's favorites of all kinds, in the person's own order (F138)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.favorites import set_favorite
from taiga_crm.capabilities.listing import RowReader
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible
from taiga_crm.models import Favorite
from taiga_crm.permissions.decide import get_visible, outcome_for, rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity

MAX_FAVORITES = 500
FIRST = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
Json = dict[str, Any]


def read_favorites(user: Any) -> list[Json]:
    """Return the favorites that the person still sees: kind, id, name, detail, and since when."""
    stars = _mine(user).order_by("position", "pk")
    found = list(stars.values_list("kind", "object_id", "created_at")[:MAX_FAVORITES])
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, pk, _at in found:
        ids[kind].append(pk)
    known = {kind: _rows(kind, pks, user) for kind, pks in ids.items()}
    return [
        {**known[kind][pk], "starred_at": at.isoformat(timespec="microseconds")}
        for kind, pk, at in found
        if pk in known[kind]
    ]


def add_favorite(user: Any, data: Mapping[str, Any]) -> None:
    """Star a visible record of any kind: {"kind", "id"}.

    "starred_at" puts back a star that was taken away; it cannot lie ahead.
    """
    entity, pk = _addressed(data.get("kind"), data.get("id"), user)
    at = _moment(data.get("starred_at"))
    record = get_visible(entity, user, pk)
    with transaction.atomic():
        if _mine(user).count() >= MAX_FAVORITES:
            raise InvalidInput({"id": [_("At most %d favorites.") % MAX_FAVORITES]})
        set_favorite(entity.key, record, user, True, at)


def remove_favorite(user: Any, kind: str, pk: int) -> None:
    """Take a star away; NotVisible when there is none."""
    if not _mine(user).filter(kind=kind, object_id=pk).delete()[0]:
        raise NotVisible("No such favorite")


def reorder_favorites(user: Any, items: Any) -> None:
    """Put the person's favorites into the order of {"kind", "id"}; others keep behind them."""
    if not isinstance(items, list) or not 0 < len(items) <= MAX_FAVORITES:
        raise InvalidInput({"items": [_("A list of at most %d is expected.") % MAX_FAVORITES]})
    if not all(isinstance(one, dict) for one in items):
        raise InvalidInput({"items": [_("Choose one from the list.")]})
    places = {(str(one.get("kind")), str(one.get("id"))): at for at, one in enumerate(items)}
    with transaction.atomic():
        rows = list(_mine(user).select_for_update().order_by("position", "pk"))
        known = {(one.kind, str(one.object_id)) for one in rows}
        if not places.keys() <= known:
            raise InvalidInput({"items": [_("Choose one from the list.")]})
        rows.sort(key=lambda one: places.get((one.kind, str(one.object_id)), len(places)))
        for at, row in enumerate(rows):
            row.position = at
        Favorite.objects.bulk_update(rows, ["position"])


def _mine(user: Any) -> Any:
    return Favorite.objects.filter(user_id=user.pk)


def _addressed(kind: Any, pk: Any, user: Any) -> tuple[Entity, int]:
    found = next((one for one in entities() if one.key == kind), None)
    if found is None or found.scope == "settings" or outcome_for(found, user, "view") is False:
        raise InvalidInput({"kind": [_("This is not one of the choices.")]})
    if isinstance(pk, bool) or not isinstance(pk, int) or not 0 < pk < 2**62:
        raise InvalidInput({"id": [_("Choose one from the list.")]})
    return found, pk


def _moment(raw: Any) -> datetime.datetime | None:
    """Read a moment as `read_favorites` writes it, to the microsecond."""
    if raw is None:
        return None
    try:
        found = datetime.datetime.fromisoformat(str(raw)).astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError) as error:
        raise InvalidInput({"starred_at": [_("This is not a moment.")]}) from error
    return max(FIRST, min(found, clock.now()))


def _rows(kind: str, ids: list[int], user: Any) -> dict[int, Json]:
    entity = next((one for one in entities() if one.key == kind), None)
    if entity is None:
        return {}
    fields = fields_for(entity, user)
    names = tuple(n for n in (entity.name_field, *entity.lookup_detail) if n in fields)
    reader = RowReader(entity, user, names)
    rows = rows_for(entity, user).filter(pk__in=ids).annotate(**reader.annotations)
    found = {}
    for row in rows.order_by().values_list(*reader.names):
        record = reader.record(row)
        name, *detail = (_text(record[one]) for one in names)
        found[record["id"]] = {
            "kind": entity.key,
            "id": record["id"],
            "label": name or f"#{record['id']}",
            "detail": " · ".join(one for one in detail if one),
        }
    return found


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("label")
    return "" if value is None else str(value)
