"""Settings of an import: checked when a person changes them, completed when they are shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.import_targets import Target, keys_of, targets_of
from taiga_crm.capabilities.importing import read_setting
from taiga_crm.kernel.errors import InvalidInput, NotVisible
from taiga_crm.models import Import
from taiga_crm.permissions.projects import require_crm_project
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.kind import ValueFault
from taiga_crm.registry.kinds_numbers import CURRENCY

MODES = ("create_update", "create", "update")
EMPTY = ("keep", "clear")
DEFAULT_CURRENCY = "USD"
Json = dict[str, Any]


def mapped_names(run: Import) -> set[str]:
    """Return the targets that columns are mapped to."""
    return {one["field"] for one in run.mapping if one["field"] is not None}


def shown_settings(entity: Entity, user: Any, run: Import) -> Json:
    """Return all settings, what nobody chose by default."""
    setting = read_setting(
        run.settings, keys_of(entity, targets_of(entity, user), mapped_names(run))
    )
    return {
        "mode": setting.mode,
        "key": setting.key,
        "empty": setting.empty,
        "create_missing": sorted(setting.create_missing),
        "project": setting.project,
        "currency": setting.currency or DEFAULT_CURRENCY,
    }


def changed_settings(entity: Entity, user: Any, run: Import, given: Any) -> Json:
    """Return the settings with what a person chose; InvalidInput on the named field."""
    if not isinstance(given, dict):
        raise InvalidInput({"settings": [_("An object is expected.")]})
    targets = targets_of(entity, user)
    keys = {"", *keys_of(entity, targets, mapped_names(run))}
    result, faults = {**run.settings}, dict[str, list[str]]()
    checks: dict[str, Callable[[Any], Any]] = {
        "mode": lambda value: _one_of(value, MODES),
        "empty": lambda value: _one_of(value, EMPTY),
        "key": lambda value: _one_of(value or "", keys),
        "create_missing": lambda value: _names(value, targets),
        "currency": _currency,
        "project": lambda value: _project(user, value),
    }
    for name in checks.keys() & given.keys():
        try:
            result[name] = checks[name](given[name])
        except ValueFault as fault:
            faults[name] = [str(fault)]
    if faults:
        raise InvalidInput(faults)
    return result


def _one_of(value: Any, allowed: Collection[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValueFault(_("This is not one of the choices."))
    return value


def _names(value: Any, targets: Mapping[str, Target]) -> list[str]:
    known = {one.name for one in targets.values() if one.can_create}
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueFault(_("Choose from the list."))
    if not known.issuperset(value):
        raise ValueFault(_("Choose from the list."))
    return sorted(set(value))


def _currency(value: Any) -> str:
    code = str(value or "").upper()
    if not CURRENCY.fullmatch(code):
        raise ValueFault(_("Choose a currency."))
    return code


def _project(user: Any, given: Any) -> int | None:
    """Return a project of the person; a hidden one and none at all are refused alike."""
    if given in (None, ""):
        return None
    text = str(given)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        require_crm_project(user, number)
    except NotVisible as error:
        raise ValueFault(_("Choose one from the list.")) from error
    return number
