"""Accounts: naming by type, privacy, projects, the tree of sub-accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import announce
from taiga_crm.capabilities.copying import copy_values
from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.favorites import set_favorite
from taiga_crm.capabilities.history import links_change, record_history
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.capabilities.plain_edit import bump_version
from taiga_crm.host import current_host
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import CrmError, InvalidInput, NotVisible, Refused
from taiga_crm.models import Account, AccountProject, TicketAccount
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.decide import get_allowed
from taiga_crm.permissions.keys import CHANGE_EVERYTHING
from taiga_crm.permissions.projects import projects, require_room
from taiga_crm.registry.catalog import entity
from taiga_crm.services.account_names import complete_name
from taiga_crm.services.contacts import promote_oldest as promote_contacts
from taiga_crm.services.tickets import hold_tickets, led_tickets, promote_oldest
from taiga_crm.services.trees import find_place

MAX_DEPTH = 50


def prepare(draft: Draft) -> None:
    """Complete and check an account before it is written."""
    complete_name(draft)
    _privacy(draft)
    _parent(draft)
    _projects(draft)


def foresee(drafts: list[Draft]) -> None:
    """Ask the host once which projects cannot be written to, and which ones it still has."""
    wanted = {one for draft in drafts for one in draft.values.get("projects") or ()}
    access = access_of(drafts[0].user)
    found = {
        "closed": _closed(wanted, access) if wanted else {},
        "existing": _existing({one for draft in drafts for one in _unseen(draft, access)}),
    }
    for draft in drafts:
        assert draft.foreseen is not None
        draft.foreseen.update(found)


def written(drafts: list[Draft]) -> None:
    """Bring AccountProject in line with the array on the records."""
    placed = [draft for draft in drafts if "projects" in draft.values]
    now = clock.now()
    copy_values(
        AccountProject,
        ("account", "project", "created_at"),
        [
            (draft.record.pk, one, now)
            for draft in placed
            if draft.creating
            for one in draft.record.project_ids
        ],
    )
    _write_projects([draft.record for draft in placed if not draft.creating])


def removing(doomed: list[Account], actor: Any) -> Callable[[], None]:
    """Give the tickets that lose their primary account the next oldest one."""
    tickets = led_tickets(one.pk for one in doomed)
    return lambda: promote_oldest(tickets)


def restoring(pk: int, rows: Mapping[str, list[dict[str, Any]]]) -> Callable[[], None]:
    """Hold the tree and the tickets of the account; afterwards leave out projects that are gone."""
    lock_in_transaction("crm.account.tree", 0)
    links = rows.get(TicketAccount._meta.label_lower, [])
    tickets = hold_tickets((link["kind"], link[f"{link['kind']}_id"]) for link in links)

    def afterwards() -> None:
        account = Account.objects.get(pk=pk)
        account.project_ids = sorted(_existing(set(account.project_ids)))
        account.save(update_fields=["project_ids"])
        promote_oldest(tickets)

    return afterwards


def settle(ids: list[int]) -> None:
    """Keep one primary contact and one primary account of each ticket after rows were moved."""
    promote_contacts(ids)
    links = TicketAccount.objects.filter(account__in=ids).order_by("pk")
    promote_oldest(hold_tickets((link.kind, link.ticket_id) for link in links))


def favorite(account: Account, actor: Any, value: bool = True) -> Account:
    """Add to or take from the person's own favorites (F123); everybody who sees it may."""
    set_favorite("account", account, actor, value is True)
    return account


def add_project(pk: int, project_id: int, actor: Any) -> Account:
    """Add an account to a project where the person may add accounts (F131)."""
    with transaction.atomic():
        account = changeable(pk, actor)
        if not access_of(actor).holds("add_account", project_id):
            raise InvalidInput({"project": [_("Choose a project where you may add accounts.")]})
        if project_id not in account.project_ids:
            _require_writable({project_id}, access_of(actor))
            require_room({*account.project_ids, project_id}, "project")
            _set_projects(account, [*account.project_ids, project_id], actor)
    return account


def remove_project(pk: int, project_id: int, actor: Any) -> Account:
    """Take an account out of a project of the person."""
    with transaction.atomic():
        account = changeable(pk, actor)
        if project_id not in account.project_ids or not access_of(actor).is_member(project_id):
            raise NotVisible("The account is not in this project")
        if not _may_take_out(actor, project_id):
            raise Refused(_("You may not change accounts of this project."))
        _set_projects(account, [one for one in account.project_ids if one != project_id], actor)
    return account


def changeable(pk: int, actor: Any) -> Account:
    """Return an account locked for a change that the person may make; Refused otherwise."""
    account: Account = get_allowed(entity("account"), actor, "change", pk, lock=True)
    return account


def _privacy(draft: Draft) -> None:
    account = draft.record
    if account.is_private and account.is_global:
        raise InvalidInput({"is_private": [_("An account is private or global, not both.")]})
    wished = "is_private" in draft.values and account.is_private
    if wished and account.created_by_id != draft.user.pk:
        raise InvalidInput({"is_private": [_("Only the creator can make it private.")]})


def _parent(draft: Draft) -> None:
    account = draft.record
    if not account.parent_id or "parent" not in draft.values:
        return
    place = find_place(draft, "parent", MAX_DEPTH)
    if account.pk in place.above:
        raise InvalidInput({"parent": [_("An account cannot be below itself.")]})
    if place.is_too_deep(MAX_DEPTH):
        raise InvalidInput({"parent": [_("The tree of accounts is too deep.")]})


def _projects(draft: Draft) -> None:
    """Keep the projects the person cannot see; allow adding only where the role allows it."""
    account, access = draft.record, access_of(draft.user)
    if "projects" not in draft.values:
        if draft.creating:
            _require_place(draft)
        return
    before = set(draft.before("projects") or ())
    unseen = _unseen(draft, access)
    wanted = set(draft.values["projects"]) | (unseen & (draft.foreseen or {})["existing"])
    if any(not access.holds("add_account", one) for one in wanted - before):
        raise InvalidInput({"projects": [_("Choose a project where you may add accounts.")]})
    closed = (draft.foreseen or {}).get("closed", {})
    for one in sorted(wanted - before):
        if one in closed:
            raise closed[one]
    if any(not _may_take_out(draft.user, one) for one in before - unseen - wanted):
        raise InvalidInput({"projects": [_("You may not change accounts of this project.")]})
    require_room(wanted, "projects")
    account.project_ids = draft.values["projects"] = sorted(wanted)
    if draft.creating:
        _require_place(draft)


def _unseen(draft: Draft, access: Access) -> set[int]:
    """Return the stored projects that the person does not see, where others were sent."""
    before = draft.before("projects") if "projects" in draft.values else None
    return {one for one in before or () if not access.is_member(one)}


def _require_writable(project_ids: set[int], access: Access) -> None:
    for refusal in _closed(project_ids, access).values():
        raise refusal


def _closed(project_ids: set[int], access: Access) -> dict[int, CrmError]:
    """Ask the host only about projects that the person's memberships do not show as open."""
    doubtful = {one for one in project_ids if not access.finds_open(one)}
    found: dict[int, CrmError] = {}
    for project in projects().filter(pk__in=doubtful) if doubtful else ():
        try:
            current_host().check_writable(project)
        except CrmError as refusal:
            found[project.pk] = refusal
    return found


def _require_place(draft: Draft) -> None:
    """Nobody creates an account that only directors would find again."""
    access = access_of(draft.user)
    if draft.record.project_ids or access.has_key(CHANGE_EVERYTHING):
        return
    if draft.record.is_private and access.within is None:
        return
    raise InvalidInput({"projects": [_("Choose a project, or make the account private.")]})


def _may_take_out(actor: Any, project_id: int) -> bool:
    access = access_of(actor)
    if access.has_key(CHANGE_EVERYTHING) or project_id not in access.enabled:
        return True  # where the CRM is off, no role has keys: whoever changes the account may
    return access.holds("change_account", project_id)


def _set_projects(account: Account, project_ids: list[int], actor: Any) -> None:
    change = links_change("projects", account.project_ids, project_ids)
    account.project_ids = sorted(_existing(set(project_ids)))
    Account.objects.filter(pk=account.pk).update(project_ids=account.project_ids)
    _write_projects([account])
    bump_version(account)
    record_history("account", account, actor, "update", [change])
    announce(entity("account"), account, "change", actor, [change])


def _existing(project_ids: set[int]) -> set[int]:
    """Leave out projects that the host has deleted since; the array still names them."""
    if not project_ids:
        return set()
    return set(projects().filter(pk__in=project_ids).values_list("pk", flat=True))


def _write_projects(accounts: list[Account]) -> None:
    """Make the links of accounts those that their arrays name."""
    if not accounts:
        return
    wanted = {(one.pk, project) for one in accounts for project in one.project_ids}
    links = AccountProject.objects.filter(account__in=[one.pk for one in accounts])
    known = {(account, project): pk
             for pk, account, project in links.values_list("pk", "account", "project")}  # fmt: skip
    gone = [pk for pair, pk in known.items() if pair not in wanted]
    if gone:
        links.filter(pk__in=gone).delete()
    now, new = clock.now(), sorted(wanted - known.keys())
    columns = ("account", "project", "created_at")
    copy_values(AccountProject, columns, [(*pair, now) for pair in new])
