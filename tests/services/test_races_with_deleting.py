"""An account is deleted while somebody works with it: one of the two loses, nothing breaks."""

# ruff: noqa: B023 - the calls run before the loop goes on

import pytest
from api_client import ApiClient
from at_once import at_once
from django.db import connection
from django.db.models import Count, Q
from records import (
    company,
    employee,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import MAKE_TICKET, make_issue
from taiga_crm.models import Account, AccountProject, TicketAccount

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def pair(project):
    made = [ApiClient(make_worker(project)) for _number in range(2)]
    for one in made:
        one.client.raise_request_exception = False
    return made


def never_a_server_error(answers):
    assert [one.status_code for one in answers if one.status_code >= 500] == []


def is_whole():
    """Prove the invariants that no race may break."""
    for account in Account.objects.all():
        linked = AccountProject.objects.filter(account=account).values_list("project_id", flat=True)
        assert sorted(linked) == sorted(account.project_ids)
        contacts = account.contacts.aggregate(n=Count("pk"), p=Count("pk", Q(is_primary=True)))
        assert contacts["p"] == min(1, contacts["n"])
    for kind in MAKE_TICKET:
        rows = TicketAccount.objects.filter(kind=kind).values(kind)
        for row in rows.annotate(primary=Count("pk", Q(is_primary=True))):
            assert row["primary"] == 1, row
    with connection.cursor() as cursor:  # deferred foreign keys hold
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


RIVALS = {
    "edit": lambda c, s: c.patch(f"accounts/{s['account']}", {"version": 1, "city": "Oslo"}),
    "favorite": lambda c, s: c.post(f"accounts/{s['account']}/favorite", {"value": True}),
    "first contact": lambda c, s: c.post(
        "contacts", {"type": s["type"], "last_name": "New", "account": s["account"]}
    ),
    "edit contact": lambda c, s: c.patch(
        f"contacts/{s['contact']}", {"version": 1, "job_title": "Boss"}
    ),
    "move contact away": lambda c, s: c.patch(
        f"contacts/{s['contact']}", {"version": 1, "account": s["other"]}
    ),
    "move contact in": lambda c, s: c.patch(
        f"contacts/{s['stray']}", {"version": 1, "account": s["account"]}
    ),
    "make primary": lambda c, s: c.post(f"contacts/{s['second']}/make-primary"),
    "delete contact": lambda c, s: c.delete(f"contacts/{s['contact']}"),
    "link ticket": lambda c, s: c.post(
        "ticket-accounts", {"kind": "issue", "ticket": s["issue"], "account": s["account"]}
    ),
    "link other": lambda c, s: c.post(
        "ticket-accounts", {"kind": "issue", "ticket": s["led"], "account": s["other"]}
    ),
    "star": lambda c, s: c.post(f"ticket-accounts/{s['link']}/star"),
    "unlink": lambda c, s: c.delete(f"ticket-accounts/{s['link']}"),
    "connect": lambda c, s: c.post(f"accounts/{s['other']}/connections", {"account": s["account"]}),
    "new child": lambda c, s: c.post(
        "accounts",
        {
            "type": s["account type"],
            "first_name": "Child",
            "parent": s["account"],
            "projects": [s["project"]],
        },  # fmt: skip
    ),
    "below": lambda c, s: c.patch(f"accounts/{s['other']}", {"version": 1, "parent": s["account"]}),
    "delete": lambda c, s: c.delete(f"accounts/{s['account']}"),
}


@pytest.mark.parametrize("rival", sorted(RIVALS))
def test_deleting_an_account_meanwhile_breaks_nothing(project, pair, rival):
    for number in range(ROUNDS):
        account, other = make_account("Acme", project), make_account("Other", project)
        led = make_issue(project)
        scene = {
            "account": account.pk, "other": other.pk, "project": project.pk, "led": led.pk,
            "contact": make_contact(account).pk, "second": make_contact(account).pk,
            "stray": make_contact(other).pk, "issue": make_issue(project).pk,
            "link": link(led, account).pk, "type": employee().pk, "account type": company().pk,
        }  # fmt: skip
        calls = [lambda: RIVALS[rival](pair[0], scene), lambda: RIVALS["delete"](pair[1], scene)]
        answers = at_once(*(calls if number % 2 else reversed(calls)))
        never_a_server_error(answers)
        lost = [one.json()["code"] for one in answers if one.status_code == 409]
        assert set(lost) <= {"conflict"}  # a deadlock: one of the two may simply try again
        is_whole()
