"""Saving: inline, versions, history from what to what; nothing half done."""

import pytest
from asking import got
from records import (
    employee,
    fingerprint,
    industry,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from taiga_crm.models import Account, HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project, "worker"))


def changes_of(client, path):
    return [
        (one["field"], one["old"], one["new"])
        for one in got(client.get(f"{path}/history"))[0]["changes"]
    ]


@pytest.mark.feature("F126", "F224")
@pytest.mark.parametrize("field, value, old, new", [
    ("city", "Oslo", "", "Oslo"),
    ("country", "NO", "", "Norway"),
    ("is_key", True, "no", "yes"),
    ("employees", 12, "", "12"),
    ("annual_revenue", {"amount": "12.5", "currency": "EUR"}, "", "12.50 EUR"),
    ("website", "https://acme.example", "", "https://acme.example"),
    ("emails", ["a@b.c", {"value": "x@y.z", "is_primary": True}], "", "x@y.z, a@b.c"),
    ("phones", ["+1 212 555 0100"], "", "+1 212 555 0100"),
    ("description", "Two\nlines", "", "Two\nlines"),
    ("first_name", "Bolt", "Acme", "Bolt"),
])  # fmt: skip
def test_one_field_is_changed_alone_and_told_from_what_to_what(
    client, project, field, value, old, new
):
    account = make_account("Acme", project)
    untouched = {"postal_code", "street", "vat_number", "registration_number", "organisation"}
    path = f"accounts/{account.pk}"
    before = got(client.get(path))
    after = got(client.patch(path, {"version": 1, field: value}))
    assert after["version"] == 2
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
    assert changes_of(client, path) == [(field, old, new)]
    entry = got(client.get(f"{path}/history"))[0]
    assert (entry["verb"], entry["actor"]["label"]) == ("update", "Worker")


def test_links_are_told_by_their_names(client, project):
    account = make_account("Acme", project, industry=industry("Energy"))
    path = f"accounts/{account.pk}"
    parent = make_account("Chief", project)
    body = {"version": 1, "industry": industry("Ships").pk, "parent": {"id": parent.pk}}
    got(client.patch(path, body))
    assert sorted(changes_of(client, path)) == [
        ("industry", "Energy", "Ships"),
        ("parent", "", "Chief"),
    ]


def test_sending_what_is_stored_makes_no_new_version_and_no_history(client, project):
    account = make_account("Acme", project, city="Oslo", industry=industry())
    path, before = f"accounts/{account.pk}", fingerprint()
    shown = got(client.get(path))
    writable = ("type", "first_name", "city", "industry", "parent", "emails", "projects",
                "annual_revenue", "employees", "is_key", "account_manager", "country")  # fmt: skip
    got(client.patch(path, {"version": 1, **{name: shown[name] for name in writable}}))
    assert fingerprint() == before


def test_a_stale_version_is_refused_with_the_current_record(client, project):
    account = make_account("Acme", project)
    path = f"accounts/{account.pk}"
    got(client.patch(path, {"version": 1, "city": "Oslo"}))
    before = fingerprint()
    stale = got(client.patch(path, {"version": 1, "city": "Bergen"}), 400)
    assert stale["code"] == "stale_version"
    assert stale["version"] == ["Somebody changed this in the meantime."]
    assert stale["current"] == got(client.get(path))
    assert (stale["current"]["city"], stale["current"]["version"]) == ("Oslo", 2)
    assert fingerprint() == before


@pytest.mark.parametrize("version", [None, "1", True, 1.0, 0, -1, 2])
def test_a_change_needs_the_version_that_was_read(client, project, version):
    account = make_account("Acme", project)
    before = fingerprint()
    answer = client.patch(f"accounts/{account.pk}", {"version": version, "city": "x"})
    assert answer.status_code == 400
    assert "version" in answer.json()
    assert fingerprint() == before


def test_all_wrong_fields_are_told_at_once_and_nothing_is_saved(client, project):
    account = make_account("Acme", project)
    before = fingerprint()
    body = {"version": 1, "city": "x" * 101, "employees": "many", "emails": ["nobody"],
            "website": "javascript:alert(1)", "country": "XX", "street": "fine"}  # fmt: skip
    told = got(client.patch(f"accounts/{account.pk}", body), 400)
    assert sorted(told) == ["city", "country", "emails", "employees", "website"]
    assert fingerprint() == before


def test_a_record_tells_its_story_newest_first_in_pages(client, project):
    contact = make_contact(make_account("Acme", project))
    path = f"contacts/{contact.pk}"
    for number in range(5):
        got(client.patch(path, {"version": number + 1, "job_title": f"Job {number}"}))
    page = got(client.get(f"{path}/history", {"page": 2, "page_size": 2}))
    assert [one["changes"][0]["new"] for one in page] == ["Job 2", "Job 1"]
    assert HistoryEntry.objects.filter(kind="contact", object_id=contact.pk).count() == 5


@pytest.mark.feature("F130", "F223")
def test_a_new_record_comes_back_whole_and_starts_its_history(client, project):
    account = make_account("Acme", project)
    body = {"type": employee().pk, "account": account.pk, "last_name": "Doe", "job_title": "CEO"}
    row = got(client.post("contacts", body), 201)
    assert (row["version"], row["_verbs"], row["is_primary"]) == (1, ["change", "delete"], True)
    assert row["created_by"]["label"] == "Worker"
    entry = got(client.get(f"contacts/{row['id']}/history"))[0]
    assert entry["verb"] == "create"
    assert ("job_title", "", "CEO") in [
        (one["field"], one["old"], one["new"]) for one in entry["changes"]
    ]


def test_addresses_are_kept_once_with_one_primary(client, project):
    account = make_account("Acme", project)
    sent = ["A@b.c", {"value": "a@B.C", "type": "home", "is_primary": True}, "", "x@y.z"]
    row = got(client.patch(f"accounts/{account.pk}", {"version": 1, "emails": sent}))
    assert [(one["value"], one["is_primary"]) for one in row["emails"]] == [
        ("A@b.c", True),
        ("x@y.z", False),
    ]
    assert row["email"] == "A@b.c"
    cleared = got(client.patch(f"accounts/{account.pk}", {"version": 2, "emails": []}))
    assert (cleared["emails"], cleared["email"]) == ([], "")


def test_a_write_that_fails_at_the_end_leaves_nothing(client, project, monkeypatch):
    from taiga_crm.capabilities import plain_edit

    def broken(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(plain_edit, "announce", broken)
    client.client.raise_request_exception = False
    account = make_account("Acme", project)
    before = fingerprint()
    body = {"version": 1, "city": "Oslo"}
    assert client.patch(f"accounts/{account.pk}", body).status_code == 500
    assert fingerprint() == before
    assert Account.objects.get().city == ""
