"""Names of accounts: which fields a type has, and the whole name they make."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import Draft
from taiga_crm.kernel.errors import InvalidInput


def split_name(text: str, kind: Any) -> dict[str, str]:
    """Return the name fields of a whole name: the type decides which there are."""
    if kind is None or not kind.has_last_name:
        return {"first_name": text}
    if not kind.has_first_name:
        return {"last_name": text}
    first, _blank, last = text.rpartition(" ")
    return {"first_name": first, "last_name": last}


def complete_name(draft: Draft) -> None:
    """Check the name fields against the type and put the whole name together."""
    account = draft.record
    if not draft.values.keys() & {"type", "first_name", "last_name"}:
        return
    if account.type_id is None:
        raise InvalidInput({"type": [_("This field is required.")]})
    faults = {}
    for column in ("first_name", "last_name"):
        enabled = getattr(account.type, f"has_{column}")
        if not enabled and getattr(account, column) and column in draft.values:
            faults[column] = [_("This account type does not have this field.")]
        elif not enabled:
            draft.watch(column)  # a name that the new type drops is told in history
            setattr(account, column, "")
    if faults:
        raise InvalidInput(faults)
    account.name = " ".join(part for part in (account.first_name, account.last_name) if part)
    if not account.name:
        field = "first_name" if account.type.has_first_name else "last_name"
        raise InvalidInput({field: [_("This field is required.")]})
    account.name = account.name[:255]
