"""Account types: one of the two name fields stays enabled (F115)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import Draft
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Account


def prepare(draft: Draft) -> None:
    """Refuse a type without a name, or one that would hide names that accounts have."""
    kind = draft.record
    if not (kind.has_first_name or kind.has_last_name):
        raise InvalidInput({"has_first_name": [_("An account needs at least one name field.")]})
    if draft.creating:
        return
    for column in ("first_name", "last_name"):
        used = Account.objects.unscoped().filter(type=kind).exclude(**{column: ""})
        if not getattr(kind, f"has_{column}") and used.exists():
            raise InvalidInput({f"has_{column}": [_("Accounts of this type use this field.")]})
