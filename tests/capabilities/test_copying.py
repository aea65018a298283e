"""Copies of records: a form that starts with another record's values."""

import pytest
from asking import got
from records import company, industry, make_account, make_crm_project, make_worker, set_rules

from factories import make_user
from taiga_crm.models import AccountGroup, AccountGroupMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project, "worker"))


@pytest.fixture
def acme(client, project):
    body = {
        "type": company().pk, "first_name": "Acme", "projects": [project.pk], "city": "Oslo",
        "industry": industry().pk, "employees": 12, "website": "https://acme.example",
        "annual_revenue": {"amount": "5", "currency": "EUR"}, "is_key": True,
        "emails": ["info@acme.example"], "phones": ["+420 777 123 456"],
        "vat_number": "CZ 1", "registration_number": "12",
    }  # fmt: skip
    return got(client.post("accounts", body), 201)


def copied(client, pk, **params):
    return got(client.get("accounts/new", {"copy": pk, **params}))


def body_of(values):
    """Send the values back as a form does."""

    def plain(value):
        if isinstance(value, list):
            return [plain(one) for one in value]
        return value["id"] if isinstance(value, dict) and "id" in value else value

    return {name: plain(value) for name, value in values.items()}


def test_a_copy_takes_everything_but_what_is_the_originals_own(client, project, acme):
    group = AccountGroup.objects.create(name="Zed")
    AccountGroupMember.objects.create(group=group, account_id=acme["id"])
    values = copied(client, acme["id"])
    assert not {"emails", "phones", "vat_number", "registration_number"} & set(values)
    assert not {"id", "version", "created_at", "created_by", "is_favorite", "email"} & set(values)
    same = ("first_name", "city", "industry", "employees", "annual_revenue", "website", "is_key")
    assert {name: values[name] for name in same} == {name: acme[name] for name in same}
    assert [one["id"] for one in values["groups"]] == [group.pk]
    made = got(client.post("accounts", body_of(values)), 201)
    assert (made["name"], made["vat_number"], made["emails"]) == ("Acme", "", [])
    assert [one["id"] for one in made["projects"]] == [project.pk]


def test_a_copy_has_no_more_than_the_person_sees_and_may_write(client, acme):
    set_rules(
        "account",
        {"field": "city", "effect": "hidden"},
        {"field": "employees", "effect": "read_only"},
        {"field": "industry", "effect": "hidden", "states": [str(company().pk)]},
        {"field": "annual_revenue", "effect": "read_only", "states": [str(company().pk)]},
    )
    values = copied(client, acme["id"])
    assert not {"city", "employees", "industry", "annual_revenue"} & set(values)
    got(client.post("accounts", body_of(values)), 201)


def test_a_hidden_record_and_none_answer_alike(client, project):
    secret = make_account("Zq7xSecret", project, created_by=make_user(), is_private=True)
    hidden, absent = (client.get("accounts/new", {"copy": pk}) for pk in (secret.pk, 999_999))
    assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_a_copy_of_a_word_in_a_list_has_no_name_yet(api):
    client = api(make_user(is_superuser=True))
    group = AccountGroup.objects.create(name="Zed", kind="country", color="#112233")
    values = got(client.get("account-groups/new", {"copy": group.pk}))
    assert ("name" in values, values["kind"], values["color"]) == (False, "country", "#112233")
