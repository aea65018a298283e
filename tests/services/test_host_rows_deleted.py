"""The host deletes tickets, projects, roles and people: nothing of the CRM breaks."""

import pytest
from asking import column, got
from records import (
    give_keys,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import MAKE_TICKET, make_user
from taiga_crm.models import (
    Account,
    AccountProject,
    Contact,
    Favorite,
    HistoryEntry,
    ProjectSettings,
    RoleGrant,
    TicketAccount,
    UserTypeMember,
)
from taiga_crm.registry.catalog import entities

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def root(api):
    return api(make_user("root", is_superuser=True))


def everything_answers(client, account, contact=None):
    """Walk lists, groups, exports, details and histories."""
    for entity in entities():
        for path in ("", "/groups", "/export.csv"):
            assert client.get(entity.path + path).status_code == 200
    for path in (f"accounts/{account.pk}", f"accounts/{account.pk}/history", "me", "search?q=a"):
        assert client.get(path).status_code == 200
    if contact is not None:
        assert client.get(f"contacts/{contact.pk}").status_code == 200


@pytest.mark.parametrize("in_bulk", [False, True])
@pytest.mark.parametrize("kind", sorted(MAKE_TICKET))
def test_a_deleted_ticket_takes_its_links_and_leaves_the_accounts(root, project, kind, in_bulk):
    ticket, account = MAKE_TICKET[kind](project), make_account("Acme", project)
    link(ticket, account)
    link(ticket, make_account("Bolt", project), primary=False)
    if in_bulk:
        type(ticket).objects.filter(project=project).delete()
    else:
        ticket.delete()
    assert (TicketAccount.objects.count(), Account.objects.count()) == (0, 2)
    everything_answers(root, account)


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_deleted_project_takes_its_links_and_leaves_the_accounts(root, project, in_bulk):
    other = make_crm_project("Boreas")
    account = make_account("Acme", project, other)
    contact = make_contact(account)
    for make in MAKE_TICKET.values():
        link(make(project), account)
    number = project.pk
    if in_bulk:
        type(project).objects.filter(pk=project.pk).delete()
    else:
        project.delete()
    assert TicketAccount.objects.count() == 0
    assert not ProjectSettings.objects.filter(project_id=number).exists()
    assert list(AccountProject.objects.values_list("project_id", flat=True)) == [other.pk]
    everything_answers(root, account, contact)
    shown = got(root.get(f"accounts/{account.pk}"))
    assert [one["label"] for one in shown["projects"]] == ["Boreas"]
    changed = got(root.patch(f"accounts/{account.pk}", {"version": 1, "projects": [other.pk]}))
    assert [one["label"] for one in changed["projects"]] == ["Boreas"]


def test_an_account_of_a_deleted_project_can_be_edited_and_moved_by_its_manager(api, project):
    other = make_crm_project("Boreas")
    worker = make_worker(other)
    account = make_account("Acme", project, account_manager=worker)
    project.delete()
    client, path = api(worker), f"accounts/{account.pk}"
    assert got(client.patch(path, {"version": 1, "city": "Oslo"}))["projects"] == []
    assert got(client.post(f"{path}/projects", {"project": other.pk}), 201)[0]["label"] == "Boreas"
    assert column(client, "accounts", project=other.pk) == ["Acme"]


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_deleted_person_leaves_records_without_him(root, project, in_bulk):
    person = make_worker(project, "leaver", user=make_user("leaver", full_name="Lea Ver"))
    give_keys(person, "view_everything")
    account = make_account("Acme", project, created_by=person, account_manager=person)
    contact = make_contact(account, created_by=person)
    link(MAKE_TICKET["issue"](project, assigned_to=person), account, created_by=person)
    Favorite.objects.create(user=person, kind="account", object_id=account.pk)
    HistoryEntry.objects.create(
        kind="account", object_id=account.pk, verb="update", actor=person, actor_name="Lea Ver"
    )
    if in_bulk:
        type(person).objects.filter(pk=person.pk).delete()
    else:
        person.delete()
    assert (Favorite.objects.count(), UserTypeMember.objects.count()) == (0, 0)
    shown = got(root.get(f"accounts/{account.pk}"))
    assert (shown["account_manager"], shown["created_by"], shown["version"]) == (None, None, 1)
    entry = got(root.get(f"accounts/{account.pk}/history"))[0]
    assert entry["actor"] == {"id": None, "label": "Lea Ver"}
    everything_answers(root, account, contact)
    assert column(root, "accounts", account_manager__empty="true") == ["Acme"]


def test_a_deleted_role_takes_its_grant_along(root, project):
    worker = make_worker(project)
    role = worker.memberships.get().role
    other = make_worker(project).memberships.get().role
    worker.memberships.update(role=other)
    role.delete()
    assert list(RoleGrant.objects.values_list("role_id", flat=True)) == [other.pk]
    rows = got(root.get(f"projects/{project.pk}/grants"))["roles"]
    assert [row["role"]["id"] for row in rows] == [other.pk]


def test_an_account_deleted_in_bulk_leaves_no_orphan(root, project):
    account, kept = make_account("Acme", project), make_account("Kept", project)
    make_contact(account)
    ticket = MAKE_TICKET["issue"](project)
    link(ticket, account)
    Account.objects.filter(pk=account.pk).delete()
    assert (Contact.objects.count(), TicketAccount.objects.count()) == (0, 0)
    assert AccountProject.objects.count() == 1
    everything_answers(root, kept)
