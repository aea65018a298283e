"""How many queries a request needs: the same for 5 and 50 rows, and no more than reviewed (P11).

To accept a change: CRM_WRITE_QUERY_COUNTS=1 pytest tests/api/test_query_counts.py, then read it.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from records import (
    company,
    connect,
    employee,
    industry,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import make_issue, make_user
from taiga_crm.models import AccountEmail, ContactEmail
from taiga_crm.registry.catalog import entities

pytestmark = pytest.mark.django_db

BASELINE = Path(__file__).with_name("query_counts.json")
GOALS = {"list": 6, "page": 6, "detail": 9, "create": 15, "update": 15}
ABOVE: dict[str, int] = {}
FEW, MANY = 5, 50


def fill(project, worker, number):
    for one in range(number):
        account = make_account(
            f"Account {one}", project, industry=industry(), account_manager=worker,
            city=f"City {one}", annual_revenue=one, annual_revenue_currency="EUR",
        )  # fmt: skip
        AccountEmail.objects.create(account=account, value="a@b.c", key="a@b.c", is_primary=True)
        contact = make_contact(account, f"Contact {one}")
        ContactEmail.objects.create(contact=contact, value="a@b.c", key="a@b.c", is_primary=True)
        link(make_issue(project, f"Issue {one}", assigned_to=worker), account)
        industry(f"Industry {one}")
    return account, contact


def reads(account, contact):
    number = {"account": account.pk, "contact": contact.pk, "industry": account.industry_id,
              "account_type": account.type_id, "contact_type": contact.type_id,
              "ticket": account.ticket_links.get().pk}  # fmt: skip
    for entity in entities():
        yield f"list {entity.path}", entity.path, {"page_size": 200}
        yield f"page {entity.path}", entity.path, {"page_size": 3}
        yield (
            f"groups {entity.path}",
            f"{entity.path}/groups",
            ({"group_by": entity.group_by[0]} if entity.group_by else {}),
        )
        if entity.writable:
            yield f"lookup {entity.path}", f"{entity.path}/lookup", {}
        if entity.key in number:
            yield f"detail {entity.path}", f"{entity.path}/{number[entity.key]}", {}
            if entity.tabs:
                path = f"{entity.path}/{number[entity.key]}/page"
                yield f"record {entity.path}", path, {}
                every = ",".join(p.key for tab in entity.tabs for p in (tab, *tab.parts))
                yield f"record, all lists {entity.path}", path, {"lists": every}
            if entity.writable:
                path = f"{entity.path}/{number[entity.key]}/history"
                yield f"history {entity.path}", path, {}
            if entity.is_record:
                for tail in ("timeline", "followers", "people"):
                    yield f"{tail} {entity.path}", f"{entity.path}/{number[entity.key]}/{tail}", {}
    yield "tree account-groups", "account-groups/tree", {}
    yield "search", "search", {"q": "account"}
    yield "me", "me", {}
    yield "notifications", "notifications", {}
    yield "unread notifications", "notifications/unread", {}
    yield "connections", f"accounts/{account.pk}/connections", {}
    yield "panel", "ticket-accounts", {
        "kind": "issue", "ticket": account.ticket_links.get().issue_id,
    }  # fmt: skip


def writes(account, contact, project):
    body = {"type": company().pk, "first_name": "New", "projects": [project.pk],
            "emails": ["n@b.c"], "industry": industry().pk, "city": "Oslo"}  # fmt: skip
    person = {"type": employee().pk, "last_name": "New", "account": account.pk, "emails": ["n@b.c"]}
    yield "create accounts", "post", "accounts", body
    yield "create contacts", "post", "contacts", person
    yield "create industries", "post", "industries", {"name": "Brand new"}
    yield "update accounts", "patch", f"accounts/{account.pk}", {
        "version": 1, "city": "New", "industry": industry("Other").pk,
    }  # fmt: skip
    yield "update accounts with e-mails", "patch", f"accounts/{account.pk}", {
        "version": 2, "city": "Newer", "industry": industry().pk, "emails": ["m@b.c"],
    }  # fmt: skip
    yield "update contacts", "patch", f"contacts/{contact.pk}", {"version": 1, "job_title": "New"}
    path = f"industries/{account.industry_id}"
    yield "update industries", "patch", path, {"version": 1, "name": "Renamed"}
    yield "favorite", "post", f"accounts/{account.pk}/favorite", {"value": True}
    yield "comment", "post", f"accounts/{account.pk}/comments", {"text": "Hello"}
    yield "make primary", "post", f"contacts/{contact.pk}/make-primary", {}
    yield "delete contacts", "delete", f"contacts/{contact.pk}", {}
    yield "delete accounts", "delete", f"accounts/{account.pk}", {}
    yield "restore accounts", "post", "bin/restore", {"kind": "account", "ids": [account.pk]}


def counted(call):
    """Return how many statements ran, without savepoints and settings of a transaction."""
    with CaptureQueriesContext(connection) as queries:
        answer = call()
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code < 300, answer.content
    return len([one for one in queries if not is_silent(one["sql"])])


def is_silent(sql):
    """Say whether a statement reads and writes nothing; a limit may travel with a question."""
    if sql.startswith("SET LOCAL"):
        return ";" not in sql
    return sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"))


def measured(api, number):
    with transaction.atomic():
        try:
            return measure(api, number)
        finally:
            transaction.set_rollback(True)


def measure(api, number):
    project = make_crm_project(f"Project {number}")
    worker = make_worker(project)
    root = api(make_user(is_superuser=True))
    client = api(worker)
    account, contact = fill(project, worker, number)
    connect(account, make_account("Hub", project))
    found = {}
    for name, path, params in reads(account, contact):
        found[name] = counted(lambda path=path, params=params: client.get(path, params))
    for name, method, path, body in writes(account, contact, project):
        sender = root if "industries" in name else client
        found[name] = counted(lambda s=sender, m=method, p=path, b=body: getattr(s, m)(p, b))
    return found


@pytest.fixture
def counts(api):
    measured(api, 1)  # warms what is read once per process
    return {"few": measured(api, FEW), "many": measured(api, MANY)}


def test_queries_do_not_grow_with_rows_and_are_those_reviewed(counts):
    assert counts["few"] == counts["many"]
    if os.environ.get("CRM_WRITE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(counts["few"], indent=2, sort_keys=True) + "\n")
    assert counts["few"] == json.loads(BASELINE.read_text())


def test_no_request_needs_more_queries_than_its_goal():
    reviewed = json.loads(BASELINE.read_text())
    above = {
        name: number
        for name, number in reviewed.items()
        if number > GOALS.get(name.partition(" ")[0], 100)
    }
    assert above == ABOVE
