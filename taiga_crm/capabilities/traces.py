"""Traces: what a person can be found by in texts about others, and taking it out of copies.

Copies are columns of tables where values of records stand a second time: histories, comments,
reports of jobs, snapshots. Whoever keeps one registers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import JSONField, Q, TextField
from django.db.models.functions import Cast

from taiga_crm.capabilities.channels import channel_key, read_channels
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity

REMOVED = "[…]"
CHANNELS = ("emails", "phones")
SHORTEST = 5
_copies: list[tuple[Any, tuple[str, ...]]] = []


def register_copies(model: Any, *columns: str) -> None:
    """Say that texts or JSON of a table may repeat what records hold."""
    if (model, columns) not in _copies:
        _copies.append((model, columns))


def traces_of(entity: Entity, record: Any) -> list[str]:
    """Return the texts that point to this person alone: addresses, numbers, the full name.

    A single short word is no trace: too many others are called so.
    """
    found = []
    for field in fields_for(entity, None).values():
        if field.kind in CHANNELS:
            for row in read_channels(record, field):
                found += [row["value"], channel_key(field, row["value"])]
    name = " ".join(str(getattr(record, entity.name_field) or "").split())
    if len(name.split()) > 1 or (len(name) > 2 and not name.isascii()):
        found.append(name)
    return sorted({text for text in found if _is_telling(text)}, key=lambda t: (-len(t), t))


def wipe_copies(traces: Iterable[str]) -> int:
    """Take the traces out of every registered copy; return how many rows changed."""
    texts = list(traces)
    if not texts:
        return 0
    pattern = re.compile(
        "|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in texts), re.IGNORECASE
    )
    return sum(_wipe(model, columns, texts, pattern) for model, columns in _copies)


def _is_telling(text: str) -> bool:
    return len(text) >= SHORTEST or (len(text) > 2 and not text.isascii())


def _wipe(model: Any, columns: tuple[str, ...], texts: list[str], pattern: re.Pattern[str]) -> int:
    rows = model._base_manager.order_by("pk")
    wanted = Q()
    for column in columns:
        name = column
        if isinstance(model._meta.get_field(column), JSONField):
            name = f"{column}_as_text"
            rows = rows.alias(**{name: Cast(column, TextField())})
        for text in texts:
            wanted |= Q(**{f"{name}__icontains": text})
    changed = []
    for row in rows.filter(wanted).select_for_update(of=("self",)):
        for column in columns:
            setattr(row, column, without(getattr(row, column), pattern))
        changed.append(row)
    model._base_manager.bulk_update(changed, columns, batch_size=200)
    return len(changed)


def without(value: Any, pattern: re.Pattern[str]) -> Any:
    """Return a text, or the JSON around texts, without the traces."""
    if isinstance(value, str):
        return pattern.sub(REMOVED, value)
    if isinstance(value, list):
        return [without(one, pattern) for one in value]
    if isinstance(value, dict):
        return {without(key, pattern): without(one, pattern) for key, one in value.items()}
    return value
