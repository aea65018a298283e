"""Filter trees: and, or, not over any fields, with the meaning that Python gives them."""

import datetime
import json

import pytest
from asking import column, exported, got
from records import industry, make_account, make_crm_project, make_worker

from factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F034")]

CITIES = ["", "Oslo", "Bergen", "oslo"]
NUMBERS = [None, 1, 10, 50]


def tree(data):
    return {"tree": json.dumps(data)}


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def client(api, worker):
    return api(worker)


@pytest.fixture
def accounts(project, worker):
    make_account("Alpha", project, city="Oslo", employees=10, is_key=True, account_manager=worker)
    make_account("Beta", project, city="Bergen", employees=50, industry=industry("Energy"))
    make_account("Gamma", project, city="", industry=industry("Software"))


@pytest.mark.parametrize(
    "data, names",
    [
        ({"any": [["city", "exact", "Oslo"], ["employees", "gte", 50]]}, ["Alpha", "Beta"]),
        ({"all": [["city", "exact", "Oslo"], ["employees", "gte", 50]]}, []),
        ({"not": ["city", "exact", "Oslo"]}, ["Beta", "Gamma"]),
        ({"not": {"not": ["employees", "exact", "10"]}}, ["Alpha"]),
        ({"not": ["employees", "gte", 1]}, ["Gamma"]),
        (["city", "exact", ["Oslo", "Bergen"]], ["Alpha", "Beta"]),
        (["city", "not", ["Oslo", "Bergen"]], ["Gamma"]),
        (["city", "starts", "ber"], ["Beta"]),
        (["city", "excludes", "s"], ["Beta", "Gamma"]),
        (["name", "contains", "a"], ["Alpha", "Beta", "Gamma"]),
        (["employees", "between", [10, 49]], ["Alpha"]),
        (["employees", "between", "10,50"], ["Alpha", "Beta"]),
        (["employees", "empty", True], ["Gamma"]),
        (["is_key", "exact", True], ["Alpha"]),
        (["account_manager", "exact", "me"], ["Alpha"]),
        (["industry", "contains", "soft"], ["Gamma"]),
        (["industry", "excludes", "soft"], ["Alpha", "Beta"]),
        (["is_favorite", "exact", False], ["Alpha", "Beta", "Gamma"]),
        ({"not": ["email", "empty", "true"]}, []),
        (
            {"all": [["name", "not", "Beta"],
                     {"any": [["city", "empty", True], {"not": ["employees", "lte", 10]}]}]},
            ["Gamma"],
        ),
    ],
)  # fmt: skip
def test_a_tree_finds_exactly_its_rows(client, accounts, data, names):
    assert column(client, "accounts", **tree(data)) == names


def test_a_tree_narrows_groups_totals_export_and_flat_filters_alike(client, accounts):
    asked = tree({"any": [["city", "exact", "Oslo"], ["city", "exact", "Bergen"]]})
    groups = got(client.get("accounts/groups", {**asked, "group_by": "city"}))
    counts = {one["label"]: one["count"] for one in groups["groups"]}
    assert counts == {"Bergen": 1, "Oslo": 1}
    assert groups["totals"]["employees"] == 60
    assert [row[0] for row in exported(client, "accounts", fields="name", **asked)[1:]] == [
        "Alpha", "Beta",
    ]  # fmt: skip
    assert column(client, "accounts", employees__gte=20, **asked) == ["Beta"]
    assert column(client, "accounts", q="alpha", **asked) == ["Alpha"]


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "null", "5", '"x"', "{}", '{"all": []}', '{"any": {}}', '{"some": [["a"]]}',
        '{"all": [["city", "exact", "x"]], "any": [["city", "exact", "x"]]}',
        '["city", "exact"]', '["city", "exact", null]', '["city", "exact", []]',
        '["city", "exact", [["x"]]]', '["city", "exact", {"x": 1}]', '[1, "exact", "x"]',
        '["description", "contains", "x"]', '["nothing", "exact", "x"]',
        '["search_text", "contains", "x"]', '["created_by__password", "contains", "x"]',
        '["city", "gte", "x"]', '["city", "icontains", "x"]', '["employees", "exact", "many"]',
        '["employees", "between", [1]]', '["employees", "between", [1, 2, 3]]',
        '["employees", "gte", [1, 2]]', '["created_at", "within", "soon"]',
        '["created_at", "within", "last_0_days"]', '["created_at", "within", "last_99999_days"]',
        '["created_at", "exact", "9999-12-31"]', '["city", "exact", "a\\u0000b"]',
        '["employees", "exact", ' + "9" * 3000 + "]",
        "[" * 1500 + "]" * 1500, '{"not":' * 300 + '["city","exact","x"]' + "}" * 300,
        '{"all": [' + ",".join(['["city","exact","x"]'] * 51) + "]}",
        '["city", "exact", [' + ",".join(['"x"'] * 101) + "]]",
        '["city", "exact", "' + "x" * 4000 + '"]',
        '{"all":[{"all":[{"all":[{"all":[{"all":[{"all":[["city","exact","x"]]}]}]}]}]}]}',
    ],
)  # fmt: skip
def test_a_tree_that_is_malformed_or_too_large_is_400(client, text):
    assert got(client.get("accounts", {"tree": text}), 400)["code"] == "invalid_query"


@pytest.mark.parametrize("text", [
    '{"all": [' + ",".join(['["city","exact","x"]'] * 50) + "]}",
    '["city", "exact", [' + ",".join(['"x"'] * 100) + "]]",
    '{"all":[{"any":[{"not":{"any":[{"all":[["city","exact","x"]]}]}}]}]}',
])  # fmt: skip
def test_a_tree_at_its_limits_is_taken(client, text):
    assert client.get("accounts", {"tree": text}).status_code == 200


def test_a_refusal_names_every_condition_that_is_refused(client):
    good, gone = ["city", "exact", "Oslo"], ["nothing", "exact", "x"]
    many, wrong = ["employees", "gte", "many"], ["city", "gte", "x"]
    answer = got(
        client.get("accounts", tree({"any": [good, {"not": many}, {"all": [gone, wrong]}]})), 400
    )
    assert answer["code"] == "invalid_query"
    places = [one["place"] for one in answer["details"]["conditions"]]
    assert places == [1, 2, 3]
    assert answer["details"]["conditions"][0]["message"] == answer["_error_message"]
    assert "employees" in answer["_error_message"]
    groups = client.get("accounts/groups", {**tree({"all": [good, gone]}), "group_by": "city"})
    assert [one["place"] for one in got(groups, 400)["details"]["conditions"]] == [1]


def nested(depth, leaf=("city", "exact", "x")):
    return list(leaf) if depth == 0 else {"all": [nested(depth - 1)]}


def long(length):
    leaves = [["industry", "contains", "x" * size] for size in (1900, 1900, 0)]
    leaves[2][2] = "x" * (length - len(json.dumps({"all": leaves})))
    return {"all": leaves}


@pytest.mark.parametrize("within, beyond", [
    (nested(5), nested(6)),
    ({"not": nested(4)}, {"not": nested(5)}),
    ({"any": [["city", "exact", "x"]] * 50}, {"any": [["city", "exact", "x"]] * 51}),
    (["city", "exact", ["x"] * 100], ["city", "exact", ["x"] * 101]),
    (["industry", "contains", "x" * 2000], ["industry", "contains", "x" * 2001]),
    (long(4000), long(4001)),
])  # fmt: skip
def test_each_limit_of_a_tree_is_exact(client, within, beyond):
    """Five levels, fifty conditions, a hundred values, 2000 characters a value, 4000 in all."""
    assert client.get("accounts", tree(within)).status_code == 200
    refused = client.get("accounts", tree(beyond))
    assert got(refused, 400)["code"] == "invalid_query"


def test_a_hidden_parent_counts_as_empty_under_negation_too(api, project, worker):
    word = "Zq7xSecret"
    hidden = make_account(word, project, created_by=worker, is_private=True)
    make_account("Child", project, parent=hidden)
    make_account("Orphan", project)
    root = api(make_user("root", is_superuser=True))
    both = ["Child", "Orphan"]
    for condition, names in [
        (["parent", "exact", hidden.pk], []),
        (["parent", "not", hidden.pk], both),
        (["parent", "contains", "Zq7x"], []),
        (["parent", "excludes", "Zq7x"], both),
        (["parent", "empty", True], both),
        (["parent", "empty", False], []),
    ]:
        assert column(root, "accounts", **tree(condition)) == names, condition
        rest = [name for name in both if name not in names]
        assert column(root, "accounts", **tree({"not": condition})) == rest, condition
        assert column(root, "accounts", **tree({"not": {"not": condition}})) == names, condition
    mine = column(api(worker), "accounts", **tree(["parent", "contains", "Zq7x"]))
    assert mine == ["Child"]


def test_a_hidden_account_of_a_contact_is_not_told_by_negation(api, project, worker):
    from records import make_contact

    hidden = make_account("Zq7xSecret", project, created_by=worker, is_private=True)
    make_contact(hidden, "Hidden person")
    make_contact(make_account("Open", project), "Open person")
    root = api(make_user("root", is_superuser=True))
    for condition in (["account", "contains", "Zq7x"], ["account", "exact", hidden.pk]):
        assert column(root, "contacts", **tree(condition)) == []
        assert column(root, "contacts", **tree({"not": condition})) == ["Open person"]


def test_my_groups_are_the_people_of_my_user_types(client, project, worker):
    from records import give_keys

    friend, other = make_user("friend"), make_user("stranger")
    give_keys(worker).members.add(friend)
    for name, manager in [("Mine", worker), ("Friend", friend), ("Other", other), ("None", None)]:
        make_account(name, project, account_manager=manager)
    found = column(client, "accounts", **tree(["account_manager", "exact", "my_groups"]))
    assert found == ["Friend", "Mine"]
    found = column(client, "accounts", account_manager__not=f"my_groups,{other.pk}")
    assert found == ["None"]


NOW = datetime.datetime(2026, 3, 31, 22, 30, tzinfo=datetime.timezone.utc)


@pytest.fixture
def moved_clock(monkeypatch):
    from taiga_crm.kernel import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.mark.parametrize(
    "zone, period, days",
    [
        ("", "today", [31]),
        ("", "yesterday", [30]),
        ("", "last_2_days", [30, 31]),
        ("", "this_month", [29, 30, 31]),
        ("", "next_month", [1]),
        ("", "older_than_1_days", [29]),
        ("", "later_than_0_days", None),
        ("", "last_quarter", []),
        ("", "next_quarter", [1]),
        ("", "this_week", [30, 31, 1]),
        ("Asia/Seoul", "today", [31]),
        ("Asia/Seoul", "this_month", [31, 1]),
        ("No/Where", "today", [31]),
    ],
)  # fmt: skip
def test_moving_periods_follow_the_day_of_the_person(
    api, project, worker, moved_clock, zone, period, days
):
    """22:30 UTC of March 31 is April 1 in Seoul, whose day begins at 15:00 UTC."""
    for day in (29, 30, 31, 32):
        at = datetime.datetime(2026, 3, 1, 20, tzinfo=datetime.timezone.utc)
        at += datetime.timedelta(days=day - 1)
        make_account(f"{day:02}", project, created_at=at)
    type(worker).objects.filter(pk=worker.pk).update(timezone=zone)
    worker.refresh_from_db()
    asked = {"created_at__within": period, "sort": "created_at"}
    answer = api(worker).get("accounts", asked)
    if days is None:
        assert answer.status_code == 400
        return
    assert [int(row["name"]) for row in got(answer)] == [day + 31 * (day < 15) for day in days]


def test_a_kept_statement_ends_with_its_day(api, project, worker, monkeypatch):
    from taiga_crm.kernel import clock

    make_account("Old", project, created_at=NOW)
    client = api(worker)
    found = []
    for days in range(3):
        moment = NOW + datetime.timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        found.append(column(client, "accounts", created_at__within="last_2_days"))
    assert found == [["Old"], ["Old"], []]
