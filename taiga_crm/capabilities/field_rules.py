"""Enforce field rules on a write: what is hidden or read-only stays, what is required is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import Draft
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.permissions.field_rules import never_hidden
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.row_rules import (
    Standing,
    flags_on,
    has_locks,
    has_row_rules,
    standing_of,
)
from taiga_crm.registry.entity import Field

EMPTY: tuple[Any, ...] = (None, "", [], False)
Flags = Mapping[str, Mapping[str, bool]]


def standing_before(draft: Draft) -> Standing | None:
    """Return where the record stood, before the values are put on it; None when no rule asks."""
    if draft.user is None or not has_row_rules(draft.entity, draft.user):
        return None
    return standing_of(draft.entity, draft.record)


def check_field_rules(draft: Draft, before: Standing | None) -> None:
    """Raise InvalidInput when the person's values break a field rule, in the state the record
    had or in the one it gets. Call it after the values were put on the record."""
    if draft.user is None:
        return
    if before is None and not has_locks(draft.entity, draft.user):
        return
    fields = fields_for(draft.entity, draft.user)
    then: Flags = {}
    now: Flags = {}
    if before is not None:
        after = standing_of(draft.entity, draft.record)
        if not draft.creating:
            then = flags_on(fields, before)
        now = flags_on(fields, after)
    changed = _changed(draft)
    faults = {
        name: [_("You may not change this field.")]
        for name in changed
        if name in fields and _is_closed(draft, fields[name], then, now)
    }
    moved = draft.entity.state_field in changed
    for name, flags in now.items():
        asked = draft.creating or moved or name in draft.values
        if "required" in flags and asked and _is_empty(draft, fields[name]):
            faults.setdefault(name, [_("This field is required.")])
    if faults:
        raise InvalidInput(faults)


def _is_closed(draft: Draft, field: Field, then: Flags, now: Flags) -> bool:
    if draft.creating and never_hidden(draft.entity, field):
        return False
    flags = {*then.get(field.name, {}), *now.get(field.name, {})}
    return field.locked or not flags.isdisjoint(("hidden", "read_only"))


def _changed(draft: Draft) -> set[str]:
    """Return the fields the person gave another value; on a new record, other than the default."""
    changed = {change["field"] for change in draft.changes()}
    if draft.creating:
        return {name for name in changed if draft.values[name] != draft.fields[name].default}
    return changed


def _is_empty(draft: Draft, field: Field) -> bool:
    if field.name in draft.values:
        return draft.values[field.name] in EMPTY
    if field.kind in ("emails", "phones"):
        return not draft.channel_rows(field)
    value = getattr(draft.record, field.path)
    return not value.exists() if hasattr(value, "exists") else value in EMPTY
