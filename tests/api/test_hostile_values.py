"""Whatever is sent: an answer below 500, and nothing stored when it is refused."""

import base64
import json

import pytest
from asking import got
from records import (
    company,
    employee,
    fingerprint,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import make_issue, make_user
from taiga_crm.models import Account

pytestmark = pytest.mark.django_db

HOSTILE = {
    "null": None,
    "true": True,
    "zero": 0,
    "minus": -1,
    "int32": 2**31,
    "int64": 2**63,
    "huge": 10**400,
    "float": 1.5,
    "empty": "",
    "nul": "a\0b",
    "surrogate": "\ud800",
    "long": "x" * 30_000,
    "astral": "😀" * 300,
    "nan": "NaN",
    "infinity": "Infinity",
    "exponent": "1e400",
    "almost": "99999999999999.99999",
    "list": [],
    "lists": [[1], {"id": []}, None, "x"],
    "object": {},
    "id object": {"id": {"id": 1}},
    "value object": {"value": 1, "type": []},
    "values": [{"value": "a@b", "type": []}],
    "amount": {"amount": [], "currency": "EUR"},
    "amount text": {"amount": "99999999999999.999", "currency": "EUR"},
    "currency": {"amount": "1", "currency": {"a": 1}},
    "currency list": {"amount": "1", "currency": ["EUR"]},
    "deep": [[[[[[[[[[]]]]]]]]]],
}


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    quiet = api(make_user("root", is_superuser=True))
    quiet.client.raise_request_exception = False
    return quiet


def below_500(answers):
    wrong = {
        key: answer.status_code for key, answer in answers.items() if answer.status_code >= 500
    }
    assert wrong == {}


FIELDS = (
    "type", "first_name", "organisation", "industry", "account_manager", "parent", "emails",
    "phones", "website", "city", "country", "employees", "annual_revenue", "founded_year",
    "description", "is_key", "is_global", "projects", "version", "unknown",
)  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_any_value_in_any_field_of_an_account_is_taken_or_refused(client, project, field):
    account = make_account("Acme", project)
    body = {"type": company().pk, "first_name": "New", "projects": [project.pk]}
    before, answers = fingerprint(), {}
    for name, value in HOSTILE.items():
        made = client.post("accounts", {**body, field: value})
        if made.status_code >= 400:
            assert fingerprint() == before, name
        else:
            client.delete(f"accounts/{made.json()['id']}")
            before = fingerprint()
        version = Account.objects.get(pk=account.pk).version
        changed = client.patch(f"accounts/{account.pk}", {"version": version, field: value})
        if changed.status_code >= 400:
            assert fingerprint() == before, name
        before = fingerprint()
        answers |= {f"POST {name}": made, f"PATCH {name}": changed}
    below_500(answers)


@pytest.mark.parametrize("field", ["type", "account", "last_name", "emails", "notes", "version"])
def test_any_value_in_any_field_of_a_contact_is_taken_or_refused(client, project, field):
    contact = make_contact(make_account("Acme", project))
    body = {"type": employee().pk, "last_name": "New"}
    answers = {}
    for name, value in HOSTILE.items():
        answers[f"POST {name}"] = client.post("contacts", {**body, field: value})
        version = type(contact).objects.get(pk=contact.pk).version
        answers[f"PATCH {name}"] = client.patch(
            f"contacts/{contact.pk}", {"version": version, field: value}
        )
    below_500(answers)


@pytest.mark.parametrize("path, field", [
    ("contact-types", "relation"), ("contact-types", "position"), ("contact-types", "name"),
    ("account-types", "has_first_name"), ("account-types", "has_last_name"),
    ("industries", "name"), ("industries", "position"),
    ("user-types", "keys"), ("user-types", "members"), ("user-types", "name"),
])  # fmt: skip
def test_any_value_in_any_field_of_a_dictionary_is_taken_or_refused(client, path, field):
    answers = {}
    row = got(client.post(path, {"name": "Row"}), 201)
    for name, value in HOSTILE.items():
        answers[f"POST {name}"] = client.post(path, {"name": f"New {name}", field: value})
        version = got(client.get(f"{path}/{row['id']}"))["version"]
        answers[f"PATCH {name}"] = client.patch(
            f"{path}/{row['id']}", {"version": version, field: value}
        )
    below_500(answers)


@pytest.mark.parametrize("path, method, field", [
    ("accounts/{a}/favorite", "post", "value"),
    ("accounts/{a}/projects", "post", "project"),
    ("accounts/{a}/connections", "post", "account"),
    ("accounts/{a}/connections", "post", "note"),
    ("ticket-accounts", "post", "kind"),
    ("ticket-accounts", "post", "ticket"),
    ("ticket-accounts", "post", "account"),
    ("projects/{p}/settings", "patch", "enabled"),
    ("projects/{p}/grants/{r}", "patch", "keys"),
    ("projects/{p}/grants/{r}", "patch", "scopes"),
    ("projects/{p}/grants/{r}", "patch", "version"),
])  # fmt: skip
def test_any_value_in_the_other_bodies_is_taken_or_refused(client, project, path, method, field):
    make_worker(project)
    one, other = make_account("One", project), make_account("Other", project)
    role = project.roles.first() if hasattr(project, "roles") else None
    address = path.format(a=one.pk, p=project.pk, r=role.pk if role else 1)
    good = {
        "value": True, "project": project.pk, "account": other.pk, "note": "", "kind": "issue",
        "ticket": make_issue(project).pk, "keys": [], "scopes": {}, "version": 1,
    }  # fmt: skip
    below_500(
        {
            name: getattr(client, method)(address, {**good, field: value})
            for name, value in HOSTILE.items()
        }
    )


def cursor(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize("sort", ["name", "annual_revenue", "created_at", "is_key", "employees",
                                  "account_manager", "email"])  # fmt: skip
@pytest.mark.parametrize("value", [
    "Infinity", "NaN", "\ud800", "\0", "x", 10**30, -1, True, None, "", "0001-01-01", "9999-99-99",
])  # fmt: skip
def test_a_forged_cursor_is_400_or_a_page(client, project, sort, value):
    make_account("Acme", project)
    answer = client.get("accounts", {"sort": sort, "cursor": cursor(value, 1)})
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("text", [
    cursor(), cursor(1), cursor("a", "b"), cursor("a", 1.5), cursor("a", True), cursor("a", 10**40),
    cursor(["a"], 1), cursor({"a": 1}, 1), "é", "%%%", "AAAA", base64.b64encode(b"{}").decode(),
    base64.b64encode(b"[" * 2000).decode(),
])  # fmt: skip
def test_a_broken_cursor_is_400_or_an_empty_page(client, project, text):
    make_account("Acme", project)
    answer = client.get("accounts", {"sort": "name", "cursor": text})
    assert answer.status_code == 400 or answer.json() == []


FILTERS = (
    "name", "type", "industry", "account_manager", "is_key", "is_favorite", "city", "country",
    "parent", "projects", "employees__gte", "employees", "annual_revenue__gte",
    "annual_revenue__lte", "founded_year__lte", "created_at", "created_at__gte", "created_by",
    "email", "phone__contains", "name__contains", "city__empty", "q", "sort", "fields", "page",
    "page_size", "cursor", "project",
)  # fmt: skip
QUERIES = (
    "", "0", "-1", "1", "999999999", "999999999999999999", "9" * 19, "9" * 40, "1,2,x", ",", ",,",
    "a\0b", "\ud7ff", "'", '"', "\\", "%", "_", "'; DROP TABLE x--", "NaN", "Infinity", "1e5",
    "99999999999999.99999", "-99999999999999.99999", "0.000000000000000000000001", "2026-02-30",
    "0001-01-01", "9999-12-31", "²", "١٢", "true", "me", "x" * 3_000, "😀", "a" * 200, "'a' & 'b'",
    "!", ":*", "<->", "()", "|",
)  # fmt: skip


@pytest.mark.parametrize("path", ["accounts", "accounts/groups", "accounts/export.csv"])
@pytest.mark.parametrize("name", FILTERS)
def test_any_text_in_any_filter_is_answered(client, project, path, name):
    make_account("Acme", project, city="Oslo")
    queries = QUERIES if path == "accounts" else QUERIES[::5]
    below_500({value[:30]: client.get(path, {name: value}) for value in queries})


@pytest.mark.parametrize("path", ["search", "users", "projects", "accounts/lookup", "tickets"])
def test_any_search_text_is_answered(client, project, path):
    link(make_issue(project, "Zero"), make_account("Acme", project))
    below_500({value[:30]: client.get(path, {"q": value}) for value in QUERIES})


@pytest.mark.parametrize("name", ["kind", "ticket"])
def test_any_text_in_the_panels_address_is_answered(client, project, name):
    good = {"kind": "issue", "ticket": "1"}
    below_500(
        {value[:30]: client.get("ticket-accounts", {**good, name: value}) for value in QUERIES}
    )


@pytest.mark.parametrize(
    "number", ["0", "9" * 8, "9" * 9, "9" * 18, "9" * 19, "4611686018427387905"]
)
@pytest.mark.parametrize("path", [
    "accounts/{}", "accounts/{}/history", "accounts/{}/projects", "contacts/{}", "tickets/{}",
    "projects/{}/settings", "projects/{}/grants", "accounts/{}/delete-preview", "industries/{}",
    "accounts/{}/connections",
])  # fmt: skip
def test_a_number_that_no_row_has_is_404(client, path, number):
    assert client.get(path.format(number)).status_code == 404


@pytest.mark.parametrize("name", ["copy", "project"])
def test_any_text_in_the_address_of_a_new_form_is_answered(client, name):
    below_500({value[:30]: client.get("accounts/new", {name: value}) for value in QUERIES})


@pytest.mark.parametrize("body, kind", [
    (b"", "application/json"), (b"null", "application/json"), (b"[]", "application/json"),
    (b"1", "application/json"), (b'"x"', "application/json"), (b"{", "application/json"),
    (b"\xff\xfe", "application/json"), (b'{"first_name": NaN}', "application/json"),
    (b'{"version": Infinity}', "application/json"), (b"[" * 100_000, "application/json"),
    (b'{"a":' * 100_000, "application/json"),
    (b'{"version": ' + b"9" * 5000 + b"}", "application/json"),
    (b"a=1", "application/x-www-form-urlencoded"), (b"<a/>", "text/xml"),
    (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"), (b"x", "multipart/form-data"),
    (b"{}", "rubbish"),
])  # fmt: skip
@pytest.mark.parametrize("method", ["post", "patch", "delete"])
def test_a_body_that_is_no_json_object_is_refused_and_changes_nothing(
    client, project, method, body, kind
):
    account = make_account("Acme", project)
    path = "/api/v1/crm/accounts" + ("" if method == "post" else f"/{account.pk}")
    before = fingerprint()
    answer = getattr(client.client, method)(path, body, content_type=kind, **client.headers)
    if method == "delete":
        assert answer.status_code == 204  # a delete needs no body, and reads none
    else:
        assert answer.status_code in (400, 415)
        assert fingerprint() == before


@pytest.mark.parametrize("value", [None, ""])
def test_an_emptied_number_that_must_be_there_takes_its_default(client, value):
    row = got(client.post("industries", {"name": "Ships", "position": 7}), 201)
    changed = client.patch(f"industries/{row['id']}", {"version": 1, "position": value})
    assert got(changed)["position"] == 0
