"""Bulk acts: one transaction, a result for each row, the same rules as for one record."""

import pytest
from asking import got
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import (
    fingerprint,
    industry,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    personal,
)

from factories import make_issue, make_user
from taiga_crm.models import Account, AccountEmail, BinEntry, Contact, Favorite, HistoryEntry

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


def statuses(answer):
    return [(row["id"], row["status"]) for row in got(answer)["results"]]


def test_every_row_gets_a_result_and_only_changed_ones_a_history(api, project, worker):
    mine = make_account("Mine", project, city="Oslo")
    same = make_account("Same", project, city="Brno")
    old = make_account("Old", project, version=3)
    foreign = make_account("Foreign", make_crm_project())
    secret = make_account("Secret", project, created_by=make_user(), is_private=True)
    ids = [mine.pk, same.pk, old.pk, foreign.pk, secret.pk, 999_999]
    answer = api(worker).post(
        "accounts/bulk",
        {"ids": ids, "changes": {"city": "Brno"}, "versions": {str(old.pk): 2}},
    )
    assert statuses(answer) == [
        (mine.pk, "changed"), (same.pk, "unchanged"), (old.pk, "stale"),
        (foreign.pk, "refused"), (secret.pk, "refused"), (999_999, "refused"),
    ]  # fmt: skip
    results = {row.pop("id"): row for row in answer.json()["results"]}
    assert results[foreign.pk] == results[secret.pk] == results[999_999]
    assert answer.json()["counts"] == {"changed": 1, "unchanged": 1, "stale": 1, "refused": 3}
    cities = dict(Account.objects.values_list("name", "city"))
    assert cities == {"Mine": "Brno", "Same": "Brno", "Old": "", "Foreign": "", "Secret": ""}
    entry = HistoryEntry.objects.get()
    assert (entry.object_id, entry.verb) == (mine.pk, "update")
    assert entry.changes == [{"field": "city", "old": "Oslo", "new": "Brno"}]
    mine.refresh_from_db()
    assert (mine.version, results[mine.pk]["version"]) == (2, 2)
    assert [r["id"] for r in got(api(worker).get("accounts", {"q": "brno"}))] == [mine.pk, same.pk]


def test_a_row_that_the_rules_refuse_says_why_and_the_others_are_written(api, project, worker):
    two_names = make_account("Two", project, type=personal())
    one_name = make_account("One", project)
    answer = api(worker).post(
        "accounts/bulk", {"ids": [two_names.pk, one_name.pk], "changes": {"last_name": "Kim"}}
    )
    assert statuses(answer) == [(two_names.pk, "changed"), (one_name.pk, "refused")]
    refused = answer.json()["results"][1]
    assert refused["errors"] == {"last_name": ["This account type does not have this field."]}
    assert dict(Account.objects.values_list("pk", "name")) == {
        two_names.pk: "Two Kim", one_name.pk: "One",
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"changes": {"city": "x"}},
        {"ids": [1], "changes": {}},
        {"ids": [1]},
        {"ids": [1], "changes": {"nonsense": 1}},
        {"ids": [1], "changes": {"created_at": "2020-01-01"}},
        {"ids": list(range(1, 502)), "changes": {"city": "x"}},
        {"ids": [], "changes": {"city": "x"}},
        {"ids": [1], "changes": {"type": None}},
        {"ids": [1], "changes": {"industry": 999_999}},
        {"ids": [1], "filter": {}, "changes": {"city": "x"}},
        {"filter": {"nonsense": "1"}, "changes": {"city": "x"}},
        {"ids": ["1"], "changes": {"city": "x"}},
        {"ids": [1], "changes": []},
    ],
)
def test_a_bulk_edit_that_makes_no_sense_is_refused_as_a_whole(api, project, worker, body):
    account = make_account("Acme", project)
    body = {**body, "ids": [account.pk]} if body.get("ids") == [1] else body
    before = fingerprint()
    assert api(worker).post("accounts/bulk", body).status_code == 400
    assert fingerprint() == before


def test_a_hidden_link_target_is_answered_like_an_absent_one(api, project, worker):
    account = make_account("Acme", project)
    secret = make_account("Secret", project, created_by=make_user(), is_private=True)
    answers = [
        got(
            api(worker).post("accounts/bulk", {"ids": [account.pk], "changes": {"parent": pk}}), 400
        )
        for pk in (secret.pk, 999_999)
    ]
    assert answers[0] == answers[1] == {"parent": ["Choose one from the list."]}


def test_a_filter_chooses_all_that_match_up_to_500(api, project, worker):
    for number in range(3):
        make_account(f"Oslo {number}", project, city="Oslo")
    make_account("Other", project, city="Brno")
    body = {"filter": {"city": "Oslo", "project": str(project.pk)}, "changes": {"is_key": True}}
    assert got(api(worker).post("accounts/bulk", body))["counts"] == {"changed": 3}
    assert Account.objects.filter(is_key=True).count() == 3
    Account.objects.bulk_create(
        Account(type=Account.objects.first().type, name=f"N{n}", first_name=f"N{n}",
                project_ids=[project.pk])
        for n in range(500)
    )  # fmt: skip
    too_many = api(worker).post("accounts/bulk", {"filter": {}, "changes": {"city": "x"}})
    assert (too_many.status_code, too_many.json()) == (
        400, {"filter": ["At most 500 records at once."]},
    )  # fmt: skip


def test_e_mails_and_projects_go_row_by_row_with_the_same_result(api, project, worker):
    other = make_crm_project("Boreas")
    make_worker(other, user=worker)
    accounts = [make_account(f"A{n}", project) for n in range(3)]
    changes = {"emails": [{"value": "a@b.c"}], "projects": [project.pk, other.pk]}
    body = {"ids": [one.pk for one in accounts], "changes": changes}
    assert got(api(worker).post("accounts/bulk", body))["counts"] == {"changed": 3}
    assert AccountEmail.objects.count() == 3
    assert {tuple(ids) for ids in Account.objects.values_list("project_ids", flat=True)} == {
        (project.pk, other.pk)
    }


def test_contacts_move_to_another_account_and_each_account_keeps_one_primary(api, project, worker):
    one, two = make_account("One", project), make_account("Two", project)
    moved = [make_contact(one, f"C{n}") for n in range(3)]
    stays = make_contact(one, "Stays")
    body = {"ids": [contact.pk for contact in moved], "changes": {"account": two.pk}}
    assert got(api(worker).post("contacts/bulk", body))["counts"] == {"changed": 3}
    primary = set(Contact.objects.filter(is_primary=True).values_list("account", "name"))
    assert primary == {(two.pk, "C0"), (one.pk, "Stays")}
    assert stays.account_id == one.pk


def test_a_bulk_edit_of_500_rows_needs_as_few_queries_as_one_of_5(api, project, worker):
    kinds = {"industry": industry().pk, "account_manager": worker.pk, "city": "Oslo"}
    numbers = []
    for size in (5, 500):
        rows = Account.objects.bulk_create(
            Account(type=make_account("T", project).type if n == 0
                    else Account.objects.first().type,
                    name=f"{size} {n}", first_name=f"{size} {n}", project_ids=[project.pk])
            for n in range(size)
        )  # fmt: skip
        client = api(worker)
        with CaptureQueriesContext(connection) as queries:
            answer = got(client.post("accounts/bulk", {"ids": [r.pk for r in rows],
                                                       "changes": kinds}))  # fmt: skip
        assert answer["counts"] == {"changed": size}
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    assert numbers[1] <= MOST_QUERIES
    assert HistoryEntry.objects.filter(verb="update").count() == 505


def test_a_bulk_delete_of_many_rows_needs_as_few_queries_as_one_of_2(api, project, worker):
    numbers = []
    for size in (2, 40):
        rows = [make_account(f"{size} {n}", project) for n in range(size)]
        for row in rows:
            make_contact(row)
            link(make_issue(project), row)
            Favorite.objects.create(kind="account", object_id=row.pk, user=worker)
        client = api(worker)
        with CaptureQueriesContext(connection) as queries:
            answer = got(client.post("accounts/bulk-delete", {"ids": [r.pk for r in rows]}))
        assert answer["counts"] == {"deleted": size}
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    entry = BinEntry.objects.first()
    assert entry.contents == {
        "taiga_crm.accountproject": 1, "taiga_crm.contact": 1, "taiga_crm.ticketaccount": 1,
        "taiga_crm.favorite": 1,
    }  # fmt: skip
    assert not Contact.objects.exists()
    assert not Favorite.objects.exists()


def test_rows_with_different_values_and_none_are_written_by_the_same_statement(
    api, project, worker
):
    one = make_account("One", project, city="Oslo", website="one.example")
    two = make_account("Two", project, city="Rome", employees=5)
    body = {"ids": [one.pk, two.pk], "changes": {"city": "Kyiv", "employees": None}}
    assert got(api(worker).post("accounts/bulk", body))["counts"] == {"changed": 2}
    for row in (one, two):
        before = row.search_text
        row.refresh_from_db()
        assert (row.city, row.employees, row.version) == ("Kyiv", None, 2)
        assert "kyiv" in row.search_text != before
    assert (one.search_text == two.search_text, one.website) == (False, "one.example")
    assert one.modified_at == two.modified_at > one.created_at


@pytest.mark.feature("F127")
def test_a_bulk_delete_moves_rows_into_the_bin_and_answers_for_each(api, project, worker):
    rows = [make_account(f"A{n}", project) for n in range(3)]
    hub = make_account("Hub", project)
    issue = make_issue(project)
    link(issue, rows[0])
    link(issue, hub, primary=False)
    foreign = make_account("Foreign", make_crm_project())
    client = api(worker)
    ids = [one.pk for one in rows]
    answer = client.post("accounts/bulk-delete", {"ids": [*ids, foreign.pk, 999_999]})
    assert got(answer)["counts"] == {"deleted": 3, "refused": 2}
    left = Account.objects.order_by("pk").values_list("name", flat=True)
    assert list(left) == ["Hub", "Foreign"]
    assert hub.ticket_links.get().is_primary
    assert BinEntry.objects.count() == 3
    back = got(client.post("bin/restore", {"kind": "account", "ids": ids}))
    assert [row["status"] for row in back] == ["restored"] * 3


def test_rows_in_use_are_refused_and_the_others_deleted(api, project):
    from taiga_crm.capabilities.bulk import bulk_delete
    from taiga_crm.registry.catalog import entity

    root = make_user(is_superuser=True)
    used = make_account("User", project).type
    free = type(used).objects.create(name="Free")
    results = bulk_delete(entity("account_type"), root, [used.pk, free.pk], {})
    assert [(r["id"], r["status"]) for r in results] == [(used.pk, "refused"), (free.pk, "deleted")]
    assert type(used).objects.filter(pk=used.pk).exists()


def test_stars_are_set_and_taken_on_what_the_person_sees(api, project, worker):
    rows = [make_account(f"A{n}", project) for n in range(2)]
    foreign = make_account("Foreign", make_crm_project())
    ids = [*(one.pk for one in rows), foreign.pk]
    client = api(worker)
    first = client.post("accounts/bulk-favorite", {"ids": ids})
    assert statuses(first) == [
        (rows[0].pk, "changed"), (rows[1].pk, "changed"), (foreign.pk, "refused"),
    ]  # fmt: skip
    assert got(client.post("accounts/bulk-favorite", {"ids": ids}))["counts"] == {
        "unchanged": 2, "refused": 1,
    }  # fmt: skip
    off = got(client.post("accounts/bulk-favorite", {"ids": [rows[0].pk], "value": False}))
    assert off["counts"] == {"changed": 1}
    assert Favorite.objects.get().object_id == rows[1].pk


def test_who_may_change_nothing_gets_each_row_refused(api, project, worker):
    account = make_account("Acme", project)
    viewer = api(make_worker(project, verbs=("view",)))
    before = fingerprint()
    ids = [account.pk]
    for path, body in (("bulk", {"changes": {"city": "x"}}), ("bulk-delete", {})):
        answer = viewer.post(f"accounts/{path}", {"ids": ids, **body})
        assert statuses(answer) == [(account.pk, "refused")]
        assert answer.json()["results"][0]["code"] == "permission_denied"
    assert fingerprint() == before
