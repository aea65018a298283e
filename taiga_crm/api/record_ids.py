"""Ids of records in a body: at most 500, each once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.kernel.errors import InvalidInput

MAX_IDS = 500


def given_ids(body: dict[str, Any], name: str = "ids") -> list[int]:
    """Return the ids of a body in their order, each once; InvalidInput for anything else."""
    value = body.get(name)
    if not isinstance(value, list) or not value:
        raise InvalidInput({name: [_("Choose at least one record.")]})
    if len(value) > MAX_IDS:
        raise InvalidInput({name: [_("At most %d records at once.") % MAX_IDS]})
    if not all(is_id(one) for one in value):
        raise InvalidInput({name: [_("Every id must be a number.")]})
    return list(dict.fromkeys(value))


def is_id(value: Any) -> bool:
    """Say whether a value of a body can be the id of a record."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**62
