"""Groups: counts, sums per currency, periods, and filters that lead back to the rows."""

import datetime

import pytest
from asking import column, exported, got
from records import industry, link, make_account, make_contact, make_crm_project, make_worker

from factories import make_issue
from taiga_crm.capabilities import grouping
from taiga_crm.registry.catalog import entities

pytestmark = pytest.mark.django_db
UTC = datetime.timezone.utc


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project, "worker"))


def groups(client, path="accounts", **params):
    return got(client.get(f"{path}/groups", params))


def test_without_a_group_only_count_and_totals_come(client, project):
    money = {"annual_revenue_currency": "EUR"}
    make_account("One", project, employees=3, annual_revenue="10.10", **money)
    make_account("Two", project, employees=4, annual_revenue="0.05", **money)
    make_account("Three", project, annual_revenue="7", annual_revenue_currency="JPY")
    assert groups(client) == {
        "groups": [],
        "count": 3,
        "totals": {
            "employees": 7,
            "annual_revenue": [
                {"amount": "10.15", "currency": "EUR"},
                {"amount": "7", "currency": "JPY"},
            ],
        },  # fmt: skip
        "truncated": False,
    }


def test_money_is_added_per_currency_within_each_group(client, project):
    for city, amount, currency in (("Oslo", 1, "EUR"), ("Oslo", 2, "EUR"), ("Oslo", 3, "NOK"),
                                   ("Bergen", 4, "EUR"), ("", 5, "EUR")):  # fmt: skip
        make_account(
            "", project, city=city, annual_revenue=amount, annual_revenue_currency=currency
        )
    found = groups(client, group_by="city", totals="annual_revenue")["groups"]
    assert [(one["label"], one["count"], one["totals"]["annual_revenue"]) for one in found] == [
        ("Bergen", 1, [{"amount": "4.00", "currency": "EUR"}]),
        ("Oslo", 3, [{"amount": "3.00", "currency": "EUR"}, {"amount": "3.00", "currency": "NOK"}]),
        ("(empty)", 1, [{"amount": "5.00", "currency": "EUR"}]),
    ]


def test_an_empty_list_has_empty_totals(client):
    assert groups(client, group_by="city") == {
        "groups": [], "count": 0, "totals": {"employees": None, "annual_revenue": []},
        "truncated": False,
    }  # fmt: skip


@pytest.mark.parametrize("unit, labels", [
    ("day", ["2026-03-31", "2026-04-01", "2026-12-31"]),
    ("week", ["2026-03-30 – 2026-04-05", "2026-12-28 – 2027-01-03"]),
    ("month", ["2026-03", "2026-04", "2026-12"]),
    ("quarter", ["2026-01-01 – 2026-03-31", "2026-04-01 – 2026-06-30", "2026-10-01 – 2026-12-31"]),
    ("year", ["2026"]),
])  # fmt: skip
def test_dates_are_grouped_by_period_and_the_filter_finds_the_same_rows(
    client, project, unit, labels
):
    for moment in ((2026, 3, 31, 23, 59), (2026, 4, 1, 0, 0), (2026, 12, 31, 12, 0)):
        make_account("", project, created_at=datetime.datetime(*moment, tzinfo=UTC))
    found = groups(client, group_by=f"created_at:{unit}")["groups"]
    assert [one["label"] for one in found] == labels
    assert sum(one["count"] for one in found) == 3
    for one in found:
        assert len(column(client, "accounts", **one["filter"])) == one["count"]


@pytest.mark.feature("F224")
@pytest.mark.parametrize("path, group", [
    (entity.path, name) for entity in entities() for name in entity.group_by
])  # fmt: skip
def test_the_filter_of_every_group_finds_as_many_rows_as_it_counts(client, project, path, group):
    worker = project.memberships.get().user
    for number in range(6):
        chief = make_account("Chief", project) if number == 3 else None
        account = make_account(
            ["", "Über, Ltd", 'Quo"te', "%", "_", "plain"][number] or "Named", project,
            city=["", "Oslo", "A, B", "%", "a_b", "Oslo"][number], parent=chief,
            country=["", "NO", "SE"][number % 3], is_key=bool(number % 2),
            industry=industry("Ships") if number % 2 else None,
            account_manager=worker if number % 3 else None,
        )  # fmt: skip
        make_contact(account, job_title=["", "Boss, CEO"][number % 2])
        issue = make_issue(project, status=["new", "closed"][number % 2])
        link(issue, account)
    found = groups(client, path, group_by=group)
    assert sum(one["count"] for one in found["groups"]) == found["count"]
    for one in found["groups"]:
        rows = column(client, path, "id", **one["filter"])
        assert len(rows) == one["count"], one


def test_more_groups_than_the_cap_are_cut_and_said(client, project, monkeypatch):
    monkeypatch.setattr(grouping, "MAX_GROUPS", 3)
    for number in range(5):
        make_account("", project, city=f"City {number}")
    found = groups(client, group_by="city")
    assert [one["label"] for one in found["groups"]] == ["City 0", "City 1", "City 2"]
    assert (found["truncated"], found["count"]) == (True, 5)


def test_groups_follow_filters_search_and_project(client, project):
    make_account("Acme", project, city="Oslo", country="NO")
    make_account("Bolt", project, city="Oslo", country="SE")
    make_account("Else", make_crm_project("Boreas"), city="Oslo", is_global=True)
    assert groups(client, group_by="city")["count"] == 3
    assert groups(client, group_by="city", project=project.pk)["count"] == 2
    assert groups(client, group_by="city", country="NO")["count"] == 1
    assert groups(client, group_by="city", q="bol")["count"] == 1


def test_an_export_of_a_grouped_list_is_sorted_by_group_with_the_group_first(client, project):
    for name, city in (("B", "Oslo"), ("C", "Bergen"), ("A", "Oslo"), ("D", "")):
        make_account(name, project, city=city)
    rows = exported(client, "accounts", group_by="city", fields="name")
    assert [row for row in rows if row[1]] == [
        ["City", "Account"], ["Bergen", "C"], ["Oslo", "A"], ["Oslo", "B"], ["", "D"],
    ]  # fmt: skip
