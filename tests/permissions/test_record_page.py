"""GET /{kind}/{id}/page: one answer, and nothing in it that the single endpoints would not give."""

import json

import pytest
from asking import got
from records import (
    company,
    connect,
    link,
    make_account,
    make_attachment,
    make_contact,
    make_crm_project,
    make_worker,
    set_rules,
)
from scene import PERSONAS, make_scene

from factories import make_issue
from taiga_crm import conf as conf_module
from taiga_crm import models
from taiga_crm.registry.catalog import entities

pytestmark = pytest.mark.django_db

TABS = "people,tickets,subaccounts"


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project, "seller"))


@pytest.fixture
def hub(project):
    """An account with something behind each of its tabs."""
    hub = make_account("Hub", project)
    for number in range(3):
        make_contact(hub, f"Person {number}")
        link(make_issue(project, f"Issue {number}"), hub)
        child = make_account(f"Child {number}", project, parent=hub, employees=number + 1,
                             annual_revenue="10", annual_revenue_currency="EUR")  # fmt: skip
        connect(hub, child)
        comment(hub, f"Remark {number}")
    make_attachment(hub)
    return hub


def comment(record, text, **fields):
    kind = record._meta.model_name
    return models.Comment.objects.create(kind=kind, object_id=record.pk, text=text, **fields)


def page_of(client, record, **params):
    return got(client.get(f"{record._meta.model_name}s/{record.pk}/page", params))


def numbers(page):
    return {name: count["count"] for name, count in page["counts"].items()}


def test_a_page_has_the_record_its_first_list_and_the_counts_of_all_tabs(client, hub):
    page = page_of(client, hub)
    assert page["record"] == got(client.get(f"accounts/{hub.pk}"))
    assert numbers(page) == {
        "people": 3, "projects": 1, "tickets": 3, "subaccounts": 3, "connections": 3,
        "timeline": 3, "files": 1,
    }  # fmt: skip
    assert all(one["exact"] for one in page["counts"].values())
    assert list(page["lists"]) == ["people"]
    assert page["lists"]["people"] == {
        "rows": got(client.get("contacts", {"account": hub.pk})),
        "page": 1, "page_size": 50, "has_next": False, "next_cursor": "", "count": 3,
        "exact": True,
    }  # fmt: skip
    assert page["sums"] == {}


def test_lists_and_sums_are_those_of_the_single_endpoints(client, hub):
    page = page_of(
        client, hub, **{"lists": TABS, "people.sort": "-name", "people.page_size": 2,
                        "subaccounts.fields": "name,employees"},
    )  # fmt: skip
    asked = {"account": hub.pk, "sort": "-name", "page_size": 2}
    single = client.get("contacts", asked)
    people = page["lists"]["people"]
    assert people["rows"] == got(single)
    assert [row["name"] for row in people["rows"]] == ["Person 2", "Person 1"]
    assert (people["count"], people["has_next"]) == (3, True)
    assert people["next_cursor"] == single["x-pagination-next-cursor"]
    assert page["lists"]["tickets"]["rows"] == got(client.get("tickets", {"account": hub.pk}))
    children = {"parent": hub.pk, "fields": "name,employees"}
    assert page["lists"]["subaccounts"]["rows"] == got(client.get("accounts", children))
    sums = got(client.get("accounts/groups", {"parent": hub.pk}))
    assert page["sums"] == {"subaccounts": {"count": 3, "totals": sums["totals"]}}
    assert sums["totals"] == {
        "annual_revenue": [{"amount": "30.00", "currency": "EUR"}], "employees": 6,
    }  # fmt: skip


def test_the_stream_comes_along_where_its_tab_is_asked_for(client, hub):
    page = page_of(client, hub, lists="timeline,history")
    assert page["lists"]["timeline"]["rows"] == got(client.get(f"accounts/{hub.pk}/timeline"))
    changes = got(client.get(f"accounts/{hub.pk}/timeline", {"kinds": "changes"}))
    assert page["lists"]["history"] == {"rows": changes, "has_next": False, "next_cursor": ""}
    assert len(page["lists"]["timeline"]["rows"]) == 3


def test_kept_sql_answers_each_record_with_its_own_rows(client, project, hub):
    other = make_account("Other", project)
    make_contact(other, "Somebody else")
    first, second, again = (page_of(client, one, lists=TABS) for one in (hub, other, hub))
    assert first == again
    assert second["record"]["id"] == other.pk
    assert [row["name"] for row in second["lists"]["people"]["rows"]] == ["Somebody else"]
    assert numbers(second) == {
        "people": 1, "projects": 1, "tickets": 0, "subaccounts": 0, "connections": 0,
        "timeline": 0, "files": 0,
    }  # fmt: skip


def test_filters_of_the_address_narrow_the_list_and_not_the_count_of_its_tab(client, hub):
    page = page_of(client, hub, **{"lists": "people", "people.q": "person 1"})
    assert [row["name"] for row in page["lists"]["people"]["rows"]] == ["Person 1"]
    assert (page["lists"]["people"]["count"], page["counts"]["people"]["count"]) == (1, 3)


def test_the_tab_s_own_filter_cannot_be_turned_off(client, project, hub):
    make_contact(make_account("Other", project), "Somebody else")
    other = models.Account.objects.get(name="Other")
    page = page_of(client, hub, **{"lists": "people", "people.account": other.pk})
    assert len(page["lists"]["people"]["rows"]) == 3


def test_a_project_narrows_lists_and_counts_and_a_foreign_one_is_404(api, project, hub):
    second = make_crm_project("Boreas")
    user = make_worker(project, "both")
    make_worker(second, user=user)
    make_account("Far child", second, parent=hub)
    client = api(user)
    assert numbers(page_of(client, hub))["subaccounts"] == 4
    here = page_of(client, hub, project=project.pk, lists="subaccounts")
    assert (here["counts"]["subaccounts"]["count"], len(here["lists"]["subaccounts"]["rows"])) == (
        3,
        3,
    )
    foreign = make_crm_project("Zephyr")
    assert client.get(f"accounts/{hub.pk}/page", {"project": foreign.pk}).status_code == 404


def test_what_is_private_is_neither_shown_nor_counted(api, client, project, hub):
    keeper = make_worker(project, "keeper")
    before = page_of(client, hub, lists=TABS + ",timeline")
    hidden = make_account("Zq7", project, parent=hub, is_private=True, created_by=keeper)
    connect(hub, hidden)
    assert page_of(client, hub, lists=TABS + ",timeline") == before
    mine = page_of(api(keeper), hub, lists=TABS)
    assert (numbers(mine)["subaccounts"], numbers(mine)["connections"]) == (4, 4)
    assert client.get(f"accounts/{hidden.pk}/page").status_code == 404


def test_comments_of_people_one_does_not_see_and_deleted_ones_and_files_do_not_count(
    api, client, project, hub
):
    person = hub.contacts.first()
    comment(person, "About a person")
    comment(hub, "Gone", deleted_at=hub.created_at)
    models.Attachment.objects.create(kind="account", object_id=hub.pk, deleted_at=hub.created_at)
    assert (numbers(page_of(client, hub))["timeline"], numbers(page_of(client, hub))["files"]) == (
        4,
        1,
    )
    only = api(make_worker(project, keys=["view_account"]))
    page = page_of(only, hub)
    assert (page["lists"]["people"]["rows"], numbers(page)["people"]) == ([], 0)
    assert numbers(page)["timeline"] == 3


def test_a_tab_whose_filter_a_field_rule_hides_is_left_out(client, hub):
    set_rules("contact", {"field": "account", "effect": "visible_to"})
    page = page_of(client, hub, lists=TABS)
    assert "people" not in page["counts"]
    assert list(page["lists"]) == ["tickets", "subaccounts"]
    assert client.get("contacts", {"account": hub.pk}).status_code == 400


def test_counts_are_bounded_as_those_of_lists(client, hub, settings):
    settings.TAIGA_CRM = {**settings.TAIGA_CRM, "exact_count_limit": 2}
    conf_module.conf.cache_clear()
    try:
        page = page_of(client, hub, **{"lists": "people", "people.page_size": 1})
        single = client.get("contacts", {"account": hub.pk, "page_size": 1})
    finally:
        conf_module.conf.cache_clear()
    assert page["counts"]["people"] == {
        "count": int(single["x-pagination-count"]), "exact": False,
    }  # fmt: skip
    assert page["counts"]["people"]["count"] >= 3


@pytest.mark.parametrize("params, status", [
    ({"lists": "nonsense"}, 400), ({"lists": "people", "people.sort": "nonsense"}, 400),
    ({"lists": "people", "people.page": 9}, 404), ({"project": "x"}, 400),
    ({"lists": ""}, 400), ({"lists": "none"}, 200), ({"lists": "data,billing"}, 200),
])  # fmt: skip
def test_odd_parameters_are_refused_or_ignored(client, hub, params, status):
    answer = client.get(f"accounts/{hub.pk}/page", params)
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["lists"] == {}


def test_a_page_of_a_list_has_at_most_two_hundred_rows(client, project, hub):
    models.Account.objects.bulk_create(
        models.Account(type=company(), name=f"A {one:03}", first_name="x", parent=hub,
                       project_ids=[project.pk])
        for one in range(205)
    )  # fmt: skip
    page = page_of(client, hub, **{"lists": "subaccounts", "subaccounts.page_size": 9_999})
    assert len(page["lists"]["subaccounts"]["rows"]) == 200


def test_a_merged_record_tells_who_took_its_place(client, project, hub):
    double = make_account("Hub 2", project)
    ids, versions = [hub.pk, double.pk], {str(hub.pk): 1, str(double.pk): 1}
    got(client.post("accounts/merge", {"ids": ids, "winner": hub.pk, "versions": versions}))
    told = got(client.get(f"accounts/{double.pk}/page"), 404)
    assert told["details"] == {"merged_into": hub.pk}


@pytest.mark.parametrize("persona", [one for one in PERSONAS if one != "anon"])
def test_a_page_gives_each_person_what_the_single_endpoints_give(api, persona):
    scene = make_scene()
    client, compared = api(scene.people[persona]), 0
    for place in ("hub", "team", "private", "global", "foreign", "mine"):
        account = scene.account(place, persona)
        single = client.get(f"accounts/{account.pk}")
        answer = client.get(f"accounts/{account.pk}/page", {"lists": TABS})
        assert answer.status_code == single.status_code
        if single.status_code == 200:
            compared += 1
            assert_same_as_single(client, account, single.json(), answer.json())
    assert (compared > 0) == (persona not in ("stranger", "outsider"))


def assert_same_as_single(client, account, record, page):
    assert page["record"] == record
    asks = {"people": ("contacts", "account"), "tickets": ("tickets", "account"),
            "subaccounts": ("accounts", "parent")}  # fmt: skip
    for tab, (path, name) in asks.items():
        answer = client.get(path, {name: account.pk})
        shown = page["lists"].get(tab, {"rows": []})
        assert shown["rows"] == got(answer)
        count = page["counts"].get(tab, {"count": 0})["count"]
        assert count == int(answer["x-pagination-count"])
    for tail in ("projects", "connections", "files"):
        path = "attachments" if tail == "files" else tail
        rows = got(client.get(f"accounts/{account.pk}/{path}"))
        assert page["counts"][tail]["count"] == len(rows)


def test_every_kind_with_tabs_has_a_page_and_no_key_stands_for_two_tabs(api, project, hub):
    from factories import make_user

    root = api(make_user("root", is_superuser=True))
    for entity in (one for one in entities() if one.tabs):
        keys = [part.key for tab in entity.tabs for part in (tab, *tab.parts)]
        assert len(keys) == len(set(keys))
        row = entity.model.objects.order_by("pk").first()
        if row is not None:
            page = got(root.get(f"{entity.path}/{row.pk}/page"))
            assert json.dumps(page["record"]) == json.dumps(
                got(root.get(f"{entity.path}/{row.pk}"))
            )
    assert root.get(f"tickets/{hub.ticket_links.first().pk}/page").status_code == 404
