"""The state of a saved view: checked in its shape when saved, in its names when shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.conditions import Condition
from taiga_crm.capabilities.filter_tree import check_shape, condition_of, pruned
from taiga_crm.capabilities.filtering import check_condition
from taiga_crm.kernel.errors import InvalidInput, InvalidQuery
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import CONTROL
from taiga_crm.registry.operators import is_columnar

FORMAT = 1
MAX_BYTES = 16_000
MAX_NAMES = 60
MAX_FILTERS = 20
LOOKS = ("list", "board", "calendar")
NAMES = ("columns", "sort", "totals")
TEXTS = {"group_by": 80, "search": 200, "look": 20}
State = dict[str, Any]


def checked_state(given: Any) -> State:
    """Return a state to store; InvalidInput for a wrong shape, whatever the names mean."""
    if not isinstance(given, dict):
        raise _fault(_("An object is expected."))
    unknown = set(given) - {"format", "filters", "tree", *NAMES, *TEXTS}
    if unknown or given.get("format", FORMAT) != FORMAT:
        raise _fault(_("This format of a view is not known."))
    state: State = {"format": FORMAT, **{name: _names(given, name) for name in NAMES}}
    for name, limit in TEXTS.items():
        state[name] = _short(given.get(name) or "", limit)
    state["look"] = state["look"] or LOOKS[0]
    if state["look"] not in LOOKS:
        raise _fault(_("This kind of view is not known."))
    state["filters"] = _filters(given.get("filters") or [])
    state["tree"] = _tree(given.get("tree"))
    if len(json.dumps(state)) > MAX_BYTES:
        raise _fault(_("At most %d characters.") % MAX_BYTES)
    return state


def resolved(
    entity: Entity, fields: Mapping[str, Field], state: State, user: Any
) -> tuple[State, list[dict[str, Any]]]:
    """Return what still works for the person, and what does not, each with its reason."""
    broken: list[dict[str, Any]] = []
    usable = {**state}
    for part in NAMES:
        usable[part] = [one for one in state[part] if not _report(broken, part, one, fields)]
    if state["group_by"] and _report(broken, "group_by", state["group_by"], fields):
        usable["group_by"] = ""

    def keep(leaf: list[Any], part: str = "tree") -> bool:
        reason = _reason(entity, fields, leaf, user)
        if reason:
            broken.append({"part": part, "name": leaf[0], "condition": leaf, "reason": reason})
        return not reason

    usable["filters"] = [one for one in state["filters"] if keep(one, "filters")]
    usable["tree"] = None if state["tree"] is None else pruned(state["tree"], keep)
    return usable, broken


def _report(
    broken: list[dict[str, Any]], part: str, name: str, fields: Mapping[str, Field]
) -> bool:
    field = fields.get(name.lstrip("-").partition(":")[0])
    allowed = (
        field is not None
        and {
            "columns": is_columnar(field),
            "sort": field.sortable and is_columnar(field),
            "totals": field.totalable,
            "group_by": field.groupable,
        }[part]
    )
    if not allowed:
        reason = _gone() if field is None else _("It can no longer be used this way.")
        broken.append({"part": part, "name": name, "condition": None, "reason": reason})
    return not allowed


def _reason(entity: Entity, fields: Mapping[str, Field], leaf: list[Any], user: Any) -> str:
    """Return why a condition does not work for the person; an empty text when it does."""
    if leaf[0] not in fields:
        return _gone()
    try:
        condition: Condition = condition_of(fields, leaf)
        check_condition(entity, user, condition)
    except InvalidQuery as refusal:
        return refusal.message
    return ""


def _gone() -> str:
    return str(_("This field no longer exists, or it is hidden from you."))


def _names(given: Mapping[str, Any], name: str) -> list[str]:
    names = given.get(name) or []
    if not isinstance(names, list) or len(names) > MAX_NAMES:
        raise _fault(_("A list of at most %d is expected.") % MAX_NAMES)
    return list(dict.fromkeys(_short(one, 80) for one in names))


def _short(text: Any, limit: int) -> str:
    if not isinstance(text, str) or len(text) > limit or CONTROL.search(text):
        raise _fault(_("A text of at most %d characters is expected.") % limit)
    return text.strip()


def _filters(given: Any) -> list[list[Any]]:
    if not isinstance(given, list) or len(given) > MAX_FILTERS:
        raise _fault(_("At most %d filters.") % MAX_FILTERS)
    for one in given:
        if not isinstance(one, list):
            raise _fault(_("A condition is [field, comparison, value]."))
        _checked(one)
    return given


def _tree(given: Any) -> Any:
    if given is None:
        return None
    _checked(given)
    return given


def _checked(data: Any) -> None:
    try:
        check_shape(data)
        _texts(data)
    except InvalidQuery as refusal:
        raise _fault(refusal.message) from refusal


def _texts(data: Any) -> None:
    for text in _strings(data):
        _short(text, 2_000)


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, (list, dict)):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _strings(one)


def _fault(message: Any) -> InvalidInput:
    return InvalidInput({"state": [str(message)]})
