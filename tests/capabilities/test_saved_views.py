"""Saved views: kept whole, shared by rule, given by default, broken names told and not dropped."""

import itertools
import json

import pytest
from asking import column, got
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import (
    give_keys,
    industry,
    make_account,
    make_crm_project,
    make_view,
    make_worker,
)

from factories import make_member, make_role, make_user
from taiga_crm.models import SavedView, UserType

pytestmark = pytest.mark.django_db

STATE = {
    "columns": ["name", "city"],
    "filters": [["city", "exact", "Oslo"]],
    "tree": {"any": [["employees", "gte", 5], {"not": ["is_key", "exact", True]}]},
    "sort": ["-name"],
    "group_by": "created_at:month",
    "totals": ["employees"],
    "search": "acme",
    "look": "list",
}


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
def admin(project):
    return make_member(project, make_user("boss"), is_admin=True)


def names(client, **params):
    return [one["name"] for one in got(client.get("views", {"kind": "account", **params}))]


@pytest.mark.feature("F034")
def test_a_view_is_saved_changed_and_deleted_with_all_its_state(client):
    made = got(client.post("views", {"kind": "account", "name": " Oslo ", "state": STATE}), 201)
    assert (made["name"], made["sharing"], made["is_mine"]) == ("Oslo", "private", True)
    assert made["state"] == {"format": 1, **STATE}
    assert (made["usable"], made["broken"]) == (made["state"], [])
    body = {"version": 1, "name": "Bergen", "color": "#AABBCC", "show_as_tag": True}
    changed = got(client.patch(f"views/{made['id']}", body))
    assert (changed["name"], changed["color"], changed["show_as_tag"], changed["version"]) == (
        "Bergen", "#aabbcc", True, 2,
    )  # fmt: skip
    assert changed["state"] == made["state"]
    stale = client.patch(f"views/{made['id']}", {"version": 1, "name": "Lost"})
    assert (stale.status_code, stale.json()["code"]) == (400, "stale_version")
    assert names(client) == ["Bergen"]
    assert client.delete(f"views/{made['id']}").status_code == 204
    assert names(client) == []


@pytest.mark.feature("F033")
@pytest.mark.parametrize("kind", ["account", "contact", "ticket", "industry", "account_group"])
def test_every_kind_that_a_person_sees_has_views(client, kind):
    got(client.post("views", {"kind": kind, "name": "All of it"}), 201)
    shown = got(client.get("views", {"kind": kind}))
    assert [one["name"] for one in shown] == ["All of it"]


@pytest.mark.parametrize("kind", ["user_type", "nothing", "", 5, None, ["account"]])
def test_kinds_that_are_hidden_or_unknown_have_none(client, kind):
    assert client.post("views", {"kind": kind, "name": "x"}).status_code == 404
    assert client.get("views", {"kind": str(kind)}).status_code == 404
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize("state", [
    [], "x", 5, {"format": 2}, {"columns": "name"}, {"columns": [1]}, {"columns": ["x" * 81]},
    {"columns": ["x"] * 61}, {"filters": [["city", "exact"]]}, {"filters": ["city"]},
    {"filters": [["city", "exact", "x"]] * 21}, {"tree": []}, {"tree": {"all": []}},
    {"tree": {"all": [["a", "b", "c"]] * 51}}, {"look": "chart"}, {"surprise": 1},
    {"group_by": 5}, {"search": "x" * 201}, {"search": "a\x00b"},
    {"tree": ["city", "exact", "a\x00b"]}, {"filters": [["city", "exact", "x" * 2001]]},
    {"tree": {"all": [["city", "exact", "x" * 2000]] * 9}},
])  # fmt: skip
def test_a_state_of_the_wrong_shape_or_size_is_refused(client, state):
    body = {"kind": "account", "name": "Bad", "state": state}
    assert list(got(client.post("views", body), 400)) == ["state"]
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize("body, fault", [
    ({"name": ""}, "name"), ({"name": "x" * 101}, "name"), ({"name": None}, "name"),
    ({"name": ["x"]}, "name"), ({"color": "red"}, "color"), ({"sharing": "world"}, "sharing"),
    ({"sharing": None}, "sharing"), ({"project": 999_999}, "project"),
    ({"project": "x"}, "project"),
    ({"roles": [True]}, "roles"), ({"roles": list(range(101))}, "roles"),
])  # fmt: skip
def test_other_fields_of_a_view_are_checked(client, body, fault):
    assert list(got(client.post("views", {"kind": "account", "name": "x", **body}), 400)) == [fault]


def test_a_person_has_at_most_a_hundred_views_of_a_kind(client, worker):
    for number in range(100):
        make_view(f"View {number}", worker)
    assert list(got(client.post("views", {"kind": "account", "name": "x"}), 400)) == ["name"]
    got(client.post("views", {"kind": "contact", "name": "x"}), 201)


@pytest.mark.feature("F034")
def test_a_broken_name_is_told_and_the_rest_still_works_and_saving_drops_nothing(client, project):
    state = {
        "columns": ["name", "renamed"],
        "filters": [["city", "exact", "Oslo"], ["renamed", "exact", "x"]],
        "tree": {"any": [["gone", "exact", 1], {"all": [["city", "gte", "x"],
                 ["industry", "exact", "no number"], ["employees", "gte", 1]]}]},
        "sort": ["-renamed", "name"], "group_by": "renamed", "totals": ["name", "employees"],
    }  # fmt: skip
    made = got(client.post("views", {"kind": "account", "name": "Old", "state": state}), 201)
    told = [(one["part"], one["name"]) for one in made["broken"]]
    assert told == [
        ("columns", "renamed"), ("sort", "-renamed"), ("totals", "name"), ("group_by", "renamed"),
        ("filters", "renamed"), ("tree", "gone"), ("tree", "city"), ("tree", "industry"),
    ]  # fmt: skip
    assert all(one["reason"] for one in made["broken"])
    usable = made["usable"]
    assert usable["columns"] == ["name"]
    assert usable["filters"] == [["city", "exact", "Oslo"]]
    assert usable["tree"] == {"any": [{"all": [["employees", "gte", 1]]}]}
    assert (usable["sort"], usable["group_by"], usable["totals"]) == (["name"], "", ["employees"])
    body = {"version": 1, "name": "Still old", "state": made["state"]}
    again = got(client.patch(f"views/{made['id']}", body))
    assert again["state"] == made["state"]
    assert SavedView.objects.get().state["filters"][1] == ["renamed", "exact", "x"]


def test_a_tree_of_broken_names_alone_is_no_filter(client):
    state = {"tree": {"not": {"all": [["gone", "exact", 1]]}}}
    made = got(client.post("views", {"kind": "account", "name": "Old", "state": state}), 201)
    assert made["usable"]["tree"] is None


def test_private_views_are_their_owners_alone(api, client, worker, admin):
    view = make_view("Mine", worker)
    root = make_user("root", is_superuser=True)
    for other in (admin, root):
        assert names(api(other)) == []
        assert api(other).get(f"views/{view.pk}").status_code == 404
        assert api(other).patch(f"views/{view.pk}", {"version": 1}).status_code == 404
        assert api(other).delete(f"views/{view.pk}").status_code == 404
        assert api(other).post(f"views/{view.pk}/default", {"for": "me"}).status_code == 404
    assert names(client) == ["Mine"]


def test_only_who_may_share_shares(api, client, worker, project, admin):
    role = worker.memberships.get().role
    keeper = make_user("keeper")
    give_keys(keeper, "manage_settings", "view_everything")
    inside = {"kind": "account", "name": "x", "project": project.pk}
    everywhere = {"kind": "account", "name": "x"}
    type_id = UserType.objects.first().pk
    cases = [
        (worker, {**inside, "sharing": "public"}, 403),
        (worker, {**inside, "sharing": "roles", "roles": [role.pk]}, 403),
        (worker, {**everywhere, "sharing": "public"}, 403),
        (admin, {**inside, "sharing": "public"}, 201),
        (admin, {**inside, "sharing": "roles", "roles": [role.pk]}, 201),
        (admin, {**everywhere, "sharing": "public"}, 403),
        (admin, {**everywhere, "sharing": "user_types", "user_types": [type_id]}, 403),
        (keeper, {**everywhere, "sharing": "public"}, 201),
        (keeper, {**everywhere, "sharing": "user_types", "user_types": [type_id]}, 201),
        (keeper, {**everywhere, "sharing": "user_types", "user_types": []}, 400),
        (keeper, {**everywhere, "sharing": "user_types", "user_types": [99999]}, 400),
        (keeper, {**everywhere, "sharing": "roles", "roles": [role.pk]}, 400),
        (keeper, {**inside, "sharing": "public"}, 400),
        (admin, {**inside, "sharing": "user_types", "user_types": [type_id]}, 400),
        (admin, {**inside, "sharing": "roles", "roles": [make_role(make_crm_project()).pk]}, 400),
    ]
    for person, body, status in cases:
        before = SavedView.objects.count()
        assert api(person).post("views", body).status_code == status, (person, body)
        assert SavedView.objects.count() == before + (status == 201)


@pytest.mark.feature("F034")
def test_shared_views_reach_exactly_those_they_are_shared_with(api, worker, project, admin):
    role = worker.memberships.get().role
    other = make_worker(project, "other")
    stranger = make_worker(make_crm_project("Boreas"), "stranger")
    typed = make_worker(make_crm_project("Corona"), "typed")
    user_type = give_keys(typed)
    make_view("Roles", admin, project=project, sharing="roles", roles=[role])
    make_view("Public here", admin, project=project, sharing="public")
    make_view("Types", admin, sharing="user_types", user_types=[user_type])
    make_view("Public", admin, sharing="public")
    here = {"project": project.pk}
    assert names(api(worker), **here) == ["Roles", "Public here", "Public"]
    assert names(api(worker)) == ["Public"]
    assert names(api(other), **here) == ["Public here", "Public"]
    assert names(api(stranger)) == ["Public"]
    assert api(stranger).get("views", {"kind": "account", **here}).status_code == 404
    assert names(api(typed)) == ["Types", "Public"]
    assert names(api(admin), **here) == ["Roles", "Public here", "Types", "Public"]


def test_a_shared_view_is_changed_by_those_who_may_share_it(api, worker, project, admin):
    view = make_view("Shared", worker, project=project, sharing="public")
    body = {"version": 1, "name": "Renamed"}
    assert api(worker).patch(f"views/{view.pk}", body).status_code == 403
    assert api(worker).delete(f"views/{view.pk}").status_code == 403
    assert got(api(admin).patch(f"views/{view.pk}", body))["name"] == "Renamed"
    private = {"version": 2, "sharing": "private"}
    assert list(got(api(admin).patch(f"views/{view.pk}", private), 400)) == ["sharing"]
    assert SavedView.objects.get().sharing == "public"


def test_views_of_a_project_whose_crm_is_off_are_gone(api, worker, project, admin):
    view = make_view("Here", admin, project=project, sharing="public")
    project.crm_settings.is_enabled = False
    project.crm_settings.save()
    assert api(admin).get(f"views/{view.pk}").status_code == 404


def test_views_are_put_into_order_by_those_who_may_change_them(api, client, worker, admin):
    first, second, third = (make_view(name, worker, position=3) for name in "abc")
    shared = make_view("Shared", admin, sharing="public", position=1)
    body = {"kind": "account", "ids": [third.pk, first.pk, second.pk]}
    assert client.post("views/reorder", body).status_code == 204
    assert names(client) == ["Shared", "c", "a", "b"]
    for ids, status in [
        ([shared.pk, first.pk], 403), ([first.pk, 999_999], 400), ([], 400), ("x", 400),
        ([first.pk, first.pk], 400), ([True], 400), ([2**80], 400), (list(range(501)), 400),
    ]:  # fmt: skip
        answer = client.post("views/reorder", {"kind": "account", "ids": ids})
        assert answer.status_code == status, ids
    assert names(client) == ["Shared", "c", "a", "b"]


@pytest.mark.feature("F036")
def test_tags_of_two_views_combine_into_one_tree(client, project):
    make_account("Oslo key", project, city="Oslo", is_key=True)
    make_account("Oslo", project, city="Oslo")
    make_account("Key", project, is_key=True)
    states = [{"filters": [["city", "exact", "Oslo"]]}, {"tree": ["is_key", "exact", True]}]
    tags = [
        got(client.post("views", {"kind": "account", "name": f"Tag {number}", "state": state,
                                  "color": "#ff0000", "show_as_tag": True}), 201)
        for number, state in enumerate(states)
    ]  # fmt: skip
    parts = itertools.chain.from_iterable(
        [*one["usable"]["filters"], *([one["usable"]["tree"]] if one["usable"]["tree"] else [])]
        for one in tags
    )
    assert column(client, "accounts", tree=json.dumps({"all": list(parts)})) == ["Oslo key"]


@pytest.mark.feature("F224")
def test_accounts_are_grouped_by_any_column_with_totals(client, project):
    from taiga_crm.registry.catalog import entity

    make_account("A", project, city="Oslo", industry=industry("Energy"), employees=5)
    columns = set(entity("account").list_display) - {"annual_revenue"}
    offered = {name.partition(":")[0] for name in entity("account").group_by}
    assert columns <= offered
    for name in entity("account").group_by:
        found = got(client.get("accounts/groups", {"group_by": name}))
        assert (found["count"], found["totals"]["employees"]) == (1, 5), name


def test_the_list_of_views_needs_as_many_queries_for_two_as_for_twenty(client, worker, project):
    role = worker.memberships.get().role
    counts = []
    for number in (2, 18):
        for one in range(number):
            make_view(f"{number} {one}", worker, project=project, sharing="roles", roles=[role],
                      state=STATE)  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert len(got(client.get("views", {"kind": "account", "project": project.pk}))) > 1
        counts.append(len(queries))
    assert counts[0] == counts[1]
