"""E-mails and phones: child rows written as a whole list, keyed for comparing."""

from __future__ import annotations

from typing import Any

from taiga_crm.conf import conf
from taiga_crm.kernel.text import email_key, phone_key
from taiga_crm.registry.entity import Field

Row = dict[str, Any]
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


def write_channels(record: Any, field: Field, wanted: list[Row], *, fresh: bool) -> None:
    """Replace the child rows; a double within the list is kept once. A fresh record has none."""
    manager = getattr(record, field.path)
    record.__dict__.pop(KEPT, None)
    if not fresh:
        manager.all().delete()
    manager.bulk_create(fresh_rows(record, field, wanted))


def fresh_rows(record: Any, field: Field, wanted: list[Row]) -> list[Any]:
    """Return the child rows that a record is to get, not saved yet."""
    manager = getattr(record, field.path)
    unique: dict[str, Row] = {}
    for row in wanted:
        key = channel_key(field, row["value"])
        kept = unique.setdefault(key, row)
        kept["is_primary"] = kept["is_primary"] or row["is_primary"]
    return [
        manager.model(
            **{manager.field.name: record},
            value=row["value"],
            key=key,
            type=row["type"],
            is_primary=row["is_primary"],
            position=position,
        )
        for position, (key, row) in enumerate(unique.items())
    ]


def same_channels(before: list[Row], after: list[Row]) -> bool:
    """Say whether two lists hold the same values, types and primary in the same order."""
    return [(r["value"], r["type"], r["is_primary"]) for r in before] == [
        (r["value"], r["type"], r["is_primary"]) for r in after
    ]
