"""Limits everywhere (R23): pages, filters, texts, bodies, groups, time."""

import json

import pytest
from asking import column, got
from django.db import connection
from records import company, make_account, make_contact, make_crm_project, make_worker

from factories import make_user
from taiga_crm.models import Account
from taiga_crm.registry.catalog import entities

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project))


def many(project, number):
    rows = [
        Account(type=company(), name=f"Account {one:04}", first_name="x", project_ids=[project.pk])
        for one in range(number)
    ]
    Account.objects.bulk_create(rows)


@pytest.mark.parametrize("size, rows", [("1", 1), ("200", 200), ("201", 200), ("999999", 200)])
def test_a_page_has_at_most_two_hundred_rows(client, project, size, rows):
    many(project, 205)
    answer = client.get("accounts", {"page_size": size})
    assert (len(answer.json()), answer["x-paginated-by"]) == (rows, str(rows))


@pytest.mark.parametrize("size", ["0", "-1", "1.5", "x", "9" * 10])
def test_an_odd_page_size_is_refused(client, size):
    assert got(client.get("accounts", {"page_size": size}), 400)["code"] == "invalid_query"


def test_lookup_search_and_people_are_bounded(api, client, project):
    many(project, 30)
    assert len(got(client.get("accounts/lookup"))) == 20
    for number in range(25):
        make_contact(make_account(f"Zed {number}", project), f"Zed {number}")
    results = got(client.get("search", {"q": "zed"}))
    assert {one["entity"]: len(one["results"]) for one in results} == {"account": 8, "contact": 8}
    for _number in range(25):
        make_worker(project)
    assert len(got(client.get("users"))) == 20


def test_at_most_twenty_filters(client):
    names = ["city", "name", "website", "organisation", "vat_number", "registration_number",
             "email", "phone"]  # fmt: skip
    query = {f"{name}__contains": "x" for name in names}
    query |= {f"{name}__empty": "true" for name in names}
    query |= {"employees__gte": 1, "employees__lte": 2, "annual_revenue__gte": 1, "is_key": "true"}
    assert client.get("accounts", query).status_code == 200
    query["is_global"] = "true"
    assert "20" in got(client.get("accounts", query), 400)["_error_message"]


@pytest.mark.parametrize("path, length, status", [
    ("accounts", 200, 200), ("accounts", 201, 400), ("accounts/lookup", 201, 400),
    ("tickets", 201, 400), ("search", 5_000, 200),
])  # fmt: skip
def test_a_search_text_is_bounded(client, path, length, status):
    assert client.get(path, {"q": "x" * length}).status_code == status


def test_only_the_first_twelve_words_of_a_search_count(client, project):
    make_account(" ".join(f"w{number}" for number in range(12)), project)
    found = column(client, "accounts", q=" ".join(f"w{number}" for number in range(20)))
    assert len(found) == 1


def test_a_deep_page_is_404_and_not_slow(client, project):
    many(project, 3)
    for page in (2, 999_999_999):
        assert client.get("accounts", {"page": page}).status_code == 404


def test_a_body_above_a_megabyte_is_refused(client, project):
    body = {"type": company().pk, "first_name": "New", "projects": [project.pk]}
    size = len(json.dumps({**body, "x": ""}))
    taken = client.post("accounts", {**body, "x": "y" * (1_000_000 - size)})
    assert taken.status_code == 201
    refused = client.post("accounts", {**body, "x": "y" * (1_000_001 - size)})
    assert (refused.status_code, Account.objects.count()) == (400, 1)


@pytest.mark.parametrize("field, most", [("emails", 20), ("phones", 20), ("projects", 500)])
def test_lists_in_a_body_are_bounded(client, project, field, most):
    account = make_account("Acme", project)
    sample = {"emails": "a{}@b.c", "phones": "+47 2233{:04}", "projects": "{}"}[field]
    values = [sample.format(number + 1) for number in range(most + 1)]
    told = got(client.patch(f"accounts/{account.pk}", {"version": 1, field: values}), 400)
    assert told == {field: [f"A list of at most {most} is expected."]}


@pytest.mark.parametrize("path", ["accounts", "accounts/groups", "accounts/lookup"])
def test_a_list_that_takes_too_long_is_stopped_and_said(
    client, project, configured, monkeypatch, path
):
    configured(statement_timeout_ms=50)
    make_account("Acme", project)
    from taiga_crm.capabilities import listing

    real = listing.rows_for

    def slow(*arguments):
        return real(*arguments).extra(where=["pg_sleep(1) IS NOT NULL"])

    monkeypatch.setattr(listing, "rows_for", slow)
    monkeypatch.setattr("taiga_crm.capabilities.lookup.rows_for", slow)
    told = got(client.get(path), 400)
    assert (told["code"], told["_error_message"]) == (
        "invalid_query",
        "This takes too long: narrow the list.",
    )
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] in ("0", "50ms")


def test_an_export_stops_at_its_cap(client, project, configured):
    configured(max_export_rows=5)
    many(project, 9)
    answer = client.get("accounts/export.csv")
    assert b"".join(answer.streaming_content).count(b"\r\n") == 6


def test_at_most_three_sort_columns_count(client, project):
    many(project, 3)
    for number in range(60):
        assert client.get("accounts", {"sort": ",".join(["name"] * number)}).status_code == 200


def test_a_list_of_many_columns_is_refused_or_cut(client, project):
    many(project, 2)
    names = ",".join(["name"] * 5_000)
    assert len(got(client.get("accounts", {"fields": names}))[0]) == 4


def test_every_list_answers_at_most_its_page(api, project):
    root = api(make_user("root", is_superuser=True))
    many(project, 60)
    for entity in entities():
        answer = root.get(entity.path)
        assert len(answer.json()) <= 50
        assert answer["x-paginated-by"] == "50"
