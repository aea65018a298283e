"""Filter trees: nested {"all": […]}, {"any": […]}, {"not": …} of [field, operator, value]."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.conditions import Branch, Condition, Node
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kinds import CONTROL
from taiga_crm.registry.operators import operators_of

MAX_LENGTH = 4_000
MAX_DEPTH = 5
MAX_LEAVES = 50
MAX_TEXT = 2_000
MODES = ("all", "any", "not")
Json = Any


def read_tree(
    fields: Mapping[str, Field], text: str, check: Callable[[Condition], None]
) -> Node | None:
    """Return the tree of a URL parameter; InvalidQuery for what is malformed or not offered.

    The refusal names each condition that is refused, by this or by `check`, with its place.
    """
    if not text:
        return None
    if len(text) > MAX_LENGTH:
        raise InvalidQuery(_("At most %d characters.") % MAX_LENGTH)
    try:
        data = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise InvalidQuery(_("The filter tree is not valid JSON.")) from error
    check_shape(data)
    _check_leaves(fields, data, check)
    return _node(fields, data)


def check_shape(data: Json) -> None:
    """Raise InvalidQuery unless it is a tree within its limits, whatever its fields are called."""
    leaves = sum(1 for _leaf in leaves_of(data))
    if leaves > MAX_LEAVES:
        raise InvalidQuery(_("At most %d conditions.") % MAX_LEAVES)


def leaves_of(data: Json, depth: int = 1) -> Iterator[list[Any]]:
    """Yield the conditions of a tree as they were sent."""
    if isinstance(data, list):
        _check_leaf(data)
        yield data
        return
    _mode, parts = _branch(data)
    if depth > MAX_DEPTH:
        raise InvalidQuery(_("The filter tree is nested too deeply."))
    for part in parts:
        yield from leaves_of(part, depth + 1)


def pruned(data: Json, keep: Callable[[list[Any]], bool]) -> Json | None:
    """Return the tree without the conditions that are not kept; None when nothing is left."""
    if isinstance(data, list):
        return data if keep(data) else None
    mode, parts = _branch(data)
    left = [one for one in (pruned(part, keep) for part in parts) if one is not None]
    if not left:
        return None
    return {mode: left[0] if mode == "not" else left}


def condition_of(fields: Mapping[str, Field], leaf: list[Any]) -> Condition:
    """Return one condition of a tree; InvalidQuery for a name or a comparison not offered."""
    name, operator, value = leaf
    check_offered(fields, name, operator, name)
    if isinstance(value, list):
        return Condition(name, operator, "", tuple(_text(one) for one in value))
    return Condition(name, operator, _text(value))


def check_offered(fields: Mapping[str, Field], name: str, operator: str, shown: str) -> None:
    """Refuse unknown and hidden fields alike, and comparisons that the field does not have."""
    field = fields.get(name)
    if field is None or not field.filterable:
        raise InvalidQuery(_("Unknown filter: %s") % shown)
    if operator not in operators_of(field):
        raise InvalidQuery(_("This filter cannot be used that way: %s") % shown)


def _check_leaves(
    fields: Mapping[str, Field], data: Json, check: Callable[[Condition], None]
) -> None:
    faults = []
    for place, leaf in enumerate(leaves_of(data)):
        try:
            check(condition_of(fields, leaf))
        except InvalidQuery as refusal:
            faults.append({"place": place, "message": refusal.message})
    if faults:
        raise InvalidQuery(str(faults[0]["message"]), conditions=faults)


def _node(fields: Mapping[str, Field], data: Json) -> Node:
    if isinstance(data, list):
        return condition_of(fields, data)
    mode, parts = _branch(data)
    return Branch(mode, tuple(_node(fields, part) for part in parts))


def _branch(data: Json) -> tuple[str, list[Any]]:
    if not isinstance(data, dict) or len(data) != 1 or next(iter(data)) not in MODES:
        raise InvalidQuery(_("A filter tree consists of “all”, “any” and “not”."))
    mode, parts = next(iter(data.items()))
    if mode == "not":
        parts = [parts]
    if not isinstance(parts, list) or not parts:
        raise InvalidQuery(_("A group of conditions must not be empty."))
    return mode, parts


def _check_leaf(leaf: list[Any]) -> None:
    if len(leaf) != 3 or not all(isinstance(one, str) and one for one in leaf[:2]):
        raise InvalidQuery(_("A condition is [field, comparison, value]."))
    value = leaf[2]
    values = value if isinstance(value, list) else [value]
    if not values or any(not isinstance(one, (str, int, bool)) for one in values):
        raise InvalidQuery(_("A condition is [field, comparison, value]."))
    if len(values) > 100:
        raise InvalidQuery(_("At most %d values.") % 100)


def _text(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if CONTROL.search(text):
        raise InvalidQuery(_("The text contains control characters."))
    if len(text) > MAX_TEXT:
        raise InvalidQuery(_("At most %d characters.") % MAX_TEXT)
    return text.strip()
