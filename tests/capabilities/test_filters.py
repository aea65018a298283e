"""Filters: each operator of each kind of field finds exactly its rows."""

import datetime

import pytest
from asking import column, got
from records import (
    company,
    industry,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    personal,
)

from factories import make_issue, make_user
from taiga_crm.models import AccountEmail

pytestmark = pytest.mark.django_db

DAY = datetime.datetime(2026, 3, 10, tzinfo=datetime.timezone.utc)


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def accounts(project, worker):
    other = make_user("other", full_name="Other One")
    alpha = make_account(
        "Alpha", project, city="Oslo", country="NO", employees=10, industry=industry("Software"),
        account_manager=worker, is_key=True, annual_revenue="100.50", founded_year=1990,
        annual_revenue_currency="EUR", created_at=DAY, website="https://alpha.example",
    )  # fmt: skip
    beta = make_account(
        "Beta", project, city="Bergen", country="SE", employees=20, industry=industry("Energy"),
        account_manager=other, parent=alpha, annual_revenue="200", annual_revenue_currency="USD",
        created_at=DAY + datetime.timedelta(hours=23, minutes=59), type=personal(),
    )  # fmt: skip
    gamma = make_account("Gamma", project, created_at=DAY + datetime.timedelta(days=1))
    AccountEmail.objects.create(account=beta, value="b@x.io", key="b@x.io", is_primary=True)
    return {"alpha": alpha, "beta": beta, "gamma": gamma, "other": other}


@pytest.mark.parametrize(
    "query, names",
    [
        ({"city": "Oslo"}, ["Alpha"]),
        ({"city": "oslo"}, []),
        ({"city__contains": "ERG"}, ["Beta"]),
        ({"city__contains": "%"}, []),
        ({"city__not": "Oslo"}, ["Beta", "Gamma"]),
        ({"city__empty": "true"}, ["Gamma"]),
        ({"city__empty": "false"}, ["Alpha", "Beta"]),
        ({"website__contains": "alpha"}, ["Alpha"]),
        ({"website__empty": "1"}, ["Beta", "Gamma"]),
        ({"country": "NO"}, ["Alpha"]),
        ({"country": "no,se"}, ["Alpha", "Beta"]),
        ({"country__not": "NO"}, ["Beta", "Gamma"]),
        ({"country__not": "NO,SE"}, ["Gamma"]),
        ({"country__empty": "true"}, ["Gamma"]),
        ({"employees": "10"}, ["Alpha"]),
        ({"employees__gte": "11"}, ["Beta"]),
        ({"employees__gte": "10", "employees__lte": "19"}, ["Alpha"]),
        ({"employees__empty": "true"}, ["Gamma"]),
        ({"employees__empty": "false"}, ["Alpha", "Beta"]),
        ({"founded_year__lte": "1990"}, ["Alpha"]),
        ({"annual_revenue__gte": "100.51"}, ["Beta"]),
        ({"annual_revenue__lte": "100.5"}, ["Alpha"]),
        ({"annual_revenue__empty": "true"}, ["Gamma"]),
        ({"is_key": "true"}, ["Alpha"]),
        ({"is_key": "0"}, ["Beta", "Gamma"]),
        ({"is_favorite": "true"}, []),
        ({"created_at": "2026-03-10"}, ["Alpha", "Beta"]),
        ({"created_at__gte": "2026-03-11"}, ["Gamma"]),
        ({"created_at__lte": "2026-03-10"}, ["Alpha", "Beta"]),
        ({"created_at__empty": "true"}, []),
        ({"email": "b@x.io"}, ["Beta"]),
        ({"email__contains": "@X"}, ["Beta"]),
        ({"email__empty": "true"}, ["Alpha", "Gamma"]),
        ({"account_manager": "me"}, ["Alpha"]),
        ({"account_manager__not": "me"}, ["Beta", "Gamma"]),
        ({"account_manager__empty": "true"}, ["Gamma"]),
        ({"parent__empty": "false"}, ["Beta"]),
        ({"q": "alp"}, ["Alpha"]),
        ({"q": "alp osl"}, ["Alpha"]),
        ({"q": "alp berg"}, []),
        ({"q": "!?"}, []),
        ({"country": "NO", "is_key": "false"}, []),
    ],
)  # fmt: skip
def test_a_filter_finds_exactly_its_accounts(api, worker, accounts, query, names):
    assert column(api(worker), "accounts", **query, sort="name") == names


def test_a_link_filter_takes_ids_and_lists_of_ids(api, worker, accounts):
    client, software = api(worker), industry("Software").pk
    both = f"{software},{industry('Energy').pk}"
    assert column(client, "accounts", industry=software) == ["Alpha"]
    assert column(client, "accounts", industry=both) == ["Alpha", "Beta"]
    assert column(client, "accounts", industry__not=software) == ["Beta", "Gamma"]
    assert column(client, "accounts", type=personal().pk) == ["Beta"]
    assert column(client, "accounts", type__not=company().pk) == ["Beta"]
    assert column(client, "accounts", parent=accounts["alpha"].pk) == ["Beta"]
    assert column(client, "accounts", account_manager=f"me,{accounts['other'].pk}") == [
        "Alpha",
        "Beta",
    ]


def test_accounts_are_filtered_by_project(api, project, worker, accounts):
    other = make_crm_project("Boreas")
    make_account("Elsewhere", other, is_global=True)
    client = api(worker)
    assert column(client, "accounts", projects=project.pk) == ["Alpha", "Beta", "Gamma"]
    assert column(client, "accounts", project=project.pk) == ["Alpha", "Beta", "Gamma"]
    assert column(client, "accounts") == ["Alpha", "Beta", "Elsewhere", "Gamma"]
    # not a member there: whether accounts are in it is not told
    assert column(client, "accounts", projects=other.pk) == []


def test_contacts_are_filtered_through_their_account(api, worker, accounts):
    make_contact(accounts["alpha"], "Ada", job_title="Buyer")
    make_contact(accounts["beta"], "Bob")
    client = api(worker)
    assert column(client, "contacts", account=accounts["alpha"].pk) == ["Ada"]
    assert column(client, "contacts", account__country="SE") == ["Bob"]
    assert column(client, "contacts", account__industry=industry("Software").pk) == ["Ada"]
    assert column(client, "contacts", job_title__empty="true") == ["Bob"]


@pytest.mark.feature("F158")
@pytest.mark.parametrize(
    "query, subjects",
    [
        ({"kind": "issue"}, ["One", "Two"]),
        ({"kind": "epic"}, []),
        ({"is_closed": "true"}, ["Two"]),
        ({"status": "New"}, ["One"]),
        ({"subject__contains": "wo"}, ["Two"]),
        ({"account__country": "NO"}, ["One"]),
        ({"account__city": "Bergen"}, ["Two"]),
        ({"account__is_key": "true"}, ["One"]),
        ({"account__account_manager": "me"}, ["One"]),
        ({"assigned_to": "me"}, ["Two"]),
        ({"assigned_to__empty": "true"}, ["One"]),
        ({"q": "two"}, ["Two"]),
        ({"q": "alpha"}, ["One"]),
    ],
)
def test_tickets_are_filtered_by_their_own_and_their_accounts_columns(
    api, project, worker, accounts, query, subjects
):
    link(make_issue(project, "One"), accounts["alpha"])
    second = make_issue(project, "Two", status="closed", assigned_to=worker)
    link(second, accounts["beta"])
    found = column(api(worker), "tickets", "subject", **query, sort="subject")
    assert found == subjects


@pytest.mark.parametrize(
    "query, word",
    [
        ({"secret": "1"}, "secret"),
        ({"search_text": "x"}, "search_text"),
        ({"created_by__password": "x"}, "created_by__password"),
        ({"name__regex": "x"}, "name__regex"),
        ({"city__gte": "x"}, "city__gte"),
        ({"country": "Atlantis"}, "country"),
        ({"employees": "ten"}, "employees"),
        ({"employees__gte": "99999999999"}, "employees"),
        ({"annual_revenue__gte": "NaN"}, "annual_revenue"),
        ({"is_key": "maybe"}, "is_key"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"created_at__gte": "9999-12-31"}, "far"),
        ({"industry": "x"}, "industry"),
        ({"city__empty": "maybe"}, "city__empty"),
        ({"sort": "secret"}, "secret"),
        ({"sort": "search_text"}, "search_text"),
        ({"sort": "emails"}, "emails"),
        ({"fields": "search_text"}, "search_text"),
        ({"fields": "created_by__password"}, "created_by__password"),
        ({"page": "0"}, "page"),
        ({"page": "-1"}, "page"),
        ({"page_size": "x"}, "page_size"),
        ({"cursor": "nonsense"}, "cursor"),
    ],
)
def test_a_query_that_the_list_does_not_offer_is_400_and_says_what(api, worker, query, word):
    answer = got(api(worker).get("accounts", query), 400)
    assert (answer["code"], answer["_error_type"]) == ("invalid_query", "InvalidQuery")
    assert word in answer["_error_message"]


@pytest.mark.parametrize(
    "query",
    [
        {"group_by": "description"},
        {"group_by": "city:month"},
        {"group_by": "created_at:century"},
        {"totals": "name"},
    ],
)
def test_groups_that_are_not_declared_are_400(api, worker, query):
    assert got(api(worker).get("accounts/groups", query), 400)["code"] == "invalid_query"


def test_more_values_than_a_filter_takes_are_refused_not_dropped(api, worker, accounts):
    many = ",".join(str(number) for number in range(1, 102))
    assert api(worker).get("accounts", {"industry": many}).status_code == 400


def test_two_words_of_one_account_may_stand_in_any_order(api, worker, accounts):
    assert column(api(worker), "accounts", q="oslo ALPHA") == ["Alpha"]


def test_search_finds_words_of_any_alphabet(api, project, worker):
    make_account("주식회사 한빛", project)
    make_account("Żółć Łódź", project)
    assert column(api(worker), "accounts", q="한빛") == ["주식회사 한빛"]
    assert column(api(worker), "accounts", q="żół") == ["Żółć Łódź"]


@pytest.mark.parametrize(
    "query, names",
    [
        ({"created_at": "2026-03-10"}, ["Alpha", "Beta"]),
        ({"created_at__lte": "2026-03-10"}, ["Alpha", "Beta", "Earlier"]),
        ({"created_at__gte": "2026-03-10"}, ["Alpha", "Beta", "Gamma"]),
        ({"created_at__gte": "2026-03-10", "created_at__lte": "2026-03-10"}, ["Alpha", "Beta"]),
    ],
)
def test_a_day_begins_and_ends_at_midnight(api, project, worker, accounts, query, names):
    make_account("Earlier", project, created_at=DAY - datetime.timedelta(microseconds=1))
    assert column(api(worker), "accounts", **query) == names
