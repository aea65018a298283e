"""Administer custom fields (F117, F118): add, change, order, retire and delete definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from taiga_crm.capabilities.custom_formulas import ordered, usable
from taiga_crm.capabilities.custom_input import read_definition
from taiga_crm.capabilities.custom_parts import slug, unused
from taiga_crm.capabilities.jobs import enqueue
from taiga_crm.capabilities.plain_edit import check_version
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused, WrongState
from taiga_crm.kernel.formula.parsing import FormulaFault, Node, names_in, walk
from taiga_crm.kernel.formula.parsing import parse as parse_formula
from taiga_crm.models import CustomField, FieldsStamp
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.custom import COLUMN, COMPUTED, field_of, has_custom
from taiga_crm.permissions.fields import fields_changed
from taiga_crm.permissions.keys import MANAGE_SETTINGS
from taiga_crm.registry.catalog import entities, fields_of
from taiga_crm.registry.entity import Entity, Field

MAX_FIELDS = 100
MAX_INDEXED = 20
MAX_COUNT = 10_000
RECALCULATE, REMOVE, INDEX = (
    "custom-fields-recalculate",
    "custom-field-remove",
    "custom-fields-index",
)


def require_keeper(user: Any) -> None:
    """Raise Refused for whoever may not manage the settings."""
    if not access_of(user).has_key(MANAGE_SETTINGS):
        raise Refused(_("You may not do this."), verb="change", kind="custom_field")


def kinds() -> list[Entity]:
    """Return the kinds of records that can have custom fields."""
    return [one for one in entities() if has_custom(one)]


def kind_of(key: Any) -> Entity:
    """Return a kind by its key; InvalidInput for one that has no custom fields."""
    found = next((one for one in kinds() if one.key == key), None)
    if found is None:
        raise InvalidInput({"kind": [_("This is not one of the choices.")]})
    return found


def definitions(user: Any, key: Any) -> list[CustomField]:
    """Return all definitions of a kind in order, disabled ones too."""
    require_keeper(user)
    return list(CustomField.objects.filter(kind=kind_of(key).key).order_by("position", "pk"))


def definition(user: Any, pk: int) -> CustomField:
    """Return one definition; NotVisible for none."""
    require_keeper(user)
    row: CustomField | None = CustomField.objects.filter(pk=pk).first()
    if row is None:
        raise NotVisible("No such custom field")
    return row


def add(user: Any, data: Mapping[str, Any]) -> CustomField:
    """Add a definition at the end of its kind."""
    require_keeper(user)
    entity = kind_of(data.get("kind"))
    with transaction.atomic():
        _lock()
        known = CustomField.objects.filter(kind=entity.key)
        if known.count() >= MAX_FIELDS:
            raise InvalidInput({"kind": [_("At most %d custom fields.") % MAX_FIELDS]})
        row = CustomField(kind=entity.key, created_by=user)
        read_definition(entity, row, data, user, creating=True)
        names = {*known.values_list("name", flat=True)}
        if row.name in names:
            raise InvalidInput({"name": [_("There is a field with this name already.")]})
        row.name = row.name or unused(f"cf_{slug(row.label, 'field')}", names)
        row.position = (known.aggregate(last=Max("position"))["last"] or 0) + 1
        _check_formula(entity, row)
        _check_indexes(row)
        row.save(force_insert=True)
        fields_changed()
        _follow_up(user, row, None)
    return row


def change(user: Any, pk: int, data: Mapping[str, Any]) -> CustomField:
    """Change a definition; what it holds and its name stay as they are."""
    with transaction.atomic():
        _lock()
        row, before = definition(user, pk), definition(user, pk)
        check_version(row, data)
        _refuse_going(row)
        entity = kind_of(row.kind)
        read_definition(entity, row, data, user, creating=False)
        if before.is_enabled and not row.is_enabled:
            _refuse_inputs(row)
        _check_options(entity, before, row)
        _check_formula(entity, row)
        _check_indexes(row)
        row.version += 1
        row.save()
        fields_changed()
        _follow_up(user, row, before)
    return row


def reorder(user: Any, key: Any, ids: Any) -> list[CustomField]:
    """Put the definitions of a kind into the order of their ids."""
    with transaction.atomic():
        _lock()
        rows = {row.pk: row for row in definitions(user, key)}
        if (
            not isinstance(ids, list)
            or len(ids) != len(rows)
            or set(map(str, ids)) != set(map(str, rows))
        ):
            raise InvalidInput({"ids": [_("The list has changed: load it again.")]})
        for place, pk in enumerate(ids, 1):
            CustomField.objects.filter(pk=pk).update(position=place)
        fields_changed()
    return definitions(user, key)


def remove(user: Any, pk: int) -> CustomField:
    """Delete a definition; a job takes its values out of the records first."""
    with transaction.atomic():
        _lock()
        row = definition(user, pk)
        _refuse_inputs(row)
        if not row.is_going:
            row.is_going, row.is_enabled = True, False
            row.save(update_fields=["is_going", "is_enabled"])
            fields_changed()
            enqueue(REMOVE, user, {"field": row.pk})
    return row


def usage(user: Any, pk: int) -> dict[str, Any]:
    """Return how many records hold a value, counted up to MAX_COUNT, and what computes from it."""
    row = definition(user, pk)
    rows = kind_of(row.kind).model._base_manager.filter(**{f"{COLUMN}__has_key": row.name})
    count = rows.order_by()[: MAX_COUNT + 1].count()
    return {
        "count": min(count, MAX_COUNT),
        "exact": count <= MAX_COUNT,
        "inputs_of": [one.label for one in _computed_from(row)],
    }


def known_fields(entity: Entity) -> dict[str, Field]:
    """Return the fields that a formula of the kind may read, enabled ones."""
    rows = CustomField.objects.filter(kind=entity.key, is_enabled=True).order_by("position", "pk")
    fields = {**fields_of(entity.key), **{row.name: field_of(row) for row in rows}}
    return {name: field for name, field in fields.items() if usable(field)}


def checked_formula(entity: Entity, formula: str) -> None:
    """Raise FormulaFault for a formula that cannot be read or reads a field that is not there."""
    known = known_fields(entity)
    for node in walk(parse_formula(formula)):
        if node.what == "name" and node.value not in known:
            raise _unknown(entity, node)


def _unknown(entity: Entity, node: Node) -> FormulaFault:
    if node.value in fields_of(entity.key):
        text = _("“%s” cannot be used in a formula.")
    else:
        text = _("There is no field “%s”.")
    return FormulaFault(text % node.value, node.position)


def _lock() -> None:
    """Let one definition change at a time: limits, names and rings of formulas depend on all."""
    FieldsStamp.objects.get_or_create(pk=1)
    FieldsStamp.objects.select_for_update().get(pk=1)


def _refuse_going(row: CustomField) -> None:
    if row.is_going:
        raise WrongState(_("This field is being deleted."))


def _computed_from(row: CustomField) -> list[CustomField]:
    others = CustomField.objects.filter(kind=row.kind, value_kind=COMPUTED, is_going=False)
    found = others.exclude(pk=row.pk).order_by("position", "pk")
    return [one for one in found if row.name in names_in(one.formula)]


def _refuse_inputs(row: CustomField) -> None:
    used = _computed_from(row)
    if used:
        names = ", ".join(one.label for one in used)
        raise WrongState(_("Other fields are calculated from this one: %s") % names)


def _check_options(entity: Entity, before: CustomField, row: CustomField) -> None:
    """An option that records hold can be retired, not taken away."""
    gone = {one["value"] for one in before.options} - {one["value"] for one in row.options}
    for value in sorted(gone):
        held = [value] if row.value_kind == "tags" else value
        rows = entity.model._base_manager.filter(**{f"{COLUMN}__contains": {row.name: held}})
        if rows.exists():
            label = next(one["label"] for one in before.options if one["value"] == value)
            text = _("Records hold “%s”: retire it instead.") % label
            raise InvalidInput({"options": [text]})


def _check_formula(entity: Entity, row: CustomField) -> None:
    if row.value_kind != COMPUTED:
        row.formula = ""
        return
    if not row.formula:
        raise InvalidInput({"formula": [_("This field is required.")]})
    try:
        checked_formula(entity, row.formula)
    except FormulaFault as fault:
        raise InvalidInput({"formula": [fault.message]}) from fault
    others = CustomField.objects.filter(kind=row.kind, value_kind=COMPUTED).exclude(pk=row.pk)
    known = {**dict(others.values_list("name", "formula")), row.name: row.formula}
    if row.name not in ordered(known):
        raise InvalidInput({"formula": [_("The formula reads its own result.")]})


def _check_indexes(row: CustomField) -> None:
    others = CustomField.objects.filter(kind=row.kind, is_indexed=True).exclude(pk=row.pk)
    if row.is_indexed and others.count() >= MAX_INDEXED:
        text = _("At most %d fields of a kind can be indexed.") % MAX_INDEXED
        raise InvalidInput({"is_indexed": [text]})


def _follow_up(user: Any, row: CustomField, before: CustomField | None) -> None:
    """Enqueue what the change makes necessary on the records."""
    renewed = before is None or before.formula != row.formula or not before.is_enabled
    if row.value_kind == COMPUTED and row.is_enabled and renewed:
        enqueue(RECALCULATE, user, {"kind": row.kind})
    if row.is_indexed != (before is not None and before.is_indexed):
        enqueue(INDEX, user, {"kind": row.kind})
