"""Account groups: a tree, several per account, members added and removed as a difference."""

import json

import pytest
from asking import column, exported, got
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import give_keys, make_account, make_crm_project, make_worker

from factories import make_user
from taiga_crm.models import Account, AccountGroup, AccountGroupMember, HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def client(api, worker):
    return api(worker)


@pytest.fixture
def keeper(api):
    person = make_user("keeper")
    give_keys(person, "manage_settings", "view_everything")
    return api(person)


def group(name, **fields):
    return AccountGroup.objects.create(name=name, **fields)


def put(account, *groups):
    AccountGroupMember.objects.bulk_create(
        AccountGroupMember(account=account, group=one) for one in groups
    )


def summed(told):
    return told["added"], told["removed"], told["skipped"]


@pytest.mark.feature("F225")
def test_an_installation_starts_with_the_groups_by_type(client):
    shown = got(client.get("account-groups"))
    assert [one["name"] for one in shown] == [
        "Key", "Important", "Special", "Potential", "Supplier",
    ]  # fmt: skip
    assert {one["kind"] for one in shown} == {"customer_type"}


@pytest.mark.feature("F119")
def test_an_account_is_put_into_groups_on_its_form_and_shows_them(client, project):
    key, other = group("A key", color="#112233"), group("B other")
    account = make_account("Acme", project)
    body = {"version": 1, "groups": [other.pk, key.pk]}
    saved = got(client.patch(f"accounts/{account.pk}", body))
    assert saved["groups"] == [
        {"id": key.pk, "label": "A key", "color": "#112233"},
        {"id": other.pk, "label": "B other", "color": ""},
    ]
    shown = got(client.get(f"accounts/{account.pk}/history"))[0]["changes"]
    assert [(one["field"], one["old"], one["new"]) for one in shown] == [
        ("groups", "", "A key, B other")
    ]
    assert got(client.get("accounts", {"fields": "groups"}))[0]["groups"] == saved["groups"]
    assert exported(client, "accounts", fields="name,groups")[1] == ["Acme", "A key, B other"]
    refused = client.patch(f"accounts/{account.pk}", {"version": 2, "groups": [999_999]})
    assert list(refused.json()) == ["groups"]


@pytest.mark.feature("F139")
def test_filters_find_members_of_a_group_and_of_those_below(client, project):
    world = group("World")
    europe = group("Europe", parent=world)
    norway = group("Norway", parent=europe)
    for name, groups in [("W", [world]), ("N", [norway, world]), ("E", [europe]), ("None", [])]:
        put(make_account(name, project), *groups)
    for data, names in [
        (["groups", "exact", world.pk], ["N", "W"]),
        (["groups", "exact", [europe.pk, norway.pk]], ["E", "N"]),
        (["groups", "below", world.pk], ["E", "N", "W"]),
        (["groups", "below", [norway.pk, europe.pk]], ["E", "N"]),
        (["groups", "not", world.pk], ["E", "None"]),
        (["groups", "empty", True], ["None"]),
        (["groups", "empty", False], ["E", "N", "W"]),
        ({"not": ["groups", "below", europe.pk]}, ["None", "W"]),
        ({"any": [["groups", "exact", europe.pk], ["name", "exact", "W"]]}, ["E", "W"]),
    ]:
        assert column(client, "accounts", tree=json.dumps(data)) == names, data
    assert column(client, "accounts", groups__below=str(world.pk)) == ["E", "N", "W"]
    assert column(client, "account-groups", parent__below=str(world.pk)) == ["Europe", "Norway"]


@pytest.mark.feature("F139")
def test_an_account_in_two_groups_counts_in_both_and_once_in_the_total(client, project):
    one, two = group("One"), group("Two")
    put(make_account("Both", project, employees=5), one, two)
    put(make_account("Single", project, employees=2), one)
    make_account("None", project, employees=1)
    found = got(client.get("accounts/groups", {"group_by": "groups"}))
    assert [(g["label"], g["count"], g["totals"]["employees"]) for g in found["groups"]] == [
        ("One", 2, 7), ("Two", 1, 5), ("(empty)", 1, 1),
    ]  # fmt: skip
    assert (found["count"], found["totals"]["employees"]) == (3, 8)
    for shown in found["groups"]:
        assert len(column(client, "accounts", **shown["filter"])) == shown["count"]


def test_sorting_by_groups_goes_by_their_names(client, project):
    first, last = group("Alpha"), group("Zulu")
    put(make_account("One", project), last)
    put(make_account("Two", project), first, last)
    make_account("Three", project)
    assert column(client, "accounts", sort="groups") == ["Two", "One", "Three"]
    assert column(client, "accounts", sort="-groups") == ["One", "Two", "Three"]


@pytest.mark.feature("F134")
def test_members_are_added_and_removed_as_a_difference_with_history(client, project):
    key = group("Zed")
    stays, goes, comes = (make_account(name, project) for name in ("Stays", "Goes", "Comes"))
    put(stays, key)
    put(goes, key, group("Another"))
    body = {"add": [comes.pk, stays.pk], "remove": [goes.pk]}
    told = got(client.post(f"account-groups/{key.pk}/members", body))
    assert summed(told) == (1, 1, 0)
    assert {one["id"]: one["status"] for one in told["results"]} == {
        comes.pk: "added", stays.pk: "unchanged", goes.pk: "removed",
    }  # fmt: skip
    assert column(client, "accounts", groups=key.pk) == ["Comes", "Stays"]
    assert HistoryEntry.objects.count() == 2
    changes = got(client.get(f"accounts/{goes.pk}/history"))[0]["changes"]
    assert (changes[0]["old"], changes[0]["new"]) == ("Zed, Another", "Another")
    assert Account.objects.get(pk=comes.pk).version == 2
    assert Account.objects.get(pk=stays.pk).version == 1
    again = got(client.post(f"account-groups/{key.pk}/members", body))
    assert summed(again) == (0, 0, 0)
    assert HistoryEntry.objects.count() == 2


@pytest.mark.feature("F225")
def test_all_matching_accounts_are_added_or_removed_at_once(client, project):
    key = group("Zed")
    for number in range(30):
        make_account(f"Account {number}", project, city="Oslo" if number % 2 else "")
    body = {"matching": {"city": "Oslo"}}
    assert got(client.post(f"account-groups/{key.pk}/members", body))["added"] == 15
    body = {"matching": {"q": "account"}, "value": False}
    assert got(client.post(f"account-groups/{key.pk}/members", body))["removed"] == 15
    for matching in ("city", [], {"city": 5}, {"unknown": "x"}):
        answer = client.post(f"account-groups/{key.pk}/members", {"matching": matching})
        assert answer.status_code == 400, matching


def test_more_matching_accounts_than_the_cap_are_refused(client, project, monkeypatch):
    from taiga_crm.capabilities import membership

    monkeypatch.setattr(membership, "MAX_MATCHING", 3)
    for number in range(4):
        make_account(f"Account {number}", project)
    body = {"matching": {}}
    told = got(client.post(f"account-groups/{group('Zed').pk}/members", body), 400)
    assert list(told) == ["matching"]
    assert AccountGroupMember.objects.count() == 0


def test_members_that_are_hidden_or_absent_get_one_answer_and_nothing_is_written(
    api, client, worker, project
):
    key = group("Zed")
    other = make_worker(project, "other")
    hidden = make_account("Zq7xSecret", project, created_by=other, is_private=True)
    open_one = make_account("Open", project)
    path = f"account-groups/{key.pk}/members"
    for name in ("add", "remove"):
        one = client.post(path, {name: [hidden.pk, open_one.pk]})
        two = client.post(path, {name: [999_999, open_one.pk]})
        assert (one.status_code, one.content) == (400, two.content)
    assert AccountGroupMember.objects.count() == 0
    for ids in ("x", [True], ["1"], [0], list(range(1, 502))):
        assert client.post(path, {"add": ids}).status_code == 400
    both = {"add": [open_one.pk], "remove": [open_one.pk]}
    assert list(got(client.post(path, both), 400)) == ["remove"]
    got(api(other).post(path, {"add": [hidden.pk]}))
    assert column(client, "accounts", groups=key.pk) == []
    assert column(api(other), "accounts", groups=key.pk) == ["Zq7xSecret"]


def test_what_a_person_may_only_see_is_skipped(api, project, worker):
    key = group("Zed")
    account = make_account("Acme", project)
    viewer = api(make_worker(project, "viewer", verbs=("view",)))
    told = got(viewer.post(f"account-groups/{key.pk}/members", {"add": [account.pk]}))
    assert summed(told) == (0, 0, 1)
    assert told["results"] == [{
        "id": account.pk, "status": "refused", "code": "permission_denied", "label": "Acme",
        "message": "You may not do this.",
    }]  # fmt: skip
    assert AccountGroupMember.objects.count() == 0


@pytest.mark.feature("F139")
def test_circles_and_trees_that_are_too_deep_are_refused(keeper):
    top = group("Top")
    middle = group("Middle", parent=top)
    low = group("Low", parent=middle)
    for below in (top, middle, low):
        answer = keeper.patch(f"account-groups/{top.pk}", {"version": 1, "parent": below.pk})
        assert (answer.status_code, list(answer.json())) == (400, ["parent"])
    assert AccountGroup.objects.get(pk=top.pk).parent is None
    for number in range(17):
        low = group(f"Deeper {number}", parent=low)
    got(keeper.patch(f"account-groups/{group('Alone').pk}", {"version": 1, "parent": low.pk}), 400)
    got(keeper.patch(f"account-groups/{low.pk}", {"version": 1, "parent": None}))


def test_deleting_a_group_tells_its_members_and_unlinks_them(keeper, client, api, project):
    key = group("Zed")
    owner = make_worker(project, "owner")
    put(make_account("Acme", project), key)
    put(make_account("Zq7xSecret", project, created_by=owner, is_private=True), key)
    child = group("Below", parent=key)
    seen = got(keeper.get(f"account-groups/{key.pk}/delete-preview"))
    assert [(one["entity"], one["count"], one["sample"]) for one in seen["unlinks"]] == [
        ("account_group", 1, ["Below"]), ("account", 1, ["Acme"]),
    ]  # fmt: skip
    assert client.delete(f"account-groups/{key.pk}").status_code == 403
    assert keeper.delete(f"account-groups/{key.pk}").status_code == 204
    assert AccountGroupMember.objects.count() == 0
    assert AccountGroup.objects.get(pk=child.pk).parent is None
    assert Account.objects.count() == 2


def test_changing_members_needs_as_many_queries_for_two_as_for_twenty(client, project):
    counts = []
    for number in (2, 20):
        ids = [make_account("", project).pk for _ in range(number)]
        key = group(f"Group {number}")
        with CaptureQueriesContext(connection) as queries:
            got(client.post(f"account-groups/{key.pk}/members", {"add": ids}))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25
