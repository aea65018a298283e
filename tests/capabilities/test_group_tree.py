"""The tree of groups with its counts, and members under field rules and in frozen projects."""

import pytest
from asking import column, got
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import make_account, make_crm_project, make_worker, role_of, set_rules

from factories import make_user
from taiga_crm.models import Account, AccountGroup, AccountGroupMember, HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_groups():
    AccountGroup.objects.all().delete()


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def client(api, worker):
    return api(worker)


def group(name, parent=None, **fields):
    return AccountGroup.objects.create(name=name, parent=parent, **fields)


def put(account, *groups):
    AccountGroupMember.objects.bulk_create(
        AccountGroupMember(account=account, group=one) for one in groups
    )


def counted(client, **params):
    rows = got(client.get("account-groups/tree", params))["rows"]
    return {one["name"]: (one.get("_own"), one.get("_whole")) for one in rows}


@pytest.mark.feature("F139")
def test_the_tree_tells_what_is_in_each_group_and_below_it_each_account_once(client, project):
    world = group("World", color="#112233", kind="country")
    europe = group("Europe", world, position=2)
    norway = group("Norway", europe)
    empty = group("Empty", world, position=1)
    put(make_account("Both", project), norway, europe)
    put(make_account("One", project), norway)
    put(make_account("Top", project), world)
    told = got(client.get("account-groups/tree"))
    assert told["truncated"] is False
    assert [(one["name"], (one["parent"] or {}).get("id")) for one in told["rows"]] == [
        ("Norway", europe.pk), ("World", None), ("Empty", world.pk), ("Europe", world.pk),
    ]  # fmt: skip
    assert (told["rows"][1]["color"], told["rows"][1]["kind"]) == ("#112233", "country")
    assert counted(client) == {
        "World": (1, 3), "Europe": (1, 2), "Norway": (2, 2), "Empty": (0, 0),
    }  # fmt: skip
    for one, whole in ((world, 3), (europe, 2), (norway, 2), (empty, 0)):
        assert len(column(client, "accounts", groups__below=str(one.pk))) == whole


def test_the_tree_counts_only_what_the_person_sees(api, client, worker, project):
    key, other = group("Key"), make_crm_project("Boreas")
    put(make_account("Mine", project), key)
    put(make_account("Elsewhere", other), key)
    put(make_account("Zq7xSecret", project, created_by=make_user(), is_private=True), key)
    assert counted(client) == {"Key": (1, 1)}
    assert counted(api(make_user("root", is_superuser=True))) == {"Key": (2, 2)}
    assert counted(api(make_worker(project, "blind", verbs=("add",)))) == {}
    assert api(make_user("stranger")).get("account-groups/tree").json()["rows"] == []


def test_the_tree_of_one_project_counts_its_accounts(api, project):
    key, other = group("Key"), make_crm_project("Boreas")
    put(make_account("Mine", project), key)
    put(make_account("Elsewhere", other), key)
    client = api(make_user("root", is_superuser=True))
    assert counted(client, project=project.pk) == {"Key": (1, 1)}
    assert client.get("account-groups/tree", {"project": 999_999}).status_code == 404
    assert client.get("account-groups/tree", {"project": "x"}).status_code == 400


def test_a_rule_that_hides_groups_hides_the_counts(client, worker, project):
    key = group("Key")
    put(make_account("Acme", project), key)
    state = str(Account.objects.get().type_id)
    set_rules("account", {"field": "groups", "effect": "hidden", "states": [state]})
    assert counted(client) == {"Key": (0, 0)}
    set_rules("account", {"field": "groups", "effect": "hidden", "roles": [role_of(worker)]})
    assert counted(client) == {"Key": (None, None)}
    path = f"account-groups/{key.pk}/members"
    assert client.post(path, {"add": [Account.objects.get().pk]}).status_code == 404


def test_the_tree_needs_as_many_queries_for_two_groups_as_for_forty(client, project):
    counts = []
    for number in (2, 38):
        for _ in range(number):
            put(make_account("", project), group(f"Group {AccountGroup.objects.count()}"))
        with CaptureQueriesContext(connection) as queries:
            got(client.get("account-groups/tree"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10  # savepoints of the test included


def test_a_circle_in_the_table_is_counted_and_not_walked_for_ever(client, project):
    one = group("One")
    two = group("Two", one)
    AccountGroup.objects.filter(pk=one.pk).update(parent=two)
    put(make_account("Acme", project), one)
    assert counted(client) == {"One": (1, 1), "Two": (0, 1)}


def test_where_groups_cannot_be_changed_members_stay(client, worker, project):
    key, account = group("Key"), make_account("Acme", project)
    path = f"account-groups/{key.pk}/members"
    state = str(account.type_id)
    rule = {"field": "groups", "effect": "read_only", "states": [state]}
    set_rules("account", rule)
    told = got(client.post(path, {"add": [account.pk]}))
    assert (told["added"], told["skipped"]) == (0, 1)
    assert told["results"][0]["errors"] == {"groups": ["You may not change this field."]}
    set_rules("account", {**rule, "states": []})
    assert client.post(path, {"add": [account.pk]}).status_code == 403
    assert (AccountGroupMember.objects.count(), HistoryEntry.objects.count()) == (0, 0)


def test_where_groups_are_hidden_an_answer_does_not_tell_who_is_in(client, project):
    key = group("Key")
    inside, outside = make_account("Inside", project), make_account("Outside", project)
    put(inside, key)
    state = str(inside.type_id)
    set_rules("account", {"field": "groups", "effect": "hidden", "states": [state]})
    for name in ("add", "remove"):
        told = got(client.post(f"account-groups/{key.pk}/members", {name: [inside.pk, outside.pk]}))
        assert (told["added"], told["removed"], told["skipped"]) == (0, 0, 2)
        assert {one["status"] for one in told["results"]} == {"refused"}
    assert list(AccountGroupMember.objects.values_list("account", flat=True)) == [inside.pk]


def test_the_last_group_stays_where_one_is_required(client, project):
    key, more = group("Key"), group("More")
    only, both = make_account("Only", project), make_account("Both", project)
    put(only, key)
    put(both, key, more)
    set_rules("account", {"field": "groups", "effect": "required"})
    told = got(client.post(f"account-groups/{key.pk}/members", {"remove": [only.pk, both.pk]}))
    assert [(one["id"], one["status"]) for one in told["results"]] == [
        (only.pk, "refused"), (both.pk, "removed"),
    ]  # fmt: skip
    assert told["results"][0]["errors"] == {"groups": ["This field is required."]}
    assert AccountGroupMember.objects.filter(group=key).count() == 1


def test_of_thousands_that_match_only_the_refused_are_named(api, project):
    key = group("Key")
    person = make_worker(project, "seller", scope="own")
    other = make_crm_project("Boreas")
    make_worker(other, user=person, verbs=("view",))
    make_account("Mine", project, account_manager=person)
    theirs = make_account("Theirs", other)
    told = got(api(person).post(f"account-groups/{key.pk}/members", {"matching": {}}))
    assert (told["added"], told["skipped"]) == (1, 1)
    assert [(one["id"], one["label"]) for one in told["results"]] == [(theirs.pk, "Theirs")]
