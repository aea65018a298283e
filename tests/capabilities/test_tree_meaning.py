"""Filter trees mean what Python says over every row: random trees against random rows."""

import json

import pytest
from asking import column
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import make_account, make_crm_project, make_worker

from taiga_crm.models import Account

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


FIELDS = st.one_of(
    st.tuples(st.just("city"), st.sampled_from(["exact", "not"]),
              st.lists(st.sampled_from(CITIES[1:]), min_size=1, max_size=2)),
    st.tuples(st.just("city"), st.sampled_from(["contains", "excludes", "starts"]),
              st.sampled_from(["o", "ER", "x"])),
    st.tuples(st.sampled_from(["city", "employees", "parent"]), st.just("empty"), st.booleans()),
    st.tuples(st.just("employees"), st.sampled_from(["gte", "lte", "exact"]),
              st.sampled_from(NUMBERS[1:])),
    st.tuples(st.just("employees"), st.just("between"), st.sampled_from([[1, 10], [10, 9]])),
    st.tuples(st.just("is_key"), st.just("exact"), st.booleans()),
    st.tuples(st.just("parent"), st.sampled_from(["exact", "not"]), st.sampled_from(["P", "H"])),
    st.tuples(st.just("parent"), st.sampled_from(["contains", "excludes"]),
              st.sampled_from(["PARENT", "hidden"])),
).map(list)  # fmt: skip
TREES = st.recursive(
    FIELDS,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=6,
)


def holds(row, data):
    """Evaluate a tree in Python, over what the person sees: a hidden parent is none."""
    if isinstance(data, dict):
        ((mode, parts),) = data.items()
        if mode == "not":
            return not holds(row, parts)
        return (all if mode == "all" else any)(holds(row, part) for part in parts)
    name, operator, value = data
    mine = row[name]
    if operator == "empty":
        return (mine in (None, "")) is value
    if operator in ("contains", "excludes"):
        return (value.lower() in (mine or "").lower()) is (operator == "contains")
    if operator == "starts":
        return mine.lower().startswith(value.lower())
    if operator in ("exact", "not") and name in ("city", "parent"):
        value = {"P": ["Parent P"], "H": ["Hidden H"]}[value] if name == "parent" else value
        return (mine in value) is (operator == "exact")
    if mine is None:
        return False
    return {
        "exact": lambda: mine == value, "gte": lambda: mine >= value, "lte": lambda: mine <= value,
        "between": lambda: value[0] <= mine <= value[1],
    }[operator]()  # fmt: skip


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=TREES)
def test_a_tree_means_what_python_says_over_every_row(client, api, project, data):
    keeper_rows = known_rows(project)
    ids = {"P": keeper_rows["P"].pk, "H": keeper_rows["H"].pk}
    asked = tree(_with_ids(data, ids))
    found = set(column(client, "accounts", page_size=200, **asked))
    assert found == {row["label"] for row in keeper_rows["rows"] if holds(row, data)}


def _with_ids(data, ids):
    if isinstance(data, dict):
        ((mode, parts),) = data.items()
        inner = [_with_ids(p, ids) for p in parts] if mode != "not" else _with_ids(parts, ids)
        return {mode: inner}
    name, operator, value = data
    linked = name == "parent" and operator in ("exact", "not")
    return [name, operator, ids[value] if linked else value]


def known_rows(project):
    """Make every combination of values once: under a visible, a hidden and no parent."""
    if Account.objects.filter(name="Parent P").exists():
        rows = Account.objects.exclude(city="-")
        shown = [
            {"label": one.name, "city": one.city, "employees": one.employees,
             "is_key": one.is_key, "parent": _parent(one)}
            for one in rows.select_related("parent") if not one.is_private
        ]  # fmt: skip
        known = {one.name[-1]: one for one in Account.objects.filter(city="-")}
        return {"P": known["P"], "H": known["H"], "rows": [*shown, _row(known["P"])]}
    visible = make_account("Parent P", project, city="-")
    hidden = make_account("Hidden H", project, city="-", is_private=True)
    for number, (city, employees) in enumerate((c, n) for c in CITIES for n in NUMBERS):
        for parent in (None, visible, hidden):
            make_account(f"{number} {parent}", project, city=city, employees=employees,
                         is_key=number % 2 == 0, parent=parent)  # fmt: skip
    return known_rows(project)


def _row(one):
    return {"label": one.name, "city": one.city, "employees": one.employees,
            "is_key": one.is_key, "parent": None}  # fmt: skip


def _parent(one):
    return "Parent P" if one.parent and not one.parent.is_private else None
