"""What was sent for a saved view, checked field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.view_state import checked_state
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models.saved_view import SHARING
from taiga_crm.registry.entity import Choice, Field
from taiga_crm.registry.kinds import KINDS, ValueFault

MAX_SHARED_WITH = 100
SHARED = ("roles", "user_types")
NAME = Field("name", "text", max_length=100, required=True)
COLOR = Field("color", "color")
SHARES = Field("sharing", "choice", required=True,
               choices=tuple(Choice(value, label) for value, label in SHARING))  # fmt: skip


def parsed_view(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the fields that were sent; InvalidInput for a wrong one."""
    return {name: read(data[name]) for name, read in READERS.items() if name in data}


def _through(field: Field) -> Callable[[Any], Any]:
    def read(raw: Any) -> Any:
        try:
            value = KINDS[field.kind].parse(field, raw)
        except ValueFault as fault:
            raise InvalidInput({field.name: [str(fault)]}) from fault
        if field.required and not value:
            raise InvalidInput({field.name: [_("This field is required.")]})
        return value

    return read


def _ids(name: str) -> Callable[[Any], list[int]]:
    def read(given: Any) -> list[int]:
        if not isinstance(given, list) or len(given) > MAX_SHARED_WITH:
            raise InvalidInput({name: [_("A list of at most %d is expected.") % MAX_SHARED_WITH]})
        if any(isinstance(n, bool) or not isinstance(n, int) or abs(n) >= 2**31 for n in given):
            raise InvalidInput({name: [_("Choose one from the list.")]})
        return list(dict.fromkeys(given))

    return read


READERS: dict[str, Callable[[Any], Any]] = {
    "name": _through(NAME),
    "color": _through(COLOR),
    "sharing": _through(SHARES),
    "show_as_tag": lambda raw: raw is True,
    "state": checked_state,
    **{name: _ids(name) for name in SHARED},
}
