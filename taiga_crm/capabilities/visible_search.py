"""Search where field rules hide searched fields: what is found must stand in a visible field.

The search column holds the words of all fields. For people with such rules every word is looked
for once more in the fields they see, on the few rows that the column found.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast

from taiga_crm.capabilities.sources import source_of
from taiga_crm.permissions.fields import every_field, fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.masks import any_of

CHANNELS = ("emails", "phones")


def searches_hidden(entity: Entity, user: Any) -> bool:
    """Say whether the search column holds something that is hidden from the person."""
    fields = fields_for(entity, user)
    return any(
        name not in fields or fields[name].hidden_where for name in searched_names(entity, user)
    )


def searched_names(entity: Entity, user: Any) -> tuple[str, ...]:
    """Return the fields whose words stand in the search column."""
    own = [one.name for one in every_field(entity, user).values() if getattr(one, "searched", 0)]
    return (*entity.search_fields, *own)


def in_visible_fields(
    rows: Any, entity: Entity, user: Any, words: list[str], *, anywhere: bool
) -> Any:
    """Narrow to rows that have each word in a visible field: anywhere in it, or where a word of
    the field begins, as the search column was asked."""
    fields = fields_for(entity, user)
    places = []
    for name in searched_names(entity, user):
        if name in fields and fields[name].kind not in CHANNELS:
            source = source_of(entity, name, user)
            alias = f"s_{name}"
            rows = rows.alias(**source.annotations)
            rows = rows.alias(**{alias: Cast(source.sort, TextField())})
            places.append(alias)
    for number, word in enumerate(words):
        lookup, text = ("icontains", word) if anywhere else ("iregex", rf"(^|\W|_){word}")
        condition = Q(pk__in=[])
        for place in places:
            condition |= Q(**{f"{place}__{lookup}": text})
        for name in searched_names(entity, user):
            if name in fields and fields[name].kind in CHANNELS:
                alias = f"s{number}_{name}"
                found = _in_channels(entity, fields[name], f"value__{lookup}", text)
                rows = rows.alias(**{alias: found})
                condition |= Q(**{alias: True})
        rows = rows.filter(condition)
    return rows


def _in_channels(entity: Entity, field: Field, lookup: str, text: str) -> Any:
    relation: Any = entity.model._meta.get_field(field.path)
    owner = relation.field.name
    found = Exists(
        relation.related_model._base_manager.filter(**{owner: OuterRef("pk"), lookup: text})
    )
    if not field.hidden_where:
        return found
    return Case(
        When(any_of(field.hidden_where), then=Value(False)),
        default=found,
        output_field=BooleanField(),
    )
