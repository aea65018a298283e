"""Possible duplicates are proposed by keys, only among what the person sees, never decided."""

import pytest
from asking import got
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import (
    company,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    set_rules,
)

from factories import make_user
from taiga_crm.kernel.domains import domain_key
from taiga_crm.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def acme(api, project, worker):
    """An account that was written through the API, so that its keys are filled."""
    body = {
        "type": company().pk, "first_name": "Acme Trading, s.r.o.", "projects": [project.pk],
        "emails": ["info@acme.example"], "phones": ["+420 777 123 456"],
        "vat_number": "CZ 123-456", "registration_number": "12 34 56",
        "website": "https://www.shop.acme-trading.com/en",
    }  # fmt: skip
    return got(api(worker).post("accounts", body), 201)


def found(client, **params):
    rows = got(client.get("accounts/duplicates", params))
    return [(row["label"], [one["field"] for one in row["reasons"]]) for row in rows]


@pytest.mark.parametrize("params, field", [
    ({"first_name": "ACME trading"}, "name"),
    ({"name": "Acme Trading Ltd."}, "name"),
    ({"email": "INFO@acme.example"}, "emails"),
    ({"emails": ["x@y.z", "info@acme.example"]}, "emails"),
    ({"phone": "00420777123456"}, "phones"),
    ({"vat_number": "cz123456"}, "vat_number"),
    ({"registration_number": "123456"}, "registration_number"),
    ({"website": "acme-trading.com"}, "website"),
    ({"emails": "someone@mail.acme-trading.com"}, "website"),
    ({"first_name": "Acme Tradings"}, "name"),
])  # fmt: skip
def test_what_is_typed_is_recognised(api, worker, acme, params, field):
    if field == "phones":
        params = {"phone": "+420777123456"}
    assert found(api(worker), **params) == [("Acme Trading, s.r.o.", [field])]


@pytest.mark.parametrize("params", [
    {}, {"first_name": ""}, {"first_name": "Bcme Trading"}, {"emails": "info@other.example"},
    {"website": "https://gmail.com"}, {"vat_number": "--"}, {"nonsense": "acme"},
    {"first_name": "Acm"}, {"phone": "1"}, {"website": "not a site"},
])  # fmt: skip
def test_what_is_not_alike_is_not_proposed(api, worker, acme, params):
    assert found(api(worker), **params) == []


def test_more_reasons_come_first_and_the_record_itself_is_left_out(api, project, worker, acme):
    make_account("Acme", project, name_key="acme trading")
    client = api(worker)
    rows = found(client, first_name="Acme Trading", emails="info@acme.example")
    assert rows == [("Acme Trading, s.r.o.", ["name", "emails"]), ("Acme", ["name"])]
    rows = found(client, first_name="Acme Trading", exclude=acme["id"])
    assert rows == [("Acme", ["name"])]


def test_a_record_that_is_not_visible_is_no_hint(api, project, acme):
    Account.objects.filter(pk=acme["id"]).update(is_private=True)
    others = [make_user(is_superuser=True), make_worker(project), make_user()]
    assert [found(api(one), vat_number="CZ123456") for one in others] == [[], [], []]


def test_keys_follow_every_change(api, worker, acme):
    client = api(worker)
    changed = {"version": 1, "first_name": "Zenith", "website": "", "emails": ["a@zenith.example"]}
    got(client.patch(f"accounts/{acme['id']}", changed))
    assert found(client, first_name="Acme Trading", website="acme-trading.com") == []
    assert found(client, website="zenith.example") == [("Zenith", ["website"])]
    ids = {"ids": [acme["id"]], "changes": {"vat_number": "DE9"}}
    got(client.post("accounts/bulk", ids))
    assert found(client, vat_number="de 9") == [("Zenith", ["vat_number"])]


def test_a_record_shows_its_duplicates_until_they_are_kept_apart(api, project, worker, acme):
    twin = make_account("Twin", project, vat_key="cz123456")
    client = api(worker)
    (row,) = got(client.get(f"accounts/{acme['id']}/duplicates"))
    assert (row["id"], row["reasons"][0]["label"], row["similar"]) == (
        twin.pk, "VAT number", False,
    )  # fmt: skip
    got(client.post(f"accounts/{twin.pk}/keep-apart", {"other": acme["id"]}), 204)
    got(client.post(f"accounts/{acme['id']}/keep-apart", {"other": twin.pk}), 204)
    assert got(client.get(f"accounts/{acme['id']}/duplicates")) == []
    assert found(client, vat_number="CZ123456") != []


def test_what_was_kept_apart_is_no_news_on_the_form_of_either(api, project, worker, acme):
    twin = make_account("Twin", project, vat_key="cz123456")
    client = api(worker)
    got(client.post(f"accounts/{twin.pk}/keep-apart", {"other": acme["id"]}), 204)
    assert found(client, vat_number="CZ123456", exclude=acme["id"]) == []
    assert found(client, vat_number="CZ123456", exclude=twin.pk) == []
    Account.objects.filter(pk=twin.pk).update(is_private=True, created_by=make_user())
    shown = [("Acme Trading, s.r.o.", ["vat_number"])]
    assert found(client, vat_number="CZ123456", exclude=twin.pk) == shown  # as for no record at all
    assert found(client, vat_number="CZ123456", exclude=999_999) == shown


@pytest.mark.parametrize("field", ["emails", "vat_number", "website"])
def test_what_a_rule_hides_on_a_row_is_never_compared(api, project, worker, acme, field):
    value = {"emails": "info@acme.example", "vat_number": "CZ123456",
             "website": "acme-trading.com"}[field]  # fmt: skip
    assert found(api(worker), **{field: value}) == [("Acme Trading, s.r.o.", [field])]
    set_rules("account", {"field": field, "effect": "hidden", "states": [str(company().pk)]})
    assert found(api(worker), **{field: value}) == []
    assert found(api(worker), first_name="Acme Trading") == [("Acme Trading, s.r.o.", ["name"])]


def test_a_domain_that_comes_from_hidden_e_mails_is_never_compared(api, project, worker):
    body = {"type": company().pk, "first_name": "Bolt", "projects": [project.pk],
            "emails": ["info@bolt.example"]}  # fmt: skip
    got(api(worker).post("accounts", body), 201)
    assert found(api(worker), website="bolt.example") == [("Bolt", ["website"])]
    set_rules("account", {"field": "emails", "effect": "hidden", "states": [str(company().pk)]})
    assert found(api(worker), website="bolt.example") == []


def test_a_domain_that_many_share_says_nothing(api, project, worker, acme):
    for number in range(4):
        make_account(f"Branch {number}", project, domain_key="acme-trading.com")
    assert len(found(api(worker), website="acme-trading.com")) == 5
    make_account("Branch 5", project, domain_key="acme-trading.com")
    assert found(api(worker), website="acme-trading.com") == []
    assert found(api(worker), website="acme-trading.com", vat_number="CZ123456") == [
        ("Acme Trading, s.r.o.", ["vat_number"])
    ]


def test_a_form_is_told_which_fields_it_shall_compare(api, project, worker):
    names = ["first_name", "last_name", "vat_number", "registration_number", "emails", "phones",
             "website"]  # fmt: skip
    kinds = got(api(worker).get("meta"))["entities"]
    assert kinds["account"]["compared"] == names
    assert kinds["industry"]["compared"] == []
    set_rules("account", {"field": "emails", "effect": "hidden"})
    names.remove("emails")
    kept = got(api(worker).get("meta"))["entities"]["account"]["compared"]
    assert kept == [name for name in names if name != "website"]  # its key may be made of e-mails


def test_keeping_apart_probes_no_hidden_record(api, project, worker, acme):
    secret = make_account("Secret", project, created_by=make_user(), is_private=True)
    client = api(worker)
    hidden, absent = (
        client.post(f"accounts/{acme['id']}/keep-apart", {"other": pk})
        for pk in (secret.pk, 999_999)
    )
    assert (hidden.status_code, hidden.json()) == (404, absent.json())
    assert (
        client.post(f"accounts/{acme['id']}/keep-apart", {"other": acme["id"]}).status_code == 400
    )
    assert client.post(f"accounts/{acme['id']}/keep-apart", {}).status_code == 400


def test_people_are_recognised_in_either_order_of_their_names(api, project, worker):
    contact = make_contact(make_account("Acme", project), "Minsu Kim", name_key="kim minsu")
    rows = got(api(worker).get("contacts/duplicates", {"first_name": "Kim", "last_name": "Minsu"}))
    assert [row["id"] for row in rows] == [contact.pk]


def test_looking_for_duplicates_asks_as_often_for_many_rows_as_for_few(api, project, worker, acme):
    client, numbers = api(worker), []
    for size in (2, 60):
        for number in range(size):
            make_account(f"Acme {number}", project, name_key=f"acme {number}", vat_key="cz123456")
        with CaptureQueriesContext(connection) as queries:
            got(client.get(f"accounts/{acme['id']}/duplicates"))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize(
    "text, key",
    [
        ("https://www.acme.com/x", "acme.com"),
        ("ACME.com", "acme.com"),
        ("a@mail.acme.co.uk", "acme.co.uk"),
        ("http://user:pw@acme.de:8080/", "acme.de"),
        ("www.삼성.한국", "xn--cg4bki.xn--3e0b707e"),
        ("jo@gmail.com", ""),
        ("localhost", ""),
        ("192.168.0.1", ""),
        ("", ""),
        ("a b", ""),
        ("co.uk", "co.uk"),
    ],
)
def test_a_domain_is_what_a_company_registers(text, key):
    assert domain_key(text) == key
