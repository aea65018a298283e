"""What field rules say about one record: hidden, read-only and required fields in its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from taiga_crm.permissions.field_rules import state_path
from taiga_crm.permissions.fields import every_field, fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.masks import Mask

EFFECTS = (
    ("hidden", "hidden_where"),
    ("read_only", "locked_where"),
    ("required", "required_where"),
)


KEPT = "_crm_rules"


@dataclass(frozen=True)
class Standing:
    """Where a record stands: its state and its projects."""

    state: Any = None
    projects: tuple[int, ...] = ()


def standing_paths(entity: Entity) -> tuple[str, ...]:
    """Return the ORM paths of the state and of the projects, as far as the kind has them."""
    return tuple(path for path in (state_path(entity), entity.projects) if path)


def standing_from(entity: Entity, values: Iterable[Any]) -> Standing:
    """Compose a standing from the values of `standing_paths`."""
    found = dict(zip(standing_paths(entity), values, strict=True))
    return Standing(found.get(state_path(entity)), _numbers(found.get(entity.projects)))


def standing_of(entity: Entity, record: Any, prefix: str = "") -> Standing:
    """Read where a record stands now; `prefix` leads to the record that has the rule."""
    for step in filter(None, prefix.split("__")):
        record = getattr(record, step, None)
    return standing_from(entity, (_along(record, path) for path in standing_paths(entity)))


@dataclass(frozen=True)
class _Kinds:
    """Which kinds of rules touch a person on a kind of record: asked for every row of a bulk."""

    own: bool
    locks: bool
    hides: bool


def _found(entity: Entity, user: Any) -> _Kinds:
    """Kept on the user object beside the fields that it was read from."""
    fields = fields_for(entity, user)
    kept: dict[str, tuple[Any, _Kinds]] = {} if user is None else vars(user).setdefault(KEPT, {})
    known, kinds = kept.get(entity.key, (None, None))
    if known is not fields or kinds is None:
        several = fields.values()
        kinds = _Kinds(
            own=any(_own(one, name) for one in several for _effect, name in EFFECTS),
            locks=any(one.locked for one in several),
            hides=any(one.hidden_where for one in several),
        )
        kept[entity.key] = (fields, kinds)
    return kinds


def has_row_rules(entity: Entity, user: Any) -> bool:
    """Say whether some rule for the person depends on the row."""
    return _found(entity, user).own


def has_locks(entity: Entity, user: Any) -> bool:
    """Say whether some field is locked for the person, whatever the row."""
    return _found(entity, user).locks


def hides_by_row(entity: Entity, user: Any) -> bool:
    """Say whether what is hidden from the person depends on the row."""
    return _found(entity, user).hides


def ruled_projects(fields: Mapping[str, Field]) -> frozenset[int]:
    """Return the projects whose own rules touch the person."""
    return frozenset(
        mask.project
        for one in fields.values()
        for _effect, name in EFFECTS
        for mask in _own(one, name)
        if mask.project is not None
    )


def flags_on(fields: Mapping[str, Field], standing: Standing) -> dict[str, dict[str, bool]]:
    """Return {field: {"hidden": True, …}} of what depends on the row and holds on this one."""
    found: dict[str, dict[str, bool]] = {}
    for one in fields.values():
        flags = {
            effect: True
            for effect, name in EFFECTS
            if any(m.holds(standing.state, standing.projects) for m in _own(one, name))
        }
        if "hidden" in flags:
            flags = {"hidden": True}
        elif "read_only" in flags or one.locked:
            flags.pop("required", None)
        if flags:
            found[one.name] = flags
    return found


def effects_by_row(one: Field) -> list[tuple[str, list[Mask]]]:
    """Return [(effect, masks)] of a field's own rules that depend on the row."""
    return [(effect, _own(one, name)) for effect, name in EFFECTS]


def hidden_names(entity: Entity, user: Any, record: Any = None) -> frozenset[str]:
    """Return the fields that are hidden from the person on a record.

    Without a record, because it is gone or of no matter, whatever is hidden on some row counts.
    """
    if user is None:
        return frozenset()
    fields = fields_for(entity, user)
    found = set(every_field(entity, user)) - set(fields)
    for one in fields.values():
        if any(record is None or _covers(mask, record) for mask in one.hidden_where):
            found.add(one.name)
    return frozenset(found)


def writable_values(
    entity: Entity, record: Any, values: dict[str, Any], user: Any, *, creating: bool
) -> dict[str, Any]:
    """Leave out what is hidden on the stored record: the form got nothing and would wipe it."""
    if creating or user is None or not hides_by_row(entity, user):
        return values
    hidden = hidden_names(entity, user, record)
    return {name: value for name, value in values.items() if name not in hidden}


def _covers(mask: Mask, record: Any) -> bool:
    state = _along(record, mask.prefix + mask.state_path) if mask.state_path else None
    projects = _along(record, mask.prefix + mask.projects_path) if mask.projects_path else None
    return mask.holds(state, _numbers(projects))


def _own(one: Field, name: str) -> list[Mask]:
    masks: tuple[Mask, ...] = getattr(one, name)
    return [mask for mask in masks if not mask.prefix]


def _along(record: Any, path: str) -> Any:
    for step in path.split("__"):
        record = getattr(record, step, None)
    return record


def _numbers(value: Any) -> tuple[int, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)
