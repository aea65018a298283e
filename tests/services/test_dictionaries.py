"""Dictionaries and user types: who keeps them, what is in use, what they give."""

import pytest
from asking import column, got
from records import (
    company,
    employee,
    fingerprint,
    give_keys,
    industry,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import make_user
from taiga_crm.models import UserType
from taiga_crm.permissions.keys import GLOBAL_KEYS

pytestmark = pytest.mark.django_db
PATHS = ("industries", "account-types", "contact-types")


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def keeper(api, project):
    person = make_worker(project, "keeper", verbs=["view"])
    give_keys(person, "manage_settings")
    return api(person)


@pytest.fixture
def root(api):
    return api(make_user("root", is_superuser=True))


@pytest.mark.feature("F113", "F161")
@pytest.mark.parametrize("path", PATHS)
def test_a_keeper_of_settings_adds_renames_and_removes_an_entry(keeper, path):
    row = got(keeper.post(path, {"name": "Brand new", "position": 3}), 201)
    assert (row["version"], row["_verbs"]) == (1, ["change", "delete"])
    changed = got(keeper.patch(f"{path}/{row['id']}", {"version": 1, "name": "Renamed"}))
    assert (changed["name"], changed["version"]) == ("Renamed", 2)
    assert "Renamed" in column(keeper, path)
    assert keeper.delete(f"{path}/{row['id']}").status_code == 204
    assert "Renamed" not in column(keeper, path)


@pytest.mark.parametrize("path", PATHS)
def test_without_the_key_a_dictionary_is_read_only(api, project, path):
    worker = api(make_worker(project))
    row, before = got(worker.get(path))[0], fingerprint()
    assert row["_verbs"] == []
    assert worker.post(path, {"name": "New"}).status_code == 403
    assert worker.patch(f"{path}/{row['id']}", {"version": 1, "name": "x"}).status_code == 403
    assert worker.delete(f"{path}/{row['id']}").status_code == 403
    assert fingerprint() == before


@pytest.mark.parametrize("path, make", [
    ("account-types", lambda p: make_account("Acme", p).type),
    ("contact-types", lambda p: make_contact(make_account("Acme", p)).type),
])  # fmt: skip
def test_a_type_in_use_is_409_and_stays(root, project, path, make):
    row, before = make(project), None
    before = fingerprint()
    answer = root.delete(f"{path}/{row.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert answer.json()["_error_message"] == "It is still in use."
    assert fingerprint() == before


def test_a_deleted_industry_leaves_its_accounts_without_one(root, project):
    row = industry("Ships")
    account = make_account("Acme", project, industry=row)
    shown = got(root.get(f"industries/{row.pk}/delete-preview"))
    assert [(one["entity"], one["count"]) for one in shown["unlinks"]] == [("account", 1)]
    assert root.delete(f"industries/{row.pk}").status_code == 204
    assert got(root.get(f"accounts/{account.pk}"))["industry"] is None


@pytest.mark.parametrize("path", [*PATHS, "user-types", "account-groups"])
def test_a_name_stands_once_and_is_needed(root, path):
    got(root.post(path, {"name": "Once"}), 201)
    before = fingerprint()
    twice = root.post(path, {"name": "Once"})
    assert (twice.status_code, twice.json()["code"]) == (409, "conflict")
    assert twice.json()["name"] == ["There is one with this value already."]
    assert got(root.post(path, {"name": " "}), 400) == {"name": ["This field is required."]}
    assert got(root.post(path, {}), 400) == {"name": ["This field is required."]}
    assert got(root.post(path, {"name": "x" * 101}), 400)["name"] == [
        "At most 100 characters, not 101."
    ]
    assert fingerprint() == before


def test_dictionaries_come_in_the_order_of_their_positions(root):
    for name, position in (("Zulu", 1), ("Alpha", 2), ("Mike", 1)):
        root.post("industries", {"name": f"{name} !", "position": position + 1000})
    assert column(root, "industries")[-3:] == ["Mike !", "Zulu !", "Alpha !"]


@pytest.mark.feature("F217")
def test_sales_user_types_are_there_from_the_start(root):
    rows = {row["name"]: row["keys"] for row in got(root.get("user-types"))}
    assert rows["Sales representative"] == []
    assert set(rows["Sales director"]) >= {"view_everything", "manage_targets"}
    # who reads the security log is for the superuser to decide
    assert set(rows["CRM administrator"]) == set(GLOBAL_KEYS) - {"manage_security"}


@pytest.mark.feature("F211", "F217")
def test_a_user_type_gives_its_members_global_keys_until_they_leave_it(api, root, project):
    make_account("Acme", project)
    person = make_user("director")
    row = got(root.post("user-types", {"name": "Boss", "keys": ["view_everything"],
                                       "members": [person.pk]}), 201)  # fmt: skip
    assert row["members"] == [{"id": person.pk, "label": "Director"}]
    assert column(api(person), "accounts") == ["Acme"]
    assert got(api(person).get("me"))["global_keys"] == ["view_everything"]
    path = f"user-types/{row['id']}"
    got(root.patch(path, {"version": 1, "members": []}))
    assert column(api(person), "accounts") == []


@pytest.mark.feature("F211")
def test_keys_of_a_user_type_come_from_the_list(root):
    told = got(root.post("user-types", {"name": "Boss", "keys": ["fly"]}), 400)
    assert told == {"keys": ["This is not one of the choices."]}
    assert not UserType.objects.filter(name="Boss").exists()


@pytest.mark.feature("F211")
def test_a_keeper_of_settings_does_not_see_or_change_user_types(keeper):
    row = UserType.objects.create(name="Boss")
    assert got(keeper.get("user-types")) == []
    assert keeper.get(f"user-types/{row.pk}").status_code == 404
    assert keeper.post("user-types", {"name": "Me"}).status_code == 403
    assert keeper.patch(f"user-types/{row.pk}", {"version": 1, "keys": []}).status_code == 404


@pytest.mark.parametrize("key, call, status", [
    ("view_everything", lambda c, a: c.get(f"accounts/{a.pk}"), 200),
    ("change_everything", lambda c, a: c.patch(f"accounts/{a.pk}", {"version": 1}), 200),
    ("delete_everything", lambda c, a: c.delete(f"accounts/{a.pk}"), 204),
    ("manage_settings", lambda c, a: c.post("industries", {"name": "New"}), 201),
])  # fmt: skip
def test_each_global_key_opens_its_own_door(api, project, key, call, status):
    account = make_account("Acme", project)
    holder, other = make_user("holder"), make_user("other")
    seeing = {"view_everything", key}
    give_keys(holder, *seeing)
    give_keys(other, *(set(GLOBAL_KEYS) - {key, "view_everything"}))
    before = fingerprint()
    assert call(api(other), account).status_code in (403, 404)
    assert fingerprint() == before
    assert call(api(holder), account).status_code == status


def test_a_contact_type_says_what_kind_of_relation_it_is(root):
    row = got(root.post("contact-types", {"name": "Adviser", "relation": "consultant"}), 201)
    assert row["relation"] == "consultant"
    told = got(root.post("contact-types", {"name": "Odd", "relation": "friend"}), 400)
    assert told == {"relation": ["This is not one of the choices."]}
    assert {company().name, employee().name} == {"Company", "Employee"}


@pytest.mark.parametrize("path", PATHS)
def test_who_is_in_the_crm_by_a_global_key_alone_reads_the_dictionaries(api, path):
    holder, stranger = make_user("holder"), make_user("stranger")
    give_keys(holder, "view_everything")
    assert got(api(holder).get(path)) != []
    assert got(api(stranger).get(path)) == []
