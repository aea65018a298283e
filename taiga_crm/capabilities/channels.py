"""E-mails and phones: child rows written as a whole list, keyed for comparing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from taiga_crm.conf import conf
from taiga_crm.kernel.text import email_key, phone_key
from taiga_crm.registry.entity import Field

Row = dict[str, Any]
COLUMNS = ("value", "key", "type", "is_primary", "position")
SHOWN = ("pk", "value", "type", "is_primary")
KEPT = "_crm_channels"  # where a record that was read with its addresses has them


def channel_key(field: Field, value: str) -> str:
    """Return the comparable form of an address or a number."""
    if field.kind == "emails":
        return email_key(value)
    return phone_key(value, conf().default_region)


def read_channels(record: Any, field: Field) -> list[Row]:
    """Return the child rows in order; those that came with the record are not read again."""
    kept = record.__dict__.get(KEPT, {})
    if field.name in kept:
        return [dict(row) for row in kept[field.name]]
    rows = getattr(record, field.path).all()
    return [
        {"id": row.pk, "value": row.value, "type": row.type, "is_primary": row.is_primary}
        for row in rows
    ]


def keep_channels(records: Sequence[Any], fields: Sequence[Field]) -> None:
    """Read the child rows of many locked records: one query for each field."""
    for record in records:
        record.__dict__[KEPT] = {field.name: [] for field in fields}
    by_id = {record.pk: record.__dict__[KEPT] for record in records}
    for field in fields if records else ():
        manager = getattr(records[0], field.path)
        owner = manager.field.attname
        rows = manager.model._base_manager.filter(**{f"{owner}__in": list(by_id)})
        for pk, *values in rows.order_by("position", "pk").values_list(owner, *SHOWN):
            by_id[pk][field.name].append(dict(zip(("id", *SHOWN[1:]), values, strict=True)))


def write_channels(record: Any, field: Field, wanted: list[Row], *, fresh: bool) -> None:
    """Replace the child rows; a double within the list is kept once. A fresh record has none."""
    manager = getattr(record, field.path)
    record.__dict__.pop(KEPT, None)
    if not fresh:
        manager.all().delete()
    owner = manager.field.name
    manager.bulk_create(
        manager.model(**{owner: record}, **dict(zip(COLUMNS, values, strict=True)))
        for values in fresh_values(field, wanted)
    )


def fresh_values(field: Field, wanted: list[Row]) -> list[tuple[Any, ...]]:
    """Return the values of COLUMNS of the child rows that a record is to get."""
    unique: dict[str, Row] = {}
    for row in wanted:
        key = channel_key(field, row["value"])
        kept = unique.setdefault(key, row)
        kept["is_primary"] = kept["is_primary"] or row["is_primary"]
    return [
        (row["value"], key, row["type"], row["is_primary"], position)
        for position, (key, row) in enumerate(unique.items())
    ]


def same_channels(before: list[Row], after: list[Row]) -> bool:
    """Say whether two lists hold the same values, types and primary in the same order."""
    return [(r["value"], r["type"], r["is_primary"]) for r in before] == [
        (r["value"], r["type"], r["is_primary"]) for r in after
    ]
