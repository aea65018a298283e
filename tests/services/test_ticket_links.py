"""Accounts on tickets: the first is primary, the star moves it, the host's rights decide."""

import pytest
from asking import column, got, labels
from records import (
    fingerprint,
    industry,
    link,
    make_account,
    make_crm_project,
    make_worker,
)

from factories import MAKE_TICKET, make_issue, make_project
from taiga_crm.models import HistoryEntry, TicketAccount

pytestmark = pytest.mark.django_db

KINDS = sorted(MAKE_TICKET)


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project))


def asked(client, ticket, status=200, kind="issue"):
    return got(client.get("ticket-accounts", {"kind": kind, "ticket": ticket.pk}), status)


def linked(client, ticket, account, status=201, kind="issue"):
    body = {"kind": kind, "ticket": ticket.pk, "account": account.pk}
    return got(client.post("ticket-accounts", body), status)


def shown(panel):
    return [(row["account"]["label"], row["is_primary"]) for row in panel["links"]]


@pytest.mark.feature("F154", "F155")
@pytest.mark.parametrize("kind", KINDS)
def test_the_first_account_of_a_ticket_is_its_primary_one(client, project, kind):
    ticket = MAKE_TICKET[kind](project)
    one, two = make_account("One", project), make_account("Two", project)
    assert shown(asked(client, ticket, kind=kind)) == []
    assert shown(linked(client, ticket, two, kind=kind)) == [("Two", True)]
    assert shown(linked(client, ticket, one, kind=kind)) == [("Two", True), ("One", False)]


def test_linking_twice_changes_nothing(client, project):
    ticket, account = make_issue(project), make_account("One", project)
    linked(client, ticket, account)
    before = fingerprint()
    assert shown(linked(client, ticket, account)) == [("One", True)]
    assert fingerprint() == before


@pytest.mark.feature("F157")
@pytest.mark.parametrize("kind", KINDS)
def test_the_star_makes_another_account_the_primary_one(client, project, kind):
    ticket = MAKE_TICKET[kind](project)
    link(ticket, make_account("One", project))
    two = link(ticket, make_account("Two", project), primary=False)
    panel = got(client.post(f"ticket-accounts/{two.pk}/star"))
    assert shown(panel) == [("Two", True), ("One", False)]
    assert shown(asked(client, ticket, kind=kind)) == shown(panel)


def test_when_the_primary_account_is_unlinked_the_oldest_follows(client, project):
    ticket = make_issue(project)
    rows = [
        link(ticket, make_account(name, project), primary=name == "One")
        for name in ("One", "Two", "Three")
    ]
    panel = got(client.delete(f"ticket-accounts/{rows[0].pk}"))
    assert shown(panel) == [("Two", True), ("Three", False)]
    assert shown(got(client.delete(f"ticket-accounts/{rows[2].pk}"))) == [("Two", True)]
    assert shown(got(client.delete(f"ticket-accounts/{rows[1].pk}"))) == []


def test_when_the_primary_account_is_deleted_the_oldest_of_each_ticket_follows(client, project):
    gone, next_one = make_account("Gone", project), make_account("Next", project)
    tickets = [make(project) for make in MAKE_TICKET.values()]
    other = make_issue(project)
    for ticket in tickets:
        link(ticket, gone)
        link(ticket, next_one, primary=False)
    kept = link(other, make_account("Kept", project))
    assert client.delete(f"accounts/{gone.pk}").status_code == 204
    for kind, ticket in zip(MAKE_TICKET, tickets, strict=True):
        assert shown(asked(client, ticket, kind=kind)) == [("Next", True)]
    kept.refresh_from_db()
    assert kept.is_primary is True


def test_a_panel_tells_what_the_ticket_is_and_whether_it_may_be_changed(api, client, project):
    ticket = make_issue(project, "Printer")
    panel = asked(client, ticket)
    assert panel["ticket"] == {
        "kind": "issue", "id": ticket.pk, "ref": ticket.ref, "subject": "Printer",
        "project": project.pk,
    }  # fmt: skip
    assert (panel["enabled"], panel["can_change"]) == (True, True)
    reader = api(make_worker(project, host=("view_project", "view_issues")))
    assert asked(reader, ticket)["can_change"] is False


@pytest.mark.parametrize("kind, view, modify", [
    ("issue", "view_issues", "modify_issue"), ("userstory", "view_us", "modify_us"),
    ("task", "view_tasks", "modify_task"), ("epic", "view_epics", "modify_epic"),
])  # fmt: skip
def test_the_hosts_rights_on_the_ticket_decide(api, project, kind, view, modify):
    ticket, account = MAKE_TICKET[kind](project), make_account("One", project)
    row = link(ticket, account)
    without = api(make_worker(project, host=("view_project", modify)))
    asked(without, ticket, 404, kind)
    assert without.post(f"ticket-accounts/{row.pk}/star").status_code == 404
    assert column(without, "tickets", "id") == []
    reader = api(make_worker(project, host=("view_project", view)))
    before = fingerprint()
    assert shown(asked(reader, ticket, kind=kind)) == [("One", True)]
    assert column(reader, "tickets", "id") == [row.pk]
    linked(reader, ticket, account, 403, kind)
    assert reader.post(f"ticket-accounts/{row.pk}/star").status_code == 403
    assert reader.delete(f"ticket-accounts/{row.pk}").status_code == 403
    assert fingerprint() == before
    writer = api(make_worker(project, host=("view_project", view, modify)))
    assert writer.delete(f"ticket-accounts/{row.pk}").status_code == 200


@pytest.mark.feature("F002")
def test_where_the_crm_is_off_there_is_no_panel_and_no_ticket_in_lists(api, client):
    off = make_project("Nimbus")
    ticket, account = make_issue(off), make_account("One", off)
    worker = api(make_worker(off))
    link(ticket, account)
    asked(worker, ticket, 404)
    before = fingerprint()
    linked(worker, ticket, account, 404)
    assert fingerprint() == before
    assert column(worker, "tickets", "id") == []


def test_an_unknown_kind_is_refused(client, project):
    told = got(client.get("ticket-accounts", {"kind": "wiki", "ticket": 1}), 400)
    assert list(told) == ["kind"]


@pytest.mark.feature("F158", "F159")
def test_the_ticket_list_shows_and_groups_by_the_primary_accounts_data(client, project):
    acme = make_account("Acme", project, industry=industry("Energy"), country="NO", city="Oslo")
    bolt = make_account("Bolt", project, country="SE")
    for account, subject in ((acme, "One"), (acme, "Two"), (bolt, "Three")):
        link(make_issue(project, subject), account)
    second = make_issue(project, "One account more")
    link(second, bolt)
    link(second, acme, primary=False)
    names = labels(client, "tickets", "account", sort="account,subject")
    assert names == ["Acme", "Acme", "Bolt", "Bolt"]
    groups = got(client.get("tickets/groups", {"group_by": "account__country"}))
    assert [(one["label"], one["count"], one["filter"]) for one in groups["groups"]] == [
        ("Norway", 2, {"account__country": "NO"}),
        ("Sweden", 2, {"account__country": "SE"}),
    ]
    by_industry = got(client.get("tickets/groups", {"group_by": "account__industry"}))["groups"]
    assert [(one["label"], one["count"]) for one in by_industry] == [("Energy", 2), ("(empty)", 2)]


@pytest.mark.feature("F158")
def test_a_ticket_row_leads_to_its_ticket(client, project):
    row = link(make_issue(project, "One"), make_account("Acme", project))
    found = got(client.get("tickets"))[0]
    assert found["_at"] == {"kind": "issue", "slug": "aurora", "ref": row.issue.ref}
    assert (found["subject"], found["kind"], found["status"]) == ("One", "issue", "New")
    assert found["project"]["label"] == "Aurora"


def test_a_ticket_record_cannot_be_written_through_the_list(client, project):
    row = link(make_issue(project), make_account("Acme", project))
    for method in ("patch", "delete", "put", "post"):
        assert getattr(client, method)(f"tickets/{row.pk}", {}).status_code == 405
    assert client.post("tickets", {}).status_code == 405
    assert TicketAccount.objects.count() == 1


def test_what_happened_on_tickets_stands_in_the_accounts_history(client, project):
    ticket, account = make_issue(project), make_account("Acme", project)
    row = linked(client, ticket, account)["links"][0]
    client.post(f"ticket-accounts/{row['id']}/star")
    client.delete(f"ticket-accounts/{row['id']}")
    entries = HistoryEntry.objects.filter(kind="account", object_id=account.pk).order_by("pk")
    changes = [(one.verb, one.changes[0]["old"], one.changes[0]["new"]) for one in entries]
    assert changes[0] == ("link_ticket", "", f"#{ticket.ref}")
    assert changes[-1] == ("unlink_ticket", f"#{ticket.ref}", "")
