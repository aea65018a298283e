"""Choosing a record while typing."""

import pytest
from records import (
    company,
    industry,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project))


def found(client, path, **params):
    answer = client.get(f"{path}/lookup", params)
    assert answer.status_code == 200
    return answer.json()


def test_an_account_is_found_by_the_beginning_of_a_word_with_its_type_and_city(client, project):
    account = make_account("Blue Harbor", project, city="Oslo")
    make_account("Red Harvest", project)
    assert found(client, "accounts", q="harb blu") == [
        {"id": account.pk, "label": "Blue Harbor", "detail": "Company · Oslo"}
    ]


@pytest.mark.feature("F131")
@pytest.mark.parametrize("text", ["{}", "#{}"])
def test_an_account_is_found_by_its_number(client, project, text):
    account = make_account("Blue Harbor", project)
    make_account("Red Harvest", project)
    rows = found(client, "accounts", q=text.format(account.pk))
    assert [row["id"] for row in rows] == [account.pk]


def test_a_contact_is_found_with_its_account_and_job(client, project):
    contact = make_contact(make_account("Acme", project), "Turing", job_title="Buyer")
    assert found(client, "contacts", q="tur") == [
        {"id": contact.pk, "label": "Turing", "detail": "Acme · Buyer"}
    ]


def test_an_entry_of_a_dictionary_is_found_inside_its_name(client, project):
    entry = industry("Shipyards")
    assert found(client, "industries", q="pyard") == [
        {"id": entry.pk, "label": "Shipyards", "detail": ""}
    ]


def test_without_a_text_the_first_twenty_by_name_come(client, project):
    names = [f"Account {number:02}" for number in range(25)]
    for name in reversed(names):
        make_account(name, project)
    assert [row["label"] for row in found(client, "accounts")] == names[:20]


def test_a_lookup_in_a_project_leaves_other_projects_out(client, project):
    other = make_crm_project("Boreas")
    make_account("Global", other, is_global=True)
    inside = make_account("Inside", project)
    assert len(found(client, "accounts")) == 2
    assert [row["id"] for row in found(client, "accounts", project=project.pk)] == [inside.pk]


def test_an_account_type_is_found(client, project):
    assert company().pk in [row["id"] for row in found(client, "account-types", q="comp")]
