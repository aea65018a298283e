"""Nothing that a person may not see shows through: not in rows, counts, sums, names or order."""

import json
import re

import pytest
from asking import column, everything, got
from recipes import cases, request_of
from records import (
    connect,
    give_keys,
    industry,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    personal,
)
from scene import make_scene

from factories import make_issue, make_user
from taiga_crm import models
from taiga_crm.models import Account, AccountEmail, AccountPhone, ContactEmail, HistoryEntry
from taiga_crm.registry.catalog import entities, fields_of
from taiga_crm.registry.operators import is_columnar, operators_of

pytestmark = pytest.mark.django_db

WORD = "Zq7xSecret"
NUMBER = 987654321


def plant(project, keeper, neighbor, *, issue, type_row):
    """Hide a private account behind everything a visible one can be tied to."""
    secret = make_account(
        WORD, project, pk=NUMBER, created_by=keeper, is_private=True, account_manager=keeper,
        city=f"{WORD} city", organisation=WORD, country="LI", employees=7_777_777, is_key=True,
        annual_revenue="7777777", annual_revenue_currency="CHF", type=type_row,
        industry=neighbor.industry, description=WORD, website=f"{WORD}.example",
    )  # fmt: skip
    value = f"{WORD}@example.org"
    AccountEmail.objects.create(account=secret, value=value, key=value.lower(), is_primary=True)
    AccountPhone.objects.create(account=secret, value="+41987654321", key="+41987654321")
    contact = make_contact(secret, f"{WORD} person", pk=NUMBER + 1, job_title=f"{WORD} job")
    ContactEmail.objects.create(contact=contact, value=value, key=value.lower(), is_primary=True)
    Account.objects.filter(pk=neighbor.pk).update(parent=secret)
    make_account(f"{WORD} child", project, created_by=keeper, is_private=True, parent=neighbor)
    connect(secret, neighbor, note=WORD)
    link(issue, secret, pk=NUMBER + 2, primary=False)
    return secret


def questions(scene, *, widely):
    """Yield every GET of the URL conf, and lists with all columns, filters, sorts and groups."""
    for template, method, target in cases():
        if method == "GET":
            yield template, target, {}
    for entity in (one for one in entities() if widely and one.scope != "settings"):
        fields = fields_of(entity.key)
        names = ",".join(name for name, field in fields.items() if is_columnar(field))
        yield from _of_lists(entity, fields, names)
    for text in (WORD, WORD[:4], str(NUMBER), f"#{NUMBER}", f"{WORD}@example.org", "person"):
        for path in ("search", "accounts/lookup", "contacts/lookup", "accounts", "contacts",
                     "tickets", "tickets/groups", "users"):  # fmt: skip
            yield path, "-", {"q": text}


def _of_lists(entity, fields, names):
    for params in _variants(entity, fields, names):
        yield entity.path, "-", params
        yield f"{entity.path}/export.csv", "-", params
    yield f"{entity.path}/export.csv", "-", {"fields": "*"}
    yield f"{entity.path}/export.xlsx", "-", {"fields": "*"}
    for group in entity.group_by:
        yield f"{entity.path}/groups", "-", {"group_by": group}
        yield f"{entity.path}/export.csv", "-", {"group_by": group}
        yield f"{entity.path}/export.xlsx", "-", {"group_by": group}


def _variants(entity, fields, names):
    yield {"fields": names, "page_size": 200}
    for name, field in fields.items():
        if field.sortable and is_columnar(field):
            yield {"sort": name}
            yield {"sort": f"-{name}", "page_size": 2}
    for name in entity.list_filter:
        operators = operators_of(fields[name])
        value = str(NUMBER) if fields[name].kind in ("link", "links") else WORD
        value = {"boolean": "true", "datetime": "2026-01-01", "country": "LI"}.get(
            fields[name].kind, "7777777" if fields[name].kind in ("integer", "money") else value
        )
        for operator in operators:
            raw = {
                "empty": "false", "within": "this_year", "between": f"{value},{value}",
                "contains": WORD[:4], "excludes": WORD[:4], "starts": WORD[:4],
            }.get(operator, value)  # fmt: skip
            yield {name if operator == "exact" else f"{name}__{operator}": raw}
            yield {"tree": json.dumps({"not": [name, operator, raw]})}


def answers(client, scene, persona, *, widely=True):
    """Return {question: the whole answer as text} without what a clock or a counter writes."""
    found = {}
    for template, target, params in questions(scene, widely=widely):
        path, own = request_of(scene, template, "GET", target, persona)
        answer = client.get(path, {**own, **params})
        found[f"{path} {own | params}"] = f"{answer.status_code} {everything(answer)}"
    return found


@pytest.mark.feature("F121")
@pytest.mark.parametrize(
    "persona", ["viewer", "seller", "owner", "director", "partner", "admin", "superuser"]
)
def test_a_private_account_changes_no_answer_that_anybody_else_gets(api, persona):
    scene = make_scene()
    keeper = models.Account.objects.get(name="Hub").created_by
    widely = persona == "superuser"
    client = api(scene.people[persona])
    neighbor = scene.account("mine", persona)
    Account.objects.filter(pk=neighbor.pk).update(industry=industry())
    neighbor.refresh_from_db()
    before = answers(client, scene, persona, widely=widely)
    plant(scene.projects["home"], keeper, neighbor, issue=scene.issues["team"], type_row=personal())
    after = answers(client, scene, persona, widely=widely)
    # the security log tells what this person has asked meanwhile; it is looked through below
    asked = [key for key in before if not key.startswith("security-log")]
    changed = {key: (before[key], after[key]) for key in asked if before[key] != after[key]}
    assert changed == {}
    assert len(before) > (300 if widely else 100)
    told = [key for key, text in after.items() if WORD in text or str(NUMBER) in _body(text)]
    assert told == []


def _body(text):
    """Return an answer without addresses: pagination headers repeat what was asked."""
    return re.sub(r"http://\S+", "", text)


def test_the_creator_does_get_the_planted_account(api):
    scene = make_scene()
    keeper = models.Account.objects.get(name="Hub").created_by
    plant(scene.projects["home"], keeper, scene.accounts["hub"], issue=scene.issues["team"],
          type_row=personal())  # fmt: skip
    told = [key for key, text in answers(api(keeper), scene, "seller").items() if WORD in text]
    assert len(told) > 50


@pytest.fixture
def root(api):
    return api(make_user("root", is_superuser=True))


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def keeper(project):
    return make_worker(project, "keeper")


@pytest.fixture
def hidden(project, keeper):
    return make_account(WORD, project, created_by=keeper, is_private=True)


def test_history_of_a_visible_record_does_not_name_a_hidden_parent(
    api, root, project, keeper, hidden
):
    child = make_account("Child", project)
    changed = api(keeper).patch(f"accounts/{child.pk}", {"version": 1, "parent": hidden.pk})
    assert changed.json()["parent"] == {"id": hidden.pk, "label": WORD}
    mine = got(api(keeper).get(f"accounts/{child.pk}/history"))[0]["changes"]
    theirs = got(root.get(f"accounts/{child.pk}/history"))[0]["changes"]
    assert [(one["old"], one["new"]) for one in mine] == [("", WORD)]
    assert [(one["old"], one["new"]) for one in theirs] == [("", "…")]


def test_history_does_not_name_projects_the_reader_is_no_member_of(api, project, keeper):
    other = make_crm_project("Zq7xProject")
    make_worker(other, user=keeper)
    account = make_account("Acme", project)
    got(api(keeper).post(f"accounts/{account.pk}/projects", {"project": other.pk}), 201)
    reader = api(make_worker(project))
    shown = got(reader.get(f"accounts/{account.pk}/history"))[0]["changes"][0]
    assert (shown["old"], shown["new"]) == ("Aurora", "Aurora, …")
    record = got(reader.get(f"accounts/{account.pk}"))
    assert [one["label"] for one in record["projects"]] == ["Aurora"]
    assert [one["label"] for one in got(reader.get(f"accounts/{account.pk}/projects"))] == [
        "Aurora"
    ]
    mine = got(api(keeper).get(f"accounts/{account.pk}/history"))[0]["changes"][0]
    assert mine["new"] == "Aurora, Zq7xProject"


def test_a_stale_version_answers_with_what_the_person_may_see(api, root, project, keeper, hidden):
    child = make_account("Child", project, parent=hidden)
    stale = root.patch(f"accounts/{child.pk}", {"version": 99, "city": "x"})
    assert (stale.status_code, stale.json()["current"]["parent"]) == (400, None)
    assert WORD not in stale.content.decode()


def test_copying_a_record_copies_no_hidden_parent(root, project, hidden):
    child = make_account("Child", project, parent=hidden)
    assert got(root.get("accounts/new", {"copy": child.pk}))["parent"] is None
    assert root.get("accounts/new", {"copy": hidden.pk}).status_code == 404


def test_delete_preview_counts_only_what_the_person_sees(api, root, project, keeper):
    hub = make_account("Hub", project, created_by=keeper)
    make_account("Open child", project, parent=hub)
    make_account(WORD, project, parent=hub, created_by=keeper, is_private=True)
    seen = got(root.get(f"accounts/{hub.pk}/delete-preview"))
    assert [(one["count"], one["sample"]) for one in seen["unlinks"]] == [(1, ["Open child"])]
    mine = got(api(keeper).get(f"accounts/{hub.pk}/delete-preview"))
    assert [one["count"] for one in mine["unlinks"]] == [2]


def test_a_refused_delete_of_a_type_does_not_count_private_accounts(root, project, keeper):
    kind = models.AccountType.objects.create(name="Rare")
    make_account(WORD, project, type=kind, created_by=keeper, is_private=True)
    one = root.delete(f"account-types/{kind.pk}")
    make_account(f"{WORD} 2", project, type=kind, created_by=keeper, is_private=True)
    two = root.delete(f"account-types/{kind.pk}")
    assert (one.status_code, two.status_code) == (409, 409)
    assert one.json() == two.json()


def test_filters_by_a_hidden_parent_find_nothing_and_treat_it_as_empty(root, project, hidden):
    make_account("Child", project, parent=hidden)
    make_account("Orphan", project)
    assert column(root, "accounts", parent=hidden.pk) == []
    assert column(root, "accounts", parent__empty="true") == ["Child", "Orphan"]
    assert column(root, "accounts", parent__empty="false") == []
    assert column(root, "accounts", parent__not=hidden.pk) == ["Child", "Orphan"]


def test_sorting_by_parent_does_not_order_by_hidden_names(root, project, keeper):
    first = make_account(f"{WORD} A", project, created_by=keeper, is_private=True)
    last = make_account(f"{WORD} Z", project, created_by=keeper, is_private=True)
    one = make_account("One", project, parent=last)
    two = make_account("Two", project, parent=first)
    assert column(root, "accounts", "id", sort="parent") == [one.pk, two.pk]
    assert column(root, "accounts", "id", sort="-parent") == [two.pk, one.pk]


def test_groups_and_sums_leave_hidden_rows_out(api, root, project, keeper):
    money = {"annual_revenue_currency": "EUR", "city": "Oslo"}
    make_account("Open", project, annual_revenue=5, **money)
    make_account(WORD, project, annual_revenue=7, created_by=keeper, is_private=True, **money)
    query = {"group_by": "city", "totals": "annual_revenue"}
    group = got(root.get("accounts/groups", query))["groups"]
    assert [(one["label"], one["count"]) for one in group] == [("Oslo", 1)]
    assert group[0]["totals"]["annual_revenue"] == [{"amount": "5.00", "currency": "EUR"}]
    mine = got(api(keeper).get("accounts/groups", query))
    assert mine["totals"]["annual_revenue"] == [{"amount": "12.00", "currency": "EUR"}]


def test_a_ticket_with_a_hidden_primary_account_is_in_no_list_and_its_panel_is_silent(
    api, root, project, keeper, hidden
):
    issue = make_issue(project, "Printer")
    link(issue, hidden)
    link(issue, make_account("Open", project), primary=False)
    assert column(root, "tickets", "subject") == []
    assert column(api(keeper), "tickets", "subject") == ["Printer"]
    panel = got(root.get("ticket-accounts", {"kind": "issue", "ticket": issue.pk}))
    assert [(one["account"]["label"], one["is_primary"]) for one in panel["links"]] == [
        ("Open", False)
    ]


def test_history_entries_about_tickets_name_no_subject(api, project, keeper):
    account, issue = make_account("Acme", project), make_issue(project, f"{WORD} subject")
    body = {"kind": "issue", "ticket": issue.pk, "account": account.pk}
    got(api(keeper).post("ticket-accounts", body), 201)
    shown = api(make_worker(project, host=("view_project",))).get(f"accounts/{account.pk}/history")
    assert WORD not in shown.content.decode()
    assert HistoryEntry.objects.filter(object_id=account.pk, verb="link_ticket").count() == 1


def test_a_global_key_holder_sees_all_projects_but_no_private_account(api, project, hidden):
    make_account("Open", project)
    director = make_user("director")
    give_keys(director, "view_everything", "change_everything", "delete_everything")
    assert column(api(director), "accounts") == ["Open"]
    assert api(director).get(f"accounts/{hidden.pk}").status_code == 404
    assert api(director).delete(f"accounts/{hidden.pk}").status_code == 404
