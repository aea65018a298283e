"""Contacts as people use them: types, one primary per account, moving, anonymizing."""

import json

import pytest
from asking import column, got, labels
from records import employee, fingerprint, make_account, make_contact

from taiga_crm import models

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(api, world):
    """Return the client of somebody who may add and change contacts."""
    return api(world.seller)


def primaries(account):
    """Return the names of the primary contacts of an account."""
    rows = models.Contact.objects.filter(account=account, is_primary=True)
    return list(rows.values_list("name", flat=True))


def new(client, account, last_name, **fields):
    """Create a contact of the account and return it."""
    body = {"account": account.pk, "type": employee().pk, "last_name": last_name, **fields}
    return got(client.post("contacts", body), 201)


@pytest.mark.feature("F130")
@pytest.mark.feature("F162")
@pytest.mark.feature("F227")
def test_a_new_employee_of_an_account_is_listed_with_it(seller, world):
    account = make_account("Acme", world.project)
    start = got(seller.get("contacts/new", {"project": world.project.pk}))
    assert start["type"]["relation"] == "employee"
    made = new(seller, account, "Nováková", first_name="Jana", job_title="CFO")
    assert made["name"] == "Jana Nováková"
    assert column(seller, "contacts", account=str(account.pk)) == ["Jana Nováková"]
    assert labels(seller, "contacts", "account") == ["Acme"]


@pytest.mark.feature("F160")
def test_a_contact_is_reached_by_mail_phone_and_messenger(seller, world):
    account = make_account("Acme", world.project)
    made = new(
        seller, account, "Kim", messenger="kim.skype", emails=["kim@acme.example"],
        phones=[{"value": "010-1234-5678", "type": "mobile"}],
    )  # fmt: skip
    seen = got(seller.get(f"contacts/{made['id']}"))
    assert (seen["email"], seen["phone"]) == ("kim@acme.example", "010-1234-5678")
    assert seen["messenger"] == "kim.skype"
    assert column(seller, "contacts", q="kim acme") == ["Kim"]


@pytest.mark.feature("F226")
def test_the_first_contact_is_primary_and_the_star_moves_it(seller, world):
    account = make_account("Acme", world.project)
    first, second = new(seller, account, "First"), new(seller, account, "Second")
    assert (first["is_primary"], second["is_primary"]) == (True, False)
    moved = got(seller.post(f"contacts/{second['id']}/make-primary"))
    assert moved["is_primary"] is True
    assert primaries(account) == ["Second"]


@pytest.mark.feature("F226")
def test_when_the_primary_contact_goes_the_oldest_follows(api, world):
    director = api(world.director)
    account = make_account("Acme", world.project)
    first = make_contact(account, "First")
    make_contact(account, "Second")
    make_contact(account, "Third")
    assert director.delete(f"contacts/{first.pk}").status_code == 204
    assert primaries(account) == ["Second"]


@pytest.mark.feature("F226")
def test_moving_a_contact_leaves_one_primary_on_both_accounts(seller, world):
    one, other = make_account("One", world.project), make_account("Other", world.project)
    moving = make_contact(one, "Moving")
    make_contact(one, "Staying")
    make_contact(other, "Present")
    body = {"version": 1, "account": other.pk}
    assert got(seller.patch(f"contacts/{moving.pk}", body))["is_primary"] is False
    assert (primaries(one), primaries(other)) == (["Staying"], ["Present"])


@pytest.mark.feature("F163")
def test_a_contact_of_somebody_else_is_not_cut_loose_where_one_would_not_find_it(seller, world):
    contact = make_contact(make_account("Acme", world.project), "Jana")
    before = fingerprint()
    refused = seller.patch(f"contacts/{contact.pk}", {"version": 1, "account": None})
    assert got(refused, 400) == {"account": ["Without an account you would not find it again."]}
    assert fingerprint() == before


@pytest.mark.feature("F161")
def test_contact_types_are_added_and_removed_but_not_while_in_use(api, world):
    keeper = api(world.superuser)
    added = got(keeper.post("contact-types", {"name": "Journalist", "relation": "other"}), 201)
    contact = make_contact(
        make_account("Acme", world.project), "Jana", type_id=added["id"], is_primary=False
    )
    assert keeper.delete(f"contact-types/{added['id']}").status_code == 409
    contact.delete()
    assert keeper.delete(f"contact-types/{added['id']}").status_code == 204


@pytest.mark.feature("F163")
def test_anonymizing_takes_the_person_out_of_record_search_and_history(api, world):
    account = make_account("Acme", world.project)
    director = api(world.director)
    made = new(
        director, account, "Zimmermann", first_name="Zoe", emails=["zoe@acme.example"],
        phones=["+420601123456"], notes="Likes tea", job_title="CFO",
    )  # fmt: skip
    got(director.patch(f"contacts/{made['id']}", {"version": 1, "first_name": "Zoé"}))
    gone = got(director.post(f"contacts/{made['id']}/anonymize"))
    assert gone["name"] == f"Anonymous {made['id']}"
    assert (gone["emails"], gone["phones"], gone["notes"]) == ([], [], "")
    assert gone["is_primary"] is True
    assert column(director, "contacts", q="zimmermann") == []
    history = got(director.get(f"contacts/{made['id']}/history"))
    assert [entry["verb"] for entry in history] == ["anonymize", "update", "create"]
    text = json.dumps(history) + json.dumps(gone)
    assert not [w for w in ("Zimmermann", "Zoe", "Zoé", "acme.example", "tea") if w in text]
    stored = list(
        models.HistoryEntry.objects.filter(kind="contact").values_list("label", "changes")
    )
    assert "Zimmermann" not in str(stored)


@pytest.mark.feature("F163")
def test_who_may_not_delete_may_not_anonymize(seller, world):
    contact = make_contact(make_account("Acme", world.project), "Jana")
    before = fingerprint()
    assert seller.post(f"contacts/{contact.pk}/anonymize").status_code == 403
    assert fingerprint() == before


@pytest.mark.feature("F160")
def test_a_contact_needs_a_name_and_a_project_of_its_account(seller, world):
    account = make_account("Acme", world.project)
    body = {"account": account.pk, "type": employee().pk}
    assert got(seller.post("contacts", body), 400) == {
        "last_name": ["A first or a last name is needed."]
    }
    outside = make_account("Global", is_global=True)
    refused = seller.post("contacts", {**body, "account": outside.pk, "last_name": "Kim"})
    assert got(refused, 400) == {"account": ["You may not add contacts to this account."]}
    assert models.Contact.objects.count() == 0
