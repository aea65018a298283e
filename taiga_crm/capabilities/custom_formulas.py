"""Computed fields (F137): calculated when a record is saved, and again when asked to."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening
from taiga_crm.capabilities.custom_values import read_value, write_columns, write_value
from taiga_crm.capabilities.history import record_history, text_change
from taiga_crm.kernel.formula.functions import ValueRefused, day, flag, number, text
from taiga_crm.kernel.formula.parsing import FormulaFault, names_in, walk
from taiga_crm.kernel.formula.parsing import parse as parse_formula
from taiga_crm.kernel.formula.running import MAX_NUMBER, calculate
from taiga_crm.permissions.custom import COLUMN, PATHS, formulas, has_custom
from taiga_crm.permissions.fields import every_field, stamp_of
from taiga_crm.registry.catalog import entity_of_model
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS

RESULTS = ("decimal", "integer", "text", "boolean", "date")
PLACES = Decimal(1).scaleb(-10)
BATCH = 500
Fields = Mapping[str, Field]


def usable(field: Field) -> bool:
    """Say whether a formula may read a field: a plain value that the record itself holds."""
    if field.expression is not None or field.kind not in PATHS or field.kind in ("link", "tags"):
        return False
    return bool(field.column) or "__" not in field.path


def fill_computed(entity: Entity, record: Any, user: Any) -> bool:
    """Put the results of all formulas on the record; say whether one differs."""
    known = formulas(entity, stamp_of(user))
    if not known:
        return False
    before = getattr(record, COLUMN)
    fields = every_field(entity, user)
    for name in ordered(known):
        write_value(record, fields[name], _result(fields[name], known[name], record, fields))
    return bool(getattr(record, COLUMN) != before)


def keep_computed(happenings: list[Happening]) -> None:
    """Listen to every write: whoever changed a record, what is computed from it follows."""
    by_kind: dict[str, list[Happening]] = {}
    for one in happenings:
        if one.action != "delete":
            by_kind.setdefault(one.entity.key, []).append(one)
    for group in by_kind.values():
        entity, actor = group[0].entity, group[0].actor
        if not has_custom(entity):
            continue
        if formulas(entity, stamp_of(actor)):
            rows = entity.model._base_manager.filter(pk__in=[one.record.pk for one in group])
            _recalculate(entity, list(rows), actor)


def recalculate(record: Any, user: Any) -> Any:
    """Calculate the formulas of one record anew and tell the history what differs (F137)."""
    entity = entity_of_model(type(record))
    assert entity is not None, record
    with transaction.atomic():
        fresh = entity.model._base_manager.select_for_update(of=("self",)).get(pk=record.pk)
        fields = every_field(entity, user)
        names = list(formulas(entity, stamp_of(user)))
        before = {name: read_value(fresh, fields[name]) for name in names}
        if fill_computed(entity, fresh, user):
            write_columns(entity.model, COLUMN, {fresh.pk: getattr(fresh, COLUMN)})
            changes = []
            for name, old in before.items():
                new, kind = read_value(fresh, fields[name]), KINDS[fields[name].kind]
                if old != new:
                    texts = (kind.text(fields[name], old), kind.text(fields[name], new))
                    changes.append(text_change(name, *texts))
            record_history(entity.key, fresh, user, "recalculate", changes)
    return fresh


def recalculate_kind(entity: Entity, user: Any) -> Iterator[tuple[int, int]]:
    """Calculate the formulas of every record; yield (looked at, changed) of each batch."""
    last = 0
    while True:
        rows = entity.model._base_manager.filter(pk__gt=last).order_by("pk")
        batch = list(rows.select_for_update(of=("self",))[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        yield len(batch), _recalculate(entity, batch, user)


def depends_on_the_day(formula: str) -> bool:
    """Say whether a formula gives another result tomorrow."""
    calls = (node.value for node in walk(parse_formula(formula)) if node.what == "call")
    return "today" in calls


def evaluated(entity: Entity, field: Field, formula: str, record: Any, fields: Fields) -> Any:
    """Return the JSON of a formula over a record, for a preview; FormulaFault without a value."""
    value = coerced(field.kind, calculate(formula, _inputs(formula, record, fields)))
    return KINDS[field.kind].show(value)


def ordered(known: Mapping[str, str]) -> list[str]:
    """Return the computed fields so that each comes after those it reads; a ring is left out."""
    done: list[str] = []
    waiting = dict(known)
    while waiting:
        ready = [name for name, one in waiting.items() if not names_in(one) & waiting.keys()]
        if not ready:
            return done
        done += ready
        for name in ready:
            del waiting[name]
    return done


def coerced(kind: str, value: Any) -> Any:
    """Return a result as the field's kind has it; ValueRefused when it cannot be that."""
    if kind == "boolean":
        return flag(value)
    if value is None or value == "":
        return None if kind != "text" else ""
    if kind == "text":
        return text(value)[:255]
    if kind == "date":
        return day(value)
    found = number(value)
    if abs(found) > (MAX_NUMBER if kind == "decimal" else 2**31 - 1):
        raise ValueRefused(_("The number is too large."))
    if kind == "integer":
        return int(found.to_integral_value("ROUND_HALF_UP"))
    return Decimal(text(found.quantize(PLACES, "ROUND_HALF_UP")))


def _recalculate(entity: Entity, rows: list[Any], user: Any) -> int:
    found = {row.pk: row for row in rows if fill_computed(entity, row, user)}
    write_columns(entity.model, COLUMN, {pk: getattr(row, COLUMN) for pk, row in found.items()})
    return len(found)


def _result(field: Field, formula: str, record: Any, fields: Fields) -> Any:
    """Return the value of a formula; a record over which it has none has an empty field."""
    try:
        return coerced(field.kind, calculate(formula, _inputs(formula, record, fields)))
    except (FormulaFault, ValueRefused):
        return None


def _inputs(formula: str, record: Any, fields: Fields) -> dict[str, Any]:
    known = {name: fields[name] for name in names_in(formula) if name in fields}
    return {name: _input(record, field) for name, field in known.items() if usable(field)}


def _input(record: Any, field: Field) -> Any:
    value = read_value(record, field) if field.column else getattr(record, field.path)
    if field.kind == "money":
        return value.amount if field.column and value is not None else value
    if isinstance(value, str) and field.kind == "date":  # a value that was never read back
        return datetime.date.fromisoformat(value)
    return value


def has_computed(fields: Fields) -> bool:
    """Say whether there is anything to recalculate among the fields a person sees."""
    return any(one.column and one.read_only for one in fields.values())
