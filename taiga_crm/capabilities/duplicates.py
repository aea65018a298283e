"""Possible duplicates: found by indexed keys among what the person sees; a person decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from rapidfuzz import fuzz

from taiga_crm.capabilities.announcing import projects_of
from taiga_crm.capabilities.channels import read_channels
from taiga_crm.capabilities.duplicate_keys import keys_of, texts_of
from taiga_crm.capabilities.sources import source_of
from taiga_crm.kernel.errors import InvalidInput, NotVisible
from taiga_crm.models import KeptApart
from taiga_crm.permissions.decide import get_allowed, get_visible, rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.entity import Entity, Field, Same
from taiga_crm.registry.masks import any_of

LIMIT = 10
PER_KEY = 30
BLOCK = 500
PREFIX = 4
ENOUGH = 92
SHARED = 5
WEIGHT = {"number": 100, "email": 90, "phone": 80, "company": 70, "person": 60, "domain": 50}
SIMILAR = 40
MAX_TEXT = 500
Texts = Mapping[str, list[str]]


def duplicates_of_input(
    entity: Entity, user: Any, texts: Texts, exclude: int | None = None
) -> list[dict[str, Any]]:
    """Return visible records like what was typed into a form: {input field: texts}.

    `exclude` is the record that is edited; what was kept apart from it is no news, which only
    who sees it may know.
    """
    given = {}
    for same in _comparable(entity, user):
        names = same.inputs or (same.field,)
        parts = [[one[:MAX_TEXT] for one in texts.get(name, [])] for name in names]
        typed = [text for part in parts for text in part]
        if same.how in ("company", "person"):
            typed = [" ".join(typed)] if typed else texts.get(same.field, [])[:1]
        given[same] = keys_of(same, typed)
    left_out = {exclude} if exclude else set()
    if exclude and rows_for(entity, user).filter(pk=exclude).exists():
        left_out |= _apart(entity, exclude)
    return _found(entity, user, given, left_out)


def duplicates_of(entity: Entity, user: Any, pk: Any) -> list[dict[str, Any]]:
    """Return visible records like a visible one, without those that were kept apart."""
    record = get_visible(entity, user, pk)
    fields = fields_for(entity, None).values()
    channels = {
        one.name: read_channels(record, one) for one in fields if one.kind in ("emails", "phones")
    }
    given = {
        same: keys_of(same, texts_of(entity, same, record, channels))
        for same in _comparable(entity, user)
    }
    return _found(entity, user, given, {record.pk, *_apart(entity, record.pk)})


def keep_apart(entity: Entity, user: Any, pk: Any, other: int) -> None:
    """Remember that two visible records are no duplicates; one of them must be changeable."""
    record = get_allowed(entity, user, "change", pk)
    require_open(user, projects_of(entity, record))
    if other == record.pk:
        raise InvalidInput({"other": ["Choose another record."]})
    if not rows_for(entity, user).filter(pk=other).exists():
        raise NotVisible(f"No {entity.key} with this id")
    low, high = sorted((record.pk, other))
    KeptApart.objects.get_or_create(
        kind=entity.key, low_id=low, high_id=high, defaults={"decided_by": user}
    )


def compared_fields(entity: Entity, user: Any) -> tuple[str, ...]:
    """Return the fields of a form whose values may tell of a duplicate."""
    names = (name for same in _comparable(entity, user) for name in same.inputs or (same.field,))
    return tuple(dict.fromkeys(names))


def _comparable(entity: Entity, user: Any) -> list[Same]:
    """Leave out what the person may not see: a match would tell it."""
    fields = fields_for(entity, user)
    return [
        same
        for same in entity.duplicate_by
        if all(name in fields for name in (same.field, *same.inputs))
    ]


def _apart(entity: Entity, pk: int) -> set[int]:
    rows = KeptApart.objects.filter(Q(low_id=pk) | Q(high_id=pk), kind=entity.key)
    return {one for pair in rows.values_list("low_id", "high_id") for one in pair}


def _found(
    entity: Entity, user: Any, given: Mapping[Same, list[str]], exclude: set[int]
) -> list[dict[str, Any]]:
    reasons: dict[int, dict[str, int]] = defaultdict(dict)
    fields = fields_for(entity, user)
    for same, keys in given.items():
        shown = _shown(entity, user, same)
        for pk, weight in _matches(entity, shown, same, fields[same.field], keys):
            if pk not in exclude:
                reasons[pk].setdefault(same.field, weight)
    best = sorted(reasons, key=lambda pk: (-sum(reasons[pk].values()), pk))[:LIMIT]
    named = _named(entity, user, best)
    return [
        {
            **named[pk],
            "similar": list(reasons[pk].values()) == [SIMILAR],
            "reasons": [{"field": name, "label": str(fields[name].label)} for name in reasons[pk]],
        }
        for pk in best
        if pk in named
    ]


def _shown(entity: Entity, user: Any, same: Same) -> Any:
    """Return the visible rows where no rule hides what is compared: a match would tell it."""
    fields = fields_for(entity, user)
    masks = [mask for name in (same.field, *same.inputs) for mask in fields[name].hidden_where]
    rows = rows_for(entity, user)
    return rows.exclude(any_of(tuple(masks))) if masks else rows


def _matches(
    entity: Entity, rows: Any, same: Same, field: Field, keys: list[str]
) -> Iterator[tuple[int, int]]:
    if not keys:
        return
    if same.column:
        equal = rows.filter(**{f"{same.column}__in": keys})
    else:
        owner = getattr(entity.model, field.path).rel.field.attname
        channel = getattr(entity.model, field.path).rel.related_model.objects
        equal = rows.filter(pk__in=channel.filter(key__in=keys).values(owner))
    found = list(equal.order_by("pk").values_list("pk", flat=True)[:PER_KEY])
    if same.how == "domain" and len(found) > SHARED:
        return  # a group of companies or their provider: it tells nothing of one of them
    for pk in found:
        yield pk, WEIGHT[same.how]
    if same.similar:
        yield from _similar(rows, same, keys[0])


def _similar(rows: Any, same: Same, key: str) -> Iterator[tuple[int, int]]:
    """Compare with the names that begin alike; a bounded block of the index."""
    if len(key) < PREFIX:
        return
    prefix = key[:PREFIX]
    block = rows.filter(**{f"{same.column}__startswith": prefix}).order_by(same.column)
    for pk, other in block.values_list("pk", same.column)[:BLOCK]:
        if fuzz.token_set_ratio(key, other) >= ENOUGH:
            yield pk, SIMILAR


def _named(entity: Entity, user: Any, ids: list[int]) -> dict[int, dict[str, Any]]:
    sources = [source_of(entity, name, user) for name in _columns(entity, user)]
    rows = rows_for(entity, user).filter(pk__in=ids)
    for source in sources:
        rows = rows.annotate(**source.annotations)
    found = rows.values_list("pk", *(source.sort for source in sources))
    return {
        row[0]: {
            "id": row[0],
            "label": row[1] or f"#{row[0]}",
            "detail": " · ".join(str(value) for value in row[2:] if value),
        }
        for row in found
    }


def _columns(entity: Entity, user: Any) -> list[str]:
    fields = fields_for(entity, user)
    names = (entity.name_field, *entity.lookup_detail)
    return [name for name in names if name in fields]
