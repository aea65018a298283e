"""Favorites: stars on records of all kinds, in the person's own order."""

import pytest
from asking import got
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import make_account, make_contact, make_crm_project, make_worker

from taiga_crm.models import Favorite

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F138")]


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project, "worker"))


def shown(client):
    return [(one["kind"], one["label"]) for one in got(client.get("favorites"))]


@pytest.mark.feature("F123")
def test_records_of_all_kinds_are_starred_ordered_and_taken_out(client, project):
    acme, beta = make_account("Acme", project, city="Oslo"), make_account("Beta", project)
    anna = make_contact(acme, "Anna")
    got(client.post("favorites", {"kind": "account", "id": acme.pk}), 201)
    got(client.post("favorites", {"kind": "contact", "id": anna.pk}), 201)
    got(client.post(f"accounts/{beta.pk}/favorite", {"value": True}))
    got(client.post("favorites", {"kind": "account", "id": acme.pk}), 201)
    assert shown(client) == [("account", "Acme"), ("contact", "Anna"), ("account", "Beta")]
    assert got(client.get("favorites"))[0]["detail"] == "Company · Oslo"
    items = [{"kind": "account", "id": beta.pk}, {"kind": "contact", "id": anna.pk}]
    assert client.post("favorites/reorder", {"items": items}).status_code == 204
    assert shown(client) == [("account", "Beta"), ("contact", "Anna"), ("account", "Acme")]
    assert client.delete(f"favorites/contact/{anna.pk}").status_code == 204
    assert client.delete(f"favorites/contact/{anna.pk}").status_code == 404
    assert shown(client) == [("account", "Beta"), ("account", "Acme")]


def test_records_that_are_starred_at_once_come_behind_the_others(client, project):
    first = make_account("First", project)
    got(client.post("favorites", {"kind": "account", "id": first.pk}), 201)
    ids = [make_account(name, project).pk for name in ("One", "Two")]
    got(client.post("accounts/bulk-favorite", {"ids": ids, "value": True}))
    assert [label for _kind, label in shown(client)] == ["First", "One", "Two"]
    moments = [one["starred_at"] for one in got(client.get("favorites"))]
    assert moments == sorted(moments)
    assert all(one.endswith(("Z", "+00:00")) for one in moments)


def test_a_star_that_is_put_back_keeps_its_moment(client, project):
    account = make_account("Acme", project)
    body = {"kind": "account", "id": account.pk}
    got(client.post("favorites", body), 201)
    (star,) = got(client.get("favorites"))
    assert client.delete(f"favorites/account/{account.pk}").status_code == 204
    again = got(client.post("favorites", {**body, "starred_at": star["starred_at"]}), 201)
    assert again == [star]
    assert client.delete(f"favorites/account/{account.pk}").status_code == 204
    (ahead,) = got(client.post("favorites", {**body, "starred_at": "2999-01-01T00:00:00"}), 201)
    assert ahead["starred_at"] < "2999"


@pytest.mark.parametrize("moment", ["x", 5, True, [], "0001-01-01T00:00:00+23:59", "2026-13-01"])
def test_what_is_no_moment_stars_nothing(client, project, moment):
    account = make_account("Acme", project)
    body = {"kind": "account", "id": account.pk, "starred_at": moment}
    answer = client.post("favorites", body)
    assert (answer.status_code, list(answer.json())[0]) == (400, "starred_at")
    assert Favorite.objects.count() == 0


def test_favorites_that_went_out_of_sight_are_not_told(api, client, project):
    owner = make_worker(project, "owner")
    account = make_account("Zq7xSecret", project, created_by=owner)
    got(client.post("favorites", {"kind": "account", "id": account.pk}), 201)
    account.is_private = True
    account.save()
    assert shown(client) == []
    assert client.post("favorites", {"kind": "account", "id": account.pk}).status_code == 404


@pytest.mark.parametrize("body", [
    {}, {"kind": "industry", "id": 1}, {"kind": "nothing", "id": 1}, {"kind": "account"},
    {"kind": "account", "id": "1"}, {"kind": "account", "id": True}, {"kind": "account", "id": -1},
    {"kind": "account", "id": 2**70}, {"kind": ["account"], "id": 1},
])  # fmt: skip
def test_what_cannot_be_a_favorite_is_refused(client, body):
    assert client.post("favorites", body).status_code == 400
    assert Favorite.objects.count() == 0


@pytest.mark.parametrize("items", [
    None, [], "x", ["x"], [{"kind": "account", "id": 999_999}], [{}], [{"kind": "x"}] * 501,
])  # fmt: skip
def test_an_order_of_other_things_is_refused(client, items):
    assert client.post("favorites/reorder", {"items": items}).status_code == 400


def test_at_most_five_hundred_favorites(client, project):
    person = project.memberships.get().user
    Favorite.objects.bulk_create(
        Favorite(user=person, kind="account", object_id=number) for number in range(1, 501)
    )
    account = make_account("Acme", project)
    assert client.post("favorites", {"kind": "account", "id": account.pk}).status_code == 400


def test_the_page_needs_as_many_queries_for_two_as_for_twenty(client, project):
    counts = []
    for number in (2, 18):
        for _ in range(number):
            account = make_account("", project)
            got(client.post("favorites", {"kind": "account", "id": account.pk}), 201)
        with CaptureQueriesContext(connection) as queries:
            client.get("favorites")
        counts.append(len(queries))
    assert counts[0] == counts[1]
