"""The one stream of a record: what flows into it, in which order, and who sees what of it."""

import datetime

import pytest
from asking import got
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import make_account, make_contact, make_crm_project, make_worker, set_rules

from factories import make_user
from taiga_crm import models
from taiga_crm.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def account(project):
    return make_account("Acme", project)


@pytest.fixture
def anna(project):
    return make_worker(project, "anna")


def moment(minute):
    return clock.now() - datetime.timedelta(minutes=60 - minute)


def change(record, minute, field="city", kind="account", **fields):
    changes = [{"field": field, "old": "", "new": f"value {minute}"}]
    return models.HistoryEntry.objects.create(
        kind=kind, object_id=record.pk, verb="update", changes=changes, at=moment(minute), **fields
    )


def comment(record, minute, kind="account", **fields):
    return models.Comment.objects.create(
        kind=kind, object_id=record.pk, text=f"text {minute}", created_at=moment(minute), **fields
    )


def told(items):
    return [one["text"] if one["source"] == "comments" else one["verb"] for one in items]


def read(client, record, path="accounts", **params):
    return got(client.get(f"{path}/{record.pk}/timeline", params))


def pages(client, record, **params):
    """Return all pages, following the cursor."""
    found, cursor = [], ""
    while True:
        answer = client.get(f"accounts/{record.pk}/timeline", {**params, "cursor": cursor})
        found.append(got(answer))
        cursor = answer.get("x-pagination-next-cursor", "")
        if not cursor:
            return found


@pytest.mark.feature("F019")
@pytest.mark.feature("F151")
def test_changes_and_comments_are_one_stream_newest_first(api, account, anna):
    change(account, 1)
    comment(account, 2)
    change(account, 3)
    items = read(api(anna), account)
    assert told(items) == ["update", "text 2", "update"]
    assert items[0]["changes"] == [{"field": "city", "label": "City", "old": "", "new": "value 3"}]
    assert told(read(api(anna), account, kinds="comments")) == ["text 2"]
    assert told(read(api(anna), account, kinds="changes")) == ["update", "update"]
    assert api(anna).get(f"accounts/{account.pk}/timeline", {"kinds": "x"}).status_code == 400


@pytest.mark.feature("F153")
def test_happenings_of_visible_contacts_stand_on_the_stream_of_their_account(api, project, account):
    anna = make_worker(project, "anna")
    jana, other = make_contact(account, "Jana"), make_contact(make_account("Other", project), "Eva")
    comment(jana, 1, "contact")
    change(jana, 2, "job_title", "contact")
    comment(other, 3, "contact")
    items = read(api(anna), account)
    assert told(items) == ["update", "text 1"]
    assert {one["record"]["label"] for one in items} == {"Jana"}
    assert items[1]["record"] == {"kind": "contact", "id": jana.pk, "label": "Jana"}
    blind = make_worker(project, keys=["view_account"])
    assert read(api(blind), account) == []


def test_pages_follow_each_other_without_gap_or_double_even_within_one_moment(api, account, anna):
    at = clock.now()
    for _number in range(25):
        change(account, 1)
        comment(account, 1)
    models.HistoryEntry.objects.update(at=at)
    models.Comment.objects.update(created_at=at)
    for _number in range(20):
        change(account, 2)
    found = pages(api(anna), account)
    assert [len(page) for page in found] == [30, 30, 10]
    keys = [(one["source"], one["id"]) for page in found for one in page]
    assert len(set(keys)) == 70


@pytest.mark.parametrize("cursor", ["x", "e30=", "WzEsMiwzXQ==", "WyIyMDI2LTk5LTk5IiwiYSIsMV0="])
def test_a_cursor_that_is_none_of_ours_is_refused(api, account, anna, cursor):
    answer = api(anna).get(f"accounts/{account.pk}/timeline", {"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")


def test_a_change_of_a_hidden_field_is_in_no_stream_and_no_history(api, account, anna):
    change(account, 1, "city")
    both = change(account, 2, "country")
    both.changes = [*both.changes, {"field": "city", "old": "", "new": "Zq7xSecret"}]
    both.save()
    assert len(read(api(anna), account)) == 2
    set_rules("account", {"field": "city", "effect": "hidden"})
    items = read(api(anna), account)
    assert [[one["field"] for one in item["changes"]] for item in items] == [["country"]]
    history = api(anna).get(f"accounts/{account.pk}/history").content.decode()
    assert "Zq7xSecret" not in history
    assert "value 1" not in history


def test_history_of_a_private_account_is_its_creators_alone(api, project, anna):
    private = make_account("Zq7x", project, created_by=anna, is_private=True)
    comment(private, 1)
    assert told(read(api(anna), private)) == ["text 1"]
    root = api(make_user(is_superuser=True))
    assert root.get(f"accounts/{private.pk}/timeline").status_code == 404


def queries(client, account):
    with CaptureQueriesContext(connection) as captured:
        read(client, account)
    return len(captured)


def test_the_stream_asks_as_often_for_two_rows_as_for_twenty(api, project, anna):
    counts = []
    for number in (2, 20):
        account = make_account(f"Acme {number}", project)
        for one in range(number):
            contact = make_contact(account, f"Contact {one}")
            change(account, one, actor=anna)
            comment(account, one, author=anna)
            comment(contact, one, "contact", author=make_user())
            change(contact, one, "job_title", "contact", actor=anna)
        counts.append(queries(api(anna), account))
    assert counts[0] == counts[1]
