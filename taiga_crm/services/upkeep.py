"""What must hold between our tables: count what does not, and mend what can be mended safely.

The services keep these promises; rows written past them, restored halves of a backup and
deletions inside the host can break them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce

from taiga_crm.capabilities.history import link_change, record_history_many
from taiga_crm.kernel import clock
from taiga_crm.models import Account, AccountProject, Contact, RoleGrant, TicketAccount
from taiga_crm.models.ticket import TICKET_COLUMNS
from taiga_crm.permissions.keys import role_keys
from taiga_crm.services.contacts import promote_oldest as promote_contacts
from taiga_crm.services.tickets import promote_oldest as promote_links

Ids = list[Any]


@dataclass(frozen=True)
class Promise:
    """One thing that must hold: `broken` finds the rows where it does not, `mend` repairs them.

    Without `mend` a person has to decide; `advice` says what.
    """

    text: str
    broken: Callable[[], Ids]
    mend: Callable[[Ids], None] | None = None
    advice: str = ""


def arrays_off() -> Ids:
    """Return the accounts whose array of projects differs from their rows."""
    rows = (
        AccountProject.objects.filter(account=OuterRef("pk"))
        .order_by()
        .values("account")
        .annotate(ids=ArrayAgg("project_id", ordering="project_id"))
        .values("ids")
    )
    kept = Coalesce(rows, Value([], output_field=Account._meta.get_field("project_ids")))
    accounts = Account.objects.unscoped().annotate(kept=kept)
    pairs = accounts.values_list("pk", "project_ids", "kept").order_by("pk")
    return [pk for pk, ids, kept in pairs.iterator() if sorted(ids) != kept]


def mend_arrays(ids: Ids) -> None:
    """Copy the rows into the array: a row has a foreign key, so its project exists."""
    for account in Account.objects.unscoped().filter(pk__in=ids).select_for_update():
        links = account.project_links.order_by("project_id")
        account.project_ids = list(links.values_list("project_id", flat=True))
        account.save(update_fields=["project_ids"])


def without_primary_contact() -> Ids:
    """Return the accounts that have contacts but no primary one."""
    led = Contact.objects.filter(account=OuterRef("account"), is_primary=True)
    rows = Contact.objects.filter(~Exists(led), account__isnull=False)
    return sorted(set(rows.values_list("account", flat=True)))


def without_primary_account() -> Ids:
    """Return (kind, ticket id) of the tickets that have links but no primary one."""
    found: set[tuple[str, int]] = set()
    for kind in TICKET_COLUMNS:
        led = TicketAccount.objects.filter(**{f"{kind}_id": OuterRef(f"{kind}_id")})
        rows = TicketAccount.objects.filter(~Exists(led.filter(is_primary=True)), kind=kind)
        found |= {(kind, ticket_id) for ticket_id in rows.values_list(f"{kind}_id", flat=True)}
    return sorted(found)


def private_without_creator() -> Ids:
    """Return the private accounts that nobody can see any more."""
    rows = Account.objects.unscoped().filter(is_private=True, created_by=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def adopt_private(person: Any) -> list[int]:
    """Make the person the creator of the private accounts whose creator is gone; return their ids.

    For the administrator of the server alone: nobody in the product can see that they exist.
    """
    with transaction.atomic():
        rows = Account.objects.unscoped().filter(is_private=True, created_by=None)
        accounts = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
        ids = [one.pk for one in accounts]
        Account.objects.unscoped().filter(pk__in=ids).update(
            created_by=person, version=F("version") + 1, modified_at=clock.now()
        )
        change = link_change("created_by", (None, ""), (person.pk, str(person.full_name)))
        acts = [(one, [change]) for one in accounts]
        record_history_many("account", acts, None, "update")
    return ids


def strange_keys() -> Ids:
    """Return the grants with keys that no kind has."""
    known = set(role_keys())
    rows = RoleGrant.objects.order_by("pk").values_list("pk", "keys")
    return [pk for pk, keys in rows if not known.issuperset(keys)]


def drop_strange_keys(ids: Ids) -> None:
    """Keep the known keys of the grants."""
    known = set(role_keys())
    for grant in RoleGrant.objects.filter(pk__in=ids).select_for_update():
        grant.keys = [key for key in grant.keys if key in known]
        grant.version += 1
        grant.save(update_fields=["keys", "version"])


PROMISES = (
    Promise("accounts whose list of projects differs from their rows", arrays_off, mend_arrays),
    Promise(
        "accounts with contacts but no primary contact", without_primary_contact, promote_contacts
    ),
    Promise("tickets with accounts but no primary one", without_primary_account, promote_links),
    Promise("roles with keys that no kind has", strange_keys, drop_strange_keys),
    Promise(
        "private accounts whose creator is gone, so that nobody sees them",
        private_without_creator,
        advice="give them to somebody with crm_adopt",
    ),
)


def mend(promise: Promise, ids: Iterable[Any]) -> None:
    """Repair the rows of one promise in a transaction."""
    if promise.mend is not None:
        with transaction.atomic():
            promise.mend(list(ids))
