"""Pages: order, empty values last, keyset cursors, headers, counts."""

import datetime
from decimal import Decimal

import pytest
from asking import column, got, labels
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from records import industry, make_account, make_crm_project, make_worker

from taiga_crm.capabilities import paging
from taiga_crm.models import Account
from taiga_crm.registry.catalog import entity, fields_of
from taiga_crm.registry.operators import is_columnar

pytestmark = pytest.mark.django_db
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
START = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.timezone.utc)


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


def walked(client, path, **params):
    """Return the ids of all pages, following the cursors."""
    ids, params = [], {**params, "page_size": params.get("page_size", 2)}
    for _step in range(200):
        answer = client.get(path, params)
        assert answer.status_code == 200, answer.content
        ids += [row["id"] for row in answer.json()]
        if "x-pagination-next-cursor" not in answer:
            return ids
        params["cursor"] = answer["x-pagination-next-cursor"]
    raise AssertionError("the cursor goes round in circles")


SORTABLE = sorted(
    name for name, field in fields_of("account").items() if field.sortable and is_columnar(field)
)
TEXTS = st.sampled_from(["", "a", "B", "Ä", "한빛", "z" * 100, "주" * 100])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "city": TEXTS,
            "employees": st.one_of(st.none(), st.integers(0, 3)),
            "annual_revenue": st.one_of(st.none(), st.decimals(0, 2, places=2)),
            "is_key": st.booleans(),
            "created_at": st.integers(0, 3000).map(
                lambda number: START + datetime.timedelta(microseconds=number)
            ),
        }
    ),
    max_size=9,
)


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("name", SORTABLE)
def test_a_cursor_walk_by_any_column_meets_every_account_once(
    api, project, worker, name, direction
):
    chief = make_account("Chief", project, city="Oslo", employees=1)
    rows = [
        make_account(
            f"Account {number}",
            project,
            city=["", "Oslo"][number % 2],
            employees=[None, 1, 2][number % 3],
            parent=[None, chief][number % 2],
            industry=[None, industry("Energy")][number % 2],
            created_at=START + datetime.timedelta(microseconds=number),
            modified_at=START,
        )
        for number in range(7)
    ]
    ids = walked(api(worker), "accounts", sort=direction + name)
    assert sorted(ids) == sorted([chief.pk, *(row.pk for row in rows)])
    whole = column(api(worker), "accounts", "id", sort=direction + name)
    assert ids == whole


@settings(
    max_examples=25,
    phases=NO_SHRINKING,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=ROWS,
    sort=st.lists(
        st.sampled_from(["city", "employees", "annual_revenue", "is_key", "created_at"]).flatmap(
            lambda name: st.sampled_from([name, f"-{name}"])
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda name: name.lstrip("-"),
    ),
    size=st.integers(1, 4),
)
def test_a_cursor_walk_in_any_order_is_the_whole_list_in_that_order(
    api, project, worker, rows, sort, size
):
    Account.objects.all().delete()
    for row in rows:
        make_account("", project, **row)
    client, order = api(worker), ",".join(sort)
    assert walked(client, "accounts", sort=order, page_size=size) == column(
        client, "accounts", "id", sort=order
    )


@pytest.mark.parametrize("sort, expected", [
    ("employees", ["One", "Two", "None"]),
    ("-employees", ["Two", "One", "None"]),
    ("annual_revenue", ["One", "Two", "None"]),
    ("-annual_revenue", ["Two", "One", "None"]),
    ("industry", ["One", "Two", "None"]),
    ("-industry", ["Two", "One", "None"]),
])  # fmt: skip
def test_empty_values_come_last_in_both_directions(api, project, worker, sort, expected):
    make_account("None", project)
    make_account("Two", project, employees=2, annual_revenue=2, industry=industry("Energy B"))
    make_account("One", project, employees=1, annual_revenue=1, industry=industry("Energy A"))
    assert column(api(worker), "accounts", sort=sort) == expected


def test_rows_with_equal_values_keep_one_order(api, project, worker):
    first = make_account("Same", project).pk
    second = make_account("Same", project).pk
    assert column(api(worker), "accounts", "id", sort="name") == [first, second]
    assert column(api(worker), "accounts", "id", sort="-name") == [second, first]


def test_a_page_tells_where_it_is(api, project, worker):
    for number in range(5):
        make_account(f"Account {number}", project)
    answer = api(worker).get("accounts", {"page": 2, "page_size": 2, "sort": "name"})
    assert [row["name"] for row in answer.json()] == ["Account 2", "Account 3"]
    headers = {key.lower(): value for key, value in answer.items() if "pagina" in key.lower()}
    headers.pop("x-pagination-next-cursor")
    address = "http://testserver/api/v1/crm/accounts?page={}&page_size=2&sort=name"
    assert headers == {
        "x-paginated": "true",
        "x-paginated-by": "2",
        "x-pagination-count": "5",
        "x-pagination-count-exact": "true",
        "x-pagination-current": "2",
        "x-pagination-next": address.format(3),
        "x-pagination-prev": address.format(1),
    }


def test_the_last_page_offers_no_next_and_the_page_behind_it_is_404(api, project, worker):
    for number in range(4):
        make_account(f"Account {number}", project)
    last = api(worker).get("accounts", {"page": 2, "page_size": 2})
    assert (last["x-pagination-count"], "x-pagination-next" in last) == ("4", False)
    assert "x-pagination-next-cursor" not in last
    assert api(worker).get("accounts", {"page": 3, "page_size": 2}).status_code == 404


def test_an_empty_list_is_a_page(api, worker):
    answer = api(worker).get("accounts")
    assert (got(answer), answer["x-pagination-count"]) == ([], "0")


def test_a_cursor_page_does_not_send_back_to_a_numbered_page(api, project, worker):
    for number in range(6):
        make_account(f"Account {number}", project)
    client = api(worker)
    first = client.get("accounts", {"page_size": 2})
    second = client.get("accounts", {"page_size": 2, "cursor": first["x-pagination-next-cursor"]})
    assert second["x-pagination-count"] == "6"
    assert "page=2" not in second.get("x-pagination-next", "")


def test_above_the_bound_the_count_is_marked_as_an_estimate(api, project, worker, monkeypatch):
    for number in range(6):
        make_account(f"Account {number}", project)
    monkeypatch.setattr(paging, "conf", lambda: type("Conf", (), {"exact_count_limit": 3})())
    answer = api(worker).get("accounts", {"page_size": 2})
    assert answer["x-pagination-count-exact"] == "false"
    assert int(answer["x-pagination-count"]) >= 4


def test_at_the_bound_the_count_is_exact(api, project, worker, monkeypatch):
    for number in range(6):
        make_account(f"Account {number}", project)
    monkeypatch.setattr(paging, "conf", lambda: type("Conf", (), {"exact_count_limit": 6})())
    # a list that somebody narrowed is always counted; of others the planner is asked first
    answer = api(worker).get("accounts", {"page_size": 2, "name__contains": "Account"})
    assert (answer["x-pagination-count"], answer["x-pagination-count-exact"]) == ("6", "true")


def test_links_sort_by_what_people_read(api, project, worker):
    make_account("One", project, parent=make_account("Zulu", project))
    make_account("Two", project, parent=make_account("Echo", project))
    found = labels(api(worker), "accounts", "parent", fields="parent", sort="parent")
    assert found == ["Echo", "Zulu", None, None]


def test_money_is_shown_with_the_decimals_of_its_currency(api, project, worker):
    for amount, currency in (("1234.5", "EUR"), ("1234.5", "JPY"), ("1.2345", "KWD")):
        make_account(
            currency, project, annual_revenue=Decimal(amount), annual_revenue_currency=currency
        )
    shown = column(api(worker), "accounts", "annual_revenue", fields="annual_revenue")
    assert [one["amount"] for one in shown][0] == "1234.50"
    assert [one["amount"] for one in shown][2] == "1.234"


def test_every_sort_name_of_the_meta_is_taken_by_the_list(api, worker):
    for name in SORTABLE:
        assert api(worker).get("accounts", {"sort": name}).status_code == 200, name
    assert "name" in SORTABLE
    assert entity("account").ordering == ("name",)
