"""Read what an administrator sent as the definition of a custom field, each part checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from taiga_crm.capabilities.custom_formulas import RESULTS
from taiga_crm.capabilities.custom_parts import Fault, Faults, read_choices, read_text, read_texts
from taiga_crm.capabilities.custom_values import EMPTY
from taiga_crm.capabilities.links import linkable
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.kernel.money import parse_amount
from taiga_crm.models import CustomField
from taiga_crm.permissions.custom import COMPUTED, LENGTHS, PATHS, field_of, has_custom
from taiga_crm.registry.catalog import entities, fields_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, ValueFault
from taiga_crm.registry.patterns import PatternFault, check_pattern

VALUE_KINDS = (*PATHS, COMPUTED)
WITH_OPTIONS = ("choice", "tags")
WITH_BOUNDS = ("integer", "decimal", "money")
WITH_PATTERN = ("text",)
NAME = re.compile(r"cf_[a-z0-9]+(_[a-z0-9]+)*")
FLAGS = ("is_required", "is_enabled", "is_shown", "is_searched", "is_indexed")


def targets() -> list[str]:
    """Return what a link can lead to: people, and kinds of records."""
    return ["user", *(one.key for one in entities() if has_custom(one))]


def read_definition(
    entity: Entity, row: CustomField, data: Mapping[str, Any], user: Any, *, creating: bool
) -> None:
    """Put the sent parts on the row; InvalidInput names each part that was refused."""
    faults: Faults = {}
    for name, read in _PARTS.items():
        if name in data or (creating and name in ("label", "value_kind")):
            _read(row, name, lambda part=name, to=read: to(data.get(part), row), faults)  # type: ignore[misc]
    if creating:
        _read_value_kind(row, data, faults)
    if not faults:
        _read_options(row, data, faults)
        _read_places(entity, row, data, user, faults)
    if not faults and "default" in data:
        _read(row, "default", lambda: _default(row, data["default"]), faults)
    if not faults:
        _check_bounds(row, faults)
    if faults:
        raise InvalidInput(faults)


def _read(row: CustomField, name: str, read: Callable[[], Any], faults: Faults) -> None:
    try:
        setattr(row, name, read())
    except Fault as fault:
        faults[name] = [str(fault)]


def _flag(raw: Any, row: CustomField) -> bool:
    if not isinstance(raw, bool):
        raise Fault(_("Yes or no is expected."))
    return raw


def _bound(raw: Any, row: CustomField) -> str:
    if raw in (None, ""):
        return ""
    try:
        number = parse_amount(str(raw).strip())
    except ValueError as error:
        raise Fault(_("A number is expected.")) from error
    if isinstance(raw, (bool, float)) or (row.value_kind == "integer" and number % 1):
        raise Fault(_("A whole number is expected."))
    if row.value_kind == "integer" and abs(number) > 2**31 - 1:
        raise Fault(_("The number is too large."))
    return format(number, "f")


def _length(raw: Any, row: CustomField) -> int | None:
    if raw in (None, ""):
        return None
    most = LENGTHS.get(row.value_kind, LENGTHS["long_text"])
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= most:
        raise Fault(_("A number from 1 to %d is expected.") % most)
    return int(raw)


def _pattern(raw: Any, row: CustomField) -> str:
    text = read_text(200)(raw, row)
    try:
        check_pattern(text)
    except PatternFault as fault:
        if str(fault) == "complex":
            raise Fault(_("This pattern could take too long: write it more simply.")) from fault
        raise Fault(_("This is not a regular expression.")) from fault
    return text


_PARTS: dict[str, Callable[[Any, CustomField], Any]] = {
    "label": read_text(120, required=True),
    "labels": read_texts(120),
    "help": read_text(500),
    "helps": read_texts(500),
    "section": read_text(120),
    "section_labels": read_texts(120),
    **dict.fromkeys(FLAGS, _flag),
    "minimum": _bound,
    "maximum": _bound,
    "max_length": _length,
    "pattern": _pattern,
    "formula": read_text(2_000),
}


def _read_value_kind(row: CustomField, data: Mapping[str, Any], faults: Faults) -> None:
    """What a field holds is decided once: its values would not survive another kind."""
    row.value_kind = str(data.get("value_kind") or "")
    if row.value_kind not in VALUE_KINDS:
        faults["value_kind"] = [_("This is not one of the choices.")]
    if row.value_kind == "link":
        row.target = str(data.get("target") or "")
        if row.target not in targets():
            faults["target"] = [_("This is not one of the choices.")]
    if row.value_kind == COMPUTED:
        row.result_kind = str(data.get("result_kind") or "")
        if row.result_kind not in RESULTS:
            faults["result_kind"] = [_("This is not one of the choices.")]
    name = data.get("name")
    if name not in (None, ""):
        if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > 63:
            faults["name"] = [_("A name like cf_iban is expected.")]
        else:
            row.name = name


def _read_options(row: CustomField, data: Mapping[str, Any], faults: Faults) -> None:
    if row.value_kind not in WITH_OPTIONS:
        row.options = []
        return
    if "options" in data:
        _read(row, "options", lambda: read_choices(data["options"]), faults)
    if "options" not in faults and not row.options:
        faults["options"] = [_("At least one option is needed.")]


def _read_places(
    entity: Entity,
    row: CustomField,
    data: Mapping[str, Any],
    user: Any,
    faults: Faults,
) -> None:
    if "types" in data:
        target = fields_of(entity.key)[entity.type_field].target if entity.type_field else None
        _read(row, "types", lambda: _ids(data["types"], row.types, target, user), faults)
    if "projects" in data:
        target = "project" if entity.projects else None
        _read(row, "projects", lambda: _ids(data["projects"], row.projects, target, user), faults)


def _ids(raw: Any, kept: list[int], target: str | None, user: Any) -> list[int]:
    """Return ids of rows the administrator sees, beside those that are there already."""
    ids = raw if isinstance(raw, list) and len(raw) <= 200 else [None]
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 1 for one in ids):
        raise Fault(_("Choose from the list."))
    fresh = set(ids) - set(kept)
    if fresh and target is None:
        raise Fault(_("Choose from the list."))
    if fresh:
        rows = linkable(target or "", user).filter(pk__in=fresh)
        if fresh != set(rows.values_list("pk", flat=True)):
            raise Fault(_("Choose from the list."))
    return sorted(set(ids))


def _default(row: CustomField, raw: Any) -> Any:
    if raw in EMPTY or row.value_kind in ("link", COMPUTED):
        return None
    field: Field = replace(field_of(row), default=None)
    try:
        value = KINDS[field.kind].parse(field, raw)
    except ValueFault as fault:
        raise Fault(str(fault)) from fault
    if value in EMPTY or value is False:
        return None
    return KINDS[field.kind].show(value)


def _check_bounds(row: CustomField, faults: Faults) -> None:
    """Drop what the kind of value has no use for; refuse bounds that nothing fits between."""
    if row.value_kind not in WITH_BOUNDS:
        row.minimum = row.maximum = ""
    if row.value_kind not in LENGTHS:
        row.max_length = None
    if row.value_kind not in WITH_PATTERN:
        row.pattern = ""
    if row.minimum and row.maximum and Decimal(row.minimum) > Decimal(row.maximum):
        faults["maximum"] = [_("The largest value is below the smallest one.")]


def languages() -> list[dict[str, str]]:
    """Return the languages that texts can be written in beside the first one."""
    return [{"code": code, "label": str(label)} for code, label in settings.LANGUAGES]
