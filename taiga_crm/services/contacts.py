"""Contacts: naming, and exactly one primary contact for an account that has any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import announce
from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.history import record_history, value_change
from taiga_crm.capabilities.plain_edit import bump_version
from taiga_crm.kernel.errors import InvalidInput, NotVisible, WrongState
from taiga_crm.models import Account, Contact
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.keys import CHANGE_EVERYTHING
from taiga_crm.registry.catalog import entity


def prepare(draft: Draft) -> None:
    """Complete and check a contact before it is written."""
    contact = draft.record
    contact.name = f"{contact.first_name} {contact.last_name}".strip()[:255]
    if not contact.name:
        raise InvalidInput({"last_name": [_("A first or a last name is needed.")]})
    if "account" not in draft.values:
        return
    if contact.account_id != draft.before("account"):
        _require_place(draft)
        contact.is_primary = False


def split_name(text: str, kind: Any) -> dict[str, str]:
    """Return first and last name: what stands behind the last blank is the family name."""
    first, _blank, last = text.rpartition(" ")
    return {"first_name": first, "last_name": last}


def foresee(drafts: list[Draft]) -> None:
    """Hold the accounts that get or lose contacts, in the order of their ids."""
    _lock(*_touched(drafts))


def written(drafts: list[Draft]) -> None:
    """Keep one primary contact on the accounts that the writes touched."""
    _ensure_primary(*_touched(drafts))
    moved = {draft.record.pk: draft.record for draft in drafts if "account" in draft.values}
    rows = Contact.objects.filter(pk__in=moved)
    for pk, is_primary in rows.values_list("pk", "is_primary") if moved else ():
        moved[pk].is_primary = is_primary


def _touched(drafts: list[Draft]) -> list[int]:
    pairs = [
        (draft.values["account"], draft.before("account"))
        for draft in drafts
        if "account" in draft.values
    ]
    return sorted({pk for pair in pairs for pk in pair if pk is not None})


def removing(doomed: list[Contact], actor: Any) -> Callable[[], None]:
    """Promote the oldest contact where the primary one is deleted."""
    account_ids = {one.account_id for one in doomed if one.account_id is not None}
    _lock(*account_ids)
    return lambda: _ensure_primary(*account_ids)


def restoring(pk: int, rows: Mapping[str, list[dict[str, Any]]]) -> Callable[[], None]:
    """Hold the contact's account, so that it has one primary contact afterwards."""
    own = rows[Contact._meta.label_lower]
    account_ids = {row["account_id"] for row in own if row["id"] == pk} - {None}
    _lock(*account_ids)
    return lambda: _ensure_primary(*account_ids)


def settle(ids: list[int]) -> None:
    """Keep one primary contact on the accounts of these contacts."""
    rows = Contact.objects.filter(pk__in=ids, account__isnull=False)
    promote_oldest(sorted(set(rows.values_list("account_id", flat=True))))


def make_primary(contact: Contact, actor: Any) -> Contact:
    """Make a contact the primary one of its account; the former one steps back."""
    with transaction.atomic():
        if contact.account_id is None:
            raise WrongState(_("Only a contact of an account can be its primary contact."))
        _lock(contact.account_id)
        fresh = Contact.objects.filter(pk=contact.pk, account_id=contact.account_id).first()
        if fresh is None:
            raise NotVisible("The contact was deleted or moved meanwhile")
        if fresh.is_primary:
            return contact
        Contact.objects.filter(account_id=contact.account_id).update(is_primary=False)
        Contact.objects.filter(pk=contact.pk).update(is_primary=True)
        bump_version(contact)
        changes = [value_change("is_primary", False, True)]
        record_history("contact", contact, actor, "update", changes)
        announce(entity("contact"), contact, "change", actor, changes)
    return contact


def promote_oldest(account_ids: list[int]) -> None:
    """Make the oldest contact of each account that has no primary one the primary one."""
    _lock(*account_ids)
    _ensure_primary(*account_ids)


def _require_place(draft: Draft) -> None:
    """The role must allow contacts in one of the account's projects; a loose one is one's own."""
    access = access_of(draft.user)
    account = draft.record.account
    if access.has_key(CHANGE_EVERYTHING):
        return
    if account is None:
        if draft.record.created_by_id != draft.user.pk or access.within is not None:
            raise InvalidInput({"account": [_("Without an account you would not find it again.")]})
        return
    if account.is_private and account.created_by_id == draft.user.pk and access.within is None:
        return
    if not any(access.holds("add_contact", one) for one in account.project_ids):
        raise InvalidInput({"account": [_("You may not add contacts to this account.")]})


def _lock(*account_ids: int) -> None:
    """Two first contacts at once: the second waits here and sees the first."""
    if account_ids:
        rows = Account.objects.select_for_update().filter(pk__in=account_ids).order_by("pk")
        list(rows.values_list("pk"))


def _ensure_primary(*account_ids: int) -> None:
    """Make the oldest contact primary where an account has contacts but no primary one."""
    if not account_ids:
        return
    contacts = Contact.objects.filter(account_id__in=account_ids)
    led = contacts.filter(is_primary=True).values("account_id")
    without = contacts.exclude(account_id__in=led).order_by("account_id", "created_at", "pk")
    oldest = list(without.distinct("account_id").values_list("pk", flat=True))
    if oldest:
        Contact.objects.filter(pk__in=oldest).update(is_primary=True)
