"""Accounts: types and names, global and private, favorites, the tree, connections, projects."""

import pytest
from asking import column, got
from records import (
    company,
    fingerprint,
    give_keys,
    make_account,
    make_crm_project,
    make_worker,
    personal,
)

from factories import make_project, make_user
from taiga_crm.models import AccountProject, AccountType, HistoryEntry

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
def root(api):
    return api(make_user("root", is_superuser=True))


def new(project, **fields):
    return {"type": company().pk, "first_name": "Acme", "projects": [project.pk], **fields}


def refused(client, method, path, body, status=400):
    before = fingerprint()
    answer = getattr(client, method)(path, body)
    assert answer.status_code == status, answer.content
    assert fingerprint() == before
    return answer.json()


@pytest.mark.feature("F112")
def test_three_account_types_are_there_from_the_start():
    rows = AccountType.objects.order_by("position").values_list(
        "name", "has_first_name", "has_last_name"
    )
    assert list(rows) == [
        ("Company", True, False),
        ("Personal", True, True),
        ("Account", True, False),
    ]


@pytest.mark.feature("F111")
def test_an_account_needs_a_type_and_the_form_starts_with_one(client, project):
    body = new(project)
    del body["type"]
    assert refused(client, "post", "accounts", body) == {"type": ["This field is required."]}
    shown = got(client.get("accounts/new", {"project": project.pk}))
    assert shown["projects"] == [{"id": project.pk, "label": "Aurora", "slug": "aurora"}]
    assert shown["type"]["label"] == "Company"


@pytest.mark.feature("F114")
def test_an_account_without_any_name_is_refused(client, project):
    body = new(project, first_name="  ")
    assert refused(client, "post", "accounts", body) == {"first_name": ["This field is required."]}
    account = make_account("Acme", project)
    path = f"accounts/{account.pk}"
    told = refused(client, "patch", path, {"version": 1, "first_name": ""})
    assert told == {"first_name": ["This field is required."]}


@pytest.mark.feature("F113")
def test_an_account_types_name_fields_can_be_managed(root, client, project):
    row = got(root.post("account-types", {"name": "Family", "has_first_name": False,
                                          "has_last_name": True}), 201)  # fmt: skip
    made = client.post("accounts", new(project, type=row["id"], first_name="", last_name="Doe"))
    assert got(made, 201)["name"] == "Doe"
    told = refused(client, "post", "accounts", new(project, type=row["id"]))
    assert list(told) == ["first_name"]


@pytest.mark.feature("F115")
@pytest.mark.parametrize("body", [{"has_first_name": False}, {"has_first_name": False,
                                                              "has_last_name": False}])  # fmt: skip
def test_a_type_without_any_name_field_is_refused(root, body):
    message = {"has_first_name": ["An account needs at least one name field."]}
    assert refused(root, "post", "account-types", {"name": "None", **body}) == message
    path = f"account-types/{company().pk}"
    told = refused(root, "patch", path, {"version": company().version, **body})
    assert told == message


@pytest.mark.feature("F113")
def test_a_name_field_that_accounts_use_is_not_switched_off(root, project):
    make_account("Ada", project, type=personal(), last_name="Lovelace")
    path = f"account-types/{personal().pk}"
    told = refused(root, "patch", path, {"version": personal().version, "has_last_name": False})
    assert told == {"has_last_name": ["Accounts of this type use this field."]}


def test_changing_to_a_type_without_a_last_name_keeps_it_in_history(client, project):
    body = new(project, type=personal().pk, first_name="Ada", last_name="Lovelace")
    row = got(client.post("accounts", body), 201)
    path = f"accounts/{row['id']}"
    changed = got(client.patch(path, {"version": 1, "type": company().pk}))
    assert (changed["name"], changed["last_name"]) == ("Ada", "")
    changes = got(client.get(f"{path}/history"))[0]["changes"]
    assert {(one["field"], one["old"], one["new"]) for one in changes} == {
        ("type", "Personal", "Company"),
        ("last_name", "Lovelace", ""),
    }


@pytest.mark.feature("F120")
def test_a_global_account_is_seen_by_every_crm_user_and_by_nobody_else(api, client, project):
    row = got(client.post("accounts", new(project, is_global=True)), 201)
    other = make_worker(make_crm_project("Boreas"), verbs=["view"])
    path = f"accounts/{row['id']}"
    assert got(api(other).get(path))["name"] == "Acme"
    assert column(api(other), "accounts") == ["Acme"]
    assert api(make_user()).get(path).status_code == 404
    assert api(make_worker(project, verbs=[])).get(path).status_code == 404
    refused(api(other), "patch", path, {"version": 1, "city": "x"}, 403)


@pytest.mark.feature("F121")
def test_a_private_account_is_seen_by_its_creator_alone(api, client, root, project):
    row = got(client.post("accounts", new(project, is_private=True)), 201)
    path = f"accounts/{row['id']}"
    assert column(client, "accounts") == ["Acme"]
    admin = make_worker(project, "second")
    for other in (root, api(admin)):
        assert other.get(path).status_code == 404
        assert column(other, "accounts") == []
        refused(other, "patch", path, {"version": 1, "city": "x"}, 404)
        refused(other, "delete", path, None, 404)


@pytest.mark.feature("F121")
def test_the_account_manager_does_not_see_a_private_account_of_somebody_else(api, worker, project):
    manager = make_worker(project)
    make_account("Acme", project, created_by=worker, is_private=True, account_manager=manager)
    assert column(api(manager), "accounts") == []


@pytest.mark.feature("F122")
def test_only_the_creator_makes_an_account_private(api, client, root, worker, project):
    account = make_account("Acme", project, created_by=worker)
    path, body = f"accounts/{account.pk}", {"version": 1, "is_private": True}
    message = {"is_private": ["Only the creator can make it private."]}
    assert refused(root, "patch", path, body) == message
    assert refused(api(make_worker(project)), "patch", path, body) == message
    assert got(client.patch(path, body))["is_private"] is True
    assert root.get(path).status_code == 404


@pytest.mark.feature("F121")
def test_a_creator_who_left_the_crm_does_not_see_his_private_account(api, client, worker, project):
    account = make_account("Acme", project, created_by=worker, is_private=True)
    worker.memberships.all().delete()
    assert api(worker).get(f"accounts/{account.pk}").status_code == 404


@pytest.mark.feature("F123")
def test_a_favorite_is_mine_alone_and_twice_is_once(api, client, project):
    account = make_account("Acme", project)
    path = f"accounts/{account.pk}/favorite"
    for _time in range(2):
        row = got(client.post(path, {"value": True}))
        assert (row["is_favorite"], row["version"]) == (True, 1)
    assert column(client, "accounts", is_favorite="true") == ["Acme"]
    assert column(api(make_worker(project)), "accounts", is_favorite="true") == []
    assert got(client.post(path, {"value": False}))["is_favorite"] is False
    assert HistoryEntry.objects.count() == 0


@pytest.mark.feature("F132")
def test_a_sub_account_names_its_parent_and_is_found_below_it(client, project):
    chief = make_account("Chief", project)
    row = got(client.post("accounts", new(project, parent=chief.pk)), 201)
    assert row["parent"] == {"id": chief.pk, "label": "Chief"}
    assert column(client, "accounts", parent=chief.pk) == ["Acme"]


@pytest.mark.feature("F132")
@pytest.mark.parametrize("depth", [0, 1, 2, 5])
def test_an_account_is_never_below_itself(client, project, depth):
    top = row = make_account("Top", project)
    for _number in range(depth):
        row = make_account("", project, parent=row)
    told = refused(client, "patch", f"accounts/{top.pk}", {"version": 1, "parent": row.pk})
    assert told == {"parent": ["An account cannot be below itself."]}


def test_a_tree_deeper_than_fifty_is_refused(client, project):
    row = None
    for _number in range(51):
        row = make_account("", project, parent=row)
    other = make_account("Other", project)
    told = refused(client, "patch", f"accounts/{other.pk}", {"version": 1, "parent": row.pk})
    assert told == {"parent": ["The tree of accounts is too deep."]}


@pytest.mark.feature("F133")
def test_a_connection_is_seen_from_both_sides_and_removed_from_either(client, project):
    one, two = make_account("One", project), make_account("Two", project)
    path = "accounts/{}/connections"
    body = {"account": two.pk, "note": "Supplier"}
    link = got(client.post(path.format(one.pk), body), 201)[0]
    assert (link["account"], link["note"]) == ({"id": two.pk, "label": "Two"}, "Supplier")
    other = got(client.get(path.format(two.pk)))
    assert [(row["id"], row["account"]["label"]) for row in other] == [(link["id"], "One")]
    assert client.delete(f"accounts/{two.pk}/connections/{link['id']}").status_code == 204
    assert got(client.get(path.format(one.pk))) == []
    assert refused(client, "post", path.format(one.pk), {"account": one.pk}) == {
        "account": ["Choose another account."]
    }


@pytest.mark.feature("F131")
def test_an_account_is_added_to_a_project_and_taken_out_again(client, worker, project):
    second = make_crm_project("Boreas")
    make_worker(second, user=worker)
    account = make_account("Acme", project)
    path = f"accounts/{account.pk}/projects"
    rows = got(client.post(path, {"project": second.pk}), 201)
    assert [row["label"] for row in rows] == ["Aurora", "Boreas"]
    account.refresh_from_db()
    assert (account.project_ids, account.version) == (sorted([project.pk, second.pk]), 2)
    assert column(client, "accounts", project=second.pk) == ["Acme"]
    assert client.delete(f"{path}/{second.pk}").status_code == 204
    assert AccountProject.objects.filter(account=account).count() == 1
    assert column(client, "accounts", project=second.pk) == []


@pytest.mark.feature("F131")
def test_projects_the_person_cannot_see_survive_his_change(client, worker, project):
    hidden = make_crm_project("Hidden")
    account = make_account("Acme", project, hidden, account_manager=worker)
    shown = got(client.patch(f"accounts/{account.pk}", {"version": 1, "projects": []}))
    assert shown["projects"] == []
    account.refresh_from_db()
    assert account.project_ids == [hidden.pk]


def test_an_account_may_be_handed_over_by_someone_who_sees_only_his_own(api, project):
    seller, other = make_worker(project, scope="own"), make_worker(project, scope="own")
    account = make_account("Acme", project, account_manager=seller)
    body = {"version": 1, "account_manager": other.pk}
    assert api(seller).patch(f"accounts/{account.pk}", body).status_code < 300
    assert api(seller).get(f"accounts/{account.pk}").status_code == 404
    account.refresh_from_db()
    assert account.account_manager_id == other.pk


def test_an_account_needs_a_place_unless_a_director_keeps_it(api, client, project):
    told = refused(client, "post", "accounts", new(project, projects=[]))
    assert told == {"projects": ["Choose a project, or make the account private."]}
    director = make_worker(project)
    give_keys(director, "view_everything", "change_everything")
    assert got(api(director).post("accounts", new(project, projects=[])), 201)["projects"] == []


def test_an_account_is_not_put_where_the_person_may_not_add(client, worker, project):
    second, off = make_crm_project("Boreas"), make_project("Nimbus")
    make_worker(second, user=worker, verbs=["view", "change"])
    make_worker(off, user=worker)
    account = make_account("Acme", project)
    for place in (second, off):
        told = refused(client, "post", "accounts", new(project, projects=[place.pk]))
        assert list(told) == ["projects"]
        told = refused(client, "post", f"accounts/{account.pk}/projects", {"project": place.pk})
        assert list(told) == ["project"]
