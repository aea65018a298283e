"""Accounts as people use them: types, names, privacy, favorites, projects, tree, connections."""

import pytest
from asking import column, got
from records import company, fingerprint, industry, make_account, make_contact, personal

from factories import make_member
from taiga_crm import models

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(api, world):
    """Return the client of somebody who may add and change accounts."""
    return api(world.seller)


def new(client, world, **fields):
    """Create an account of the project and return it."""
    body = {"type": company().pk, "first_name": "Acme", "projects": [world.project.pk], **fields}
    return got(client.post("accounts", body), 201)


@pytest.mark.feature("F111")
@pytest.mark.feature("F112")
def test_a_new_account_starts_with_the_first_of_the_three_types(seller, world):
    assert column(seller, "account-types") == ["Company", "Personal", "Account"]
    start = got(seller.get("accounts/new", {"project": world.project.pk}))
    assert start["type"]["label"] == "Company"
    assert start["account_manager"]["id"] == world.seller.pk
    assert [one["id"] for one in start["projects"]] == [world.project.pk]


@pytest.mark.feature("F111")
def test_an_account_without_a_type_is_refused_and_nothing_is_stored(seller, world):
    before = fingerprint()
    answer = seller.post("accounts", {"first_name": "Acme", "projects": [world.project.pk]})
    assert got(answer, 400) == {"type": ["This field is required."]}
    assert fingerprint() == before


@pytest.mark.feature("F114")
def test_a_person_has_two_names_and_a_company_one(seller, world):
    person = new(seller, world, type=personal().pk, first_name="Jana", last_name="Nováková")
    assert person["name"] == "Jana Nováková"
    firm = new(seller, world, first_name="주식회사 한빛")
    assert (firm["name"], firm["last_name"]) == ("주식회사 한빛", "")


@pytest.mark.feature("F113")
def test_a_name_field_that_the_type_disables_is_refused(seller, world):
    body = {"type": company().pk, "first_name": "Acme", "last_name": "Inc",
            "projects": [world.project.pk]}  # fmt: skip
    refused = got(seller.post("accounts", body), 400)
    assert refused == {"last_name": ["This account type does not have this field."]}


@pytest.mark.feature("F113")
@pytest.mark.feature("F115")
def test_a_type_keeps_one_name_field_and_those_that_accounts_use(api, world):
    keeper = api(world.superuser)
    body = {"name": "Nameless", "has_first_name": False, "has_last_name": False}
    assert got(keeper.post("account-types", body), 400) == {
        "has_first_name": ["An account needs at least one name field."]
    }
    make_account("Acme", world.project)
    body = {"version": company().version, "has_first_name": False, "has_last_name": True}
    refused = got(keeper.patch(f"account-types/{company().pk}", body), 400)
    assert refused == {"has_first_name": ["Accounts of this type use this field."]}
    renamed = keeper.patch(f"account-types/{personal().pk}", {"version": 1, "name": "Person"})
    assert got(renamed)["name"] == "Person"


@pytest.mark.feature("F116")
@pytest.mark.feature("F223")
def test_all_standard_fields_are_stored_and_come_back(seller, world):
    sent = {
        "organisation": "Acme Group", "emails": ["info@acme.example", "sales@acme.example"],
        "phones": [{"value": "+420 601 123 456", "type": "mobile"}], "street": "Dlouhá 1",
        "city": "Praha", "postal_code": "110 00", "country": "cz", "vat_number": "CZ12345678",
        "registration_number": "12345678", "industry": industry("Software").pk,
        "website": "https://acme.example", "employees": 12, "founded_year": 1999,
        "annual_revenue": {"amount": "1234.505", "currency": "EUR"}, "is_key": True,
        "description": "First line\nsecond line",
    }  # fmt: skip
    stored = got(seller.get(f"accounts/{new(seller, world, **sent)['id']}"))
    same = ("organisation", "street", "city", "postal_code", "vat_number", "website", "employees",
            "registration_number", "founded_year", "is_key", "description")  # fmt: skip
    assert {name: stored[name] for name in same} == {name: sent[name] for name in same}
    assert stored["country"] == "CZ"
    assert stored["industry"]["label"] == "Software"
    assert stored["annual_revenue"] == {"amount": "1234.51", "currency": "EUR"}
    assert [(one["value"], one["is_primary"]) for one in stored["emails"]] == [
        ("info@acme.example", True),
        ("sales@acme.example", False),
    ]
    assert (stored["email"], stored["phone"]) == ("info@acme.example", "+420 601 123 456")
    assert models.AccountPhone.objects.get().key == "+420601123456"


@pytest.mark.feature("F122")
def test_only_the_creator_makes_an_account_private(api, seller, world):
    account = new(seller, world)
    refused = api(world.director).patch(
        f"accounts/{account['id']}", {"version": 1, "is_private": True}
    )
    assert got(refused, 400) == {"is_private": ["Only the creator can make it private."]}
    hidden = seller.patch(f"accounts/{account['id']}", {"version": 1, "is_private": True})
    assert got(hidden)["is_private"] is True
    assert api(world.superuser).get(f"accounts/{account['id']}").status_code == 404


@pytest.mark.feature("F120")
@pytest.mark.feature("F122")
def test_an_account_is_private_or_global_but_not_both(seller, world):
    body = {"type": company().pk, "first_name": "Acme", "projects": [world.project.pk],
            "is_private": True, "is_global": True}  # fmt: skip
    refused = got(seller.post("accounts", body), 400)
    assert refused == {"is_private": ["An account is private or global, not both."]}


@pytest.mark.feature("F123")
def test_my_accounts_are_mine_alone(api, seller, world):
    account = new(seller, world)
    new(seller, world, first_name="Other")
    starred = seller.post(f"accounts/{account['id']}/favorite", {"value": True})
    assert got(starred)["is_favorite"] is True
    got(seller.post(f"accounts/{account['id']}/favorite", {"value": True}))
    assert column(seller, "accounts", is_favorite="true") == ["Acme"]
    assert column(api(world.director), "accounts", is_favorite="true") == []
    got(seller.post(f"accounts/{account['id']}/favorite", {"value": False}))
    assert models.Favorite.objects.count() == 0


@pytest.mark.feature("F126")
@pytest.mark.feature("F224")
def test_one_field_is_edited_and_the_history_tells_from_what_to_what(seller, world):
    account = new(seller, world, city="Brno")
    edited = got(seller.patch(f"accounts/{account['id']}", {"version": 1, "city": "Praha"}))
    assert (edited["city"], edited["version"]) == ("Praha", 2)
    newest = got(seller.get(f"accounts/{account['id']}/history"))[0]
    assert newest["actor"]["id"] == world.seller.pk
    assert newest["changes"] == [{"field": "city", "label": "City", "old": "Brno", "new": "Praha"}]


@pytest.mark.feature("F126")
def test_saving_what_is_stored_already_changes_nothing(seller, world):
    account = new(seller, world, city="Brno", emails=["a@acme.example"])
    before = fingerprint()
    body = {"version": 1, "city": "Brno", "emails": [{"value": "a@acme.example"}]}
    assert got(seller.patch(f"accounts/{account['id']}", body))["version"] == 1
    assert fingerprint() == before


@pytest.mark.feature("F127")
def test_deleting_tells_first_what_goes_and_what_only_loses_its_link(api, world):
    director = api(world.director)
    account = make_account("Acme", world.project)
    make_contact(account, "Jana")
    child = make_account("Acme Child", world.project, parent=account)
    preview = got(director.get(f"accounts/{account.pk}/delete-preview"))
    assert [(one["entity"], one["count"], one["sample"]) for one in preview["deletes"]] == [
        ("contact", 1, ["Jana"])
    ]
    assert [(one["entity"], one["count"], one["sample"]) for one in preview["unlinks"]] == [
        ("account", 1, ["Acme Child"])
    ]
    assert director.delete(f"accounts/{account.pk}").status_code == 204
    child.refresh_from_db()
    assert child.parent_id is None
    assert models.Contact.objects.count() == 0
    assert models.HistoryEntry.objects.filter(verb="delete", object_id=account.pk).count() == 1


@pytest.mark.feature("F127")
def test_a_type_in_use_is_not_deleted_and_says_what_uses_it(api, world):
    keeper = api(world.superuser)
    make_account("Acme", world.project)
    blocks = got(keeper.get(f"account-types/{company().pk}/delete-preview"))["blocks"]
    assert [(one["entity"], one["count"]) for one in blocks] == [("account", 1)]
    before = fingerprint()
    assert got(keeper.delete(f"account-types/{company().pk}"), 409)["code"] == "wrong_state"
    assert fingerprint() == before


@pytest.mark.feature("F132")
def test_a_sub_account_shows_below_its_parent_and_never_above(seller, world):
    parent = new(seller, world, first_name="Parent")
    child = new(seller, world, first_name="Child", parent=parent["id"])
    assert column(seller, "accounts", parent=str(parent["id"])) == ["Child"]
    refused = seller.patch(f"accounts/{parent['id']}", {"version": 1, "parent": child["id"]})
    assert got(refused, 400) == {"parent": ["An account cannot be below itself."]}


@pytest.mark.feature("F133")
def test_two_accounts_are_connected_once_and_see_each_other(seller, world):
    one, other = new(seller, world, first_name="One"), new(seller, world, first_name="Other")
    got(
        seller.post(f"accounts/{one['id']}/connections", {"account": other["id"], "note": "x"}), 201
    )
    got(
        seller.post(f"accounts/{other['id']}/connections", {"account": one["id"], "note": "y"}), 201
    )
    assert models.AccountConnection.objects.count() == 1
    (seen,) = got(seller.get(f"accounts/{other['id']}/connections"))
    assert (seen["account"], seen["note"]) == ({"id": one["id"], "label": "One"}, "y")
    itself = seller.post(f"accounts/{one['id']}/connections", {"account": one["id"]})
    assert got(itself, 400) == {"account": ["Choose another account."]}
    gone = seller.delete(f"accounts/{one['id']}/connections/{seen['id']}")
    assert gone.status_code == 204
    assert got(seller.get(f"accounts/{other['id']}/connections")) == []


@pytest.mark.feature("F131")
def test_nobody_creates_an_account_that_he_would_not_find_again(seller, world):
    before = fingerprint()
    refused = got(seller.post("accounts", {"type": company().pk, "first_name": "Lost"}), 400)
    assert refused == {"projects": ["Choose a project, or make the account private."]}
    assert fingerprint() == before


@pytest.mark.feature("F212")
def test_who_sees_only_his_own_may_hand_an_account_over_and_is_told_that_it_is_gone(api, world):
    owner = api(world.owner)
    account = make_account("Acme", world.project, account_manager=world.owner)
    body = {"version": 1, "account_manager": world.director.pk}
    assert got(owner.patch(f"accounts/{account.pk}", body)) == {
        "id": account.pk,
        "_verbs": [],
        "out_of_sight": True,
    }
    account.refresh_from_db()
    assert account.account_manager_id == world.director.pk
    assert owner.get(f"accounts/{account.pk}").status_code == 404


@pytest.mark.feature("F131")
def test_an_account_leaves_a_project_whose_crm_is_off(seller, world):
    account = make_account("Acme", world.project, world.other_project)
    make_member(world.other_project, world.seller)
    gone = seller.delete(f"accounts/{account.pk}/projects/{world.other_project.pk}")
    assert gone.status_code == 204
    account.refresh_from_db()
    assert account.project_ids == [world.project.pk]


@pytest.mark.feature("F217")
def test_the_same_members_in_another_order_are_no_change(api, world):
    keeper = api(world.superuser)
    people = [world.seller.pk, world.director.pk]
    made = got(keeper.post("user-types", {"name": "Team", "members": people}), 201)
    before = fingerprint()
    again = {"version": 1, "members": people[::-1]}
    assert got(keeper.patch(f"user-types/{made['id']}", again))["version"] == 1
    assert fingerprint() == before
