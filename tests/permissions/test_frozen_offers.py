"""What screens offer on records of projects that the host has blocked or archived: nothing."""

import pytest
from asking import got
from records import (
    OUTSIDERS,
    make_account,
    make_attachment,
    make_contact,
    make_crm_project,
    make_outsider,
    make_worker,
)

from factories import make_user
from taiga_crm.models import Account, BinEntry, Comment, KeptApart
from taiga_crm.permissions.access import access_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocked():
    return make_crm_project("Zephyr", blocked_code="blocked-by-staff")


@pytest.fixture
def calm():
    return make_crm_project("Calm")


@pytest.fixture(params=OUTSIDERS)
def person(request, calm):
    return make_outsider(request.param, calm)


def offered(client, path):
    record = got(client.get(path))
    return record["_verbs"], record.get("_frozen", False)


def test_a_record_of_blocked_projects_alone_offers_nothing(api, person, blocked, calm):
    shut = make_account("Shut", blocked, account_manager=person)
    both = make_account("Both", calm, account_manager=person)
    Account.objects.filter(pk=both.pk).update(project_ids=sorted([calm.pk, blocked.pk]))
    loose = make_account("Loose", account_manager=person, created_by=person)
    client = api(person)
    rows = {row["id"]: row for row in got(client.get("accounts"))}
    assert (rows[shut.pk]["_verbs"], rows[shut.pk]["_frozen"]) == ([], True)
    for free in (both, loose):
        assert rows[free.pk]["_verbs"] == ["change", "delete"]
        assert "_frozen" not in rows[free.pk]
    assert offered(client, f"accounts/{shut.pk}") == ([], True)
    assert offered(client, f"accounts/{both.pk}") == (["change", "delete"], False)


def comment_verbs(client, path):
    return [one["_verbs"] for one in got(client.get(f"{path}/timeline?kinds=comments"))]


def test_the_parts_of_such_a_record_offer_nothing(api, person, blocked):
    account = make_account("Shut", blocked, account_manager=person)
    make_attachment(account)
    Comment.objects.create(kind="account", object_id=account.pk, text="Mine", author=person)
    client = api(person)
    path = f"accounts/{account.pk}"
    assert [one["_verbs"] for one in got(client.get(f"{path}/attachments"))] == [[]]
    assert comment_verbs(client, path) == [[]]
    assert {tuple(one["_verbs"]) for one in got(client.get(f"{path}/projects"))} <= {()}
    assert got(client.get(f"{path}/consents"))["_verbs"] == []
    type(blocked).objects.filter(pk=blocked.pk).update(blocked_code=None)
    client = api(type(person).objects.get(pk=person.pk))
    assert comment_verbs(client, path) == [["change", "delete"]]
    assert [one["_verbs"] for one in got(client.get(f"{path}/attachments"))] != [[]]
    assert got(client.get(f"{path}/consents"))["_verbs"] == ["add"]


def test_a_contact_follows_the_projects_of_its_account(api, blocked, calm):
    client = api(make_user(is_superuser=True))
    shut = make_contact(make_account("Shut", blocked), "Anna")
    free = make_contact(make_account("Free", calm), "Berta")
    assert offered(client, f"contacts/{shut.pk}") == ([], True)
    assert offered(client, f"contacts/{free.pk}") == (["change", "delete"], False)


def test_an_archived_project_is_frozen_too(api, calm):
    account = make_account("Acme", calm)
    client = api(make_user(is_superuser=True))
    assert offered(client, f"accounts/{account.pk}") == (["change", "delete"], False)
    type(calm).objects.filter(pk=calm.pk).update(archived_code="archived")
    client = api(make_user(is_superuser=True))
    assert offered(client, f"accounts/{account.pk}") == ([], True)


def test_me_tells_which_projects_are_frozen(api, blocked, calm):
    boss = make_user(is_superuser=True)
    member = make_worker(blocked, "member")
    told = {one["id"]: one for one in got(api(boss).get("me"))["projects"]}
    assert (told[blocked.pk]["is_frozen"], told[calm.pk]["is_frozen"]) == (True, False)
    assert told[blocked.pk]["verbs"]["account"] == ["view"]
    assert (told[blocked.pk]["tickets"], told[blocked.pk]["can_switch"]) == ([], False)
    assert "delete" in told[calm.pk]["verbs"]["account"]
    assert (told[calm.pk]["tickets"] != [], told[calm.pk]["can_switch"]) == (True, True)
    assert [one["is_frozen"] for one in got(api(member).get("me"))["projects"]] == [True]


def test_a_switched_off_project_can_be_frozen(blocked, calm):
    blocked.crm_settings.is_enabled = False
    blocked.crm_settings.save()
    assert access_of(make_user(is_superuser=True)).frozen == {blocked.pk}


@pytest.fixture
def thrown(api, blocked):
    """Return a superuser's client and what the bin has of an account of a blocked project."""
    type(blocked).objects.filter(pk=blocked.pk).update(blocked_code=None)
    boss = make_user(is_superuser=True)
    account = make_account("Shut", blocked)
    assert api(boss).delete(f"accounts/{account.pk}").status_code == 204
    type(blocked).objects.filter(pk=blocked.pk).update(blocked_code="blocked-by-staff")
    return api(type(boss).objects.get(pk=boss.pk)), BinEntry.objects.get()


def test_nothing_is_restored_into_a_blocked_project_or_thrown_away_for_good(thrown):
    client, entry = thrown
    for answer in (client.post(f"bin/{entry.pk}/restore"), client.delete(f"bin/{entry.pk}")):
        assert (answer.status_code, answer.json()["code"]) == (451, "project_blocked")
    told = got(client.post("bin/restore", {"kind": "account", "ids": [entry.object_id]}))
    assert [one.get("code") for one in told] == ["project_blocked"]
    assert got(client.post("bin/empty", {}))["purged"] == 0
    assert (BinEntry.objects.count(), Account.objects.count()) == (1, 0)


def test_emptying_throws_away_what_came_from_elsewhere(thrown, calm):
    client, entry = thrown
    for free in (make_account("Free", calm), make_account("Loose")):
        assert client.delete(f"accounts/{free.pk}").status_code == 204
    assert got(client.post("bin/empty", {}))["purged"] == 2
    assert BinEntry.objects.get().pk == entry.pk


def test_records_of_a_blocked_project_are_not_kept_apart(api, blocked):
    one, other = make_account("Acme", blocked), make_account("Acme", blocked)
    client = api(make_user(is_superuser=True))
    answer = client.post(f"accounts/{one.pk}/keep-apart", {"other": other.pk})
    assert (answer.status_code, KeptApart.objects.count()) == (451, 0)
