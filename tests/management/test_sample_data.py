"""The demo's sample data: the same each time, believable, and within all rules."""

from __future__ import annotations

import datetime
import io
import json
from collections import Counter
from typing import Any

import phonenumbers
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from records import fingerprint

from taiga_crm.host import current_host
from taiga_crm.kernel import clock
from taiga_crm.management.sample_data.plan import make_plan
from taiga_crm.models import (
    Account,
    AccountProject,
    Contact,
    Favorite,
    HistoryEntry,
    ProjectSettings,
    RoleGrant,
    TicketAccount,
)
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.keys import grantable_kinds, role_keys
from taiga_crm.registry.catalog import entity

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("sample_data")]
RESERVED = ("example", "test")


def fill(**options: Any) -> str:
    out = io.StringIO()
    call_command("crm_sample_data", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Fill the demo once for all tests of the module, and forget it after them."""
    if current_host().name != "standalone":
        pytest.skip("the demo's projects exist on the embedded host alone")
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("standalone_sample_host", stdout=io.StringIO())
        told = fill()
        yield told
        transaction.set_rollback(True)


@pytest.fixture
def person(demo: str) -> Any:
    return lambda name: get_user_model().objects.get(username=name)


def seen_by(user: Any, kind: str = "account", verb: str = "view") -> Any:
    return rows_for(entity(kind), user, verb)


def test_the_plan_is_the_same_each_time() -> None:
    assert make_plan() == make_plan()


def test_the_plan_has_unique_names_and_valid_numbers() -> None:
    plan = make_plan()
    numbers = [v for one in plan for v in one.values["phones"]]
    numbers += [someone.phone for one in plan for someone in one.people]
    invalid = [n for n in numbers if not phonenumbers.is_valid_number(phonenumbers.parse(n))]
    assert len({one.name for one in plan}) == len(plan) == 260
    assert invalid == []


def test_addresses_use_reserved_domains_alone(demo: str) -> None:
    addresses = list(Account.objects.values_list("emails__value", flat=True).distinct())
    addresses += Contact.objects.values_list("emails__value", flat=True).distinct()
    domains = [value.rpartition("@")[2] for value in addresses if value]
    assert len(domains) > 600
    assert [d for d in domains if not d.endswith(tuple(f".{one}" for one in RESERVED))] == []


def test_it_says_what_it_made_and_makes_it_once(demo: str) -> None:
    assert demo == "Created 260 accounts in Aurora shop, Nimbus support\n"
    before = fingerprint()
    assert fill() == "The sample data is there\n"
    assert fingerprint() == before


def test_the_counts_are_exact(demo: str) -> None:
    assert Account.objects.count() == 260
    assert Contact.objects.count() == 434
    countries = Counter(Account.objects.values_list("country", flat=True))
    assert (countries["US"], countries["CZ"], countries["KR"], countries["DE"]) == (57, 44, 43, 42)
    currencies = set(Account.objects.values_list("annual_revenue_currency", flat=True))
    assert currencies == {"KRW", "CZK", "EUR", "USD", ""}
    assert Account.objects.exclude(parent=None).count() == 47
    assert Account.objects.filter(is_key=True).count() == 29
    assert Account.objects.filter(is_global=True).count() == 4
    assert Account.objects.filter(is_private=True).count() == 6
    assert Favorite.objects.count() == 24


def test_names_carry_the_legal_forms_of_their_countries(demo: str) -> None:
    korean = Account.objects.filter(country="KR", type__name="Company")
    czech = Account.objects.filter(country="CZ", type__name="Company")
    assert korean.filter(name__regex="주식회사|\\(주\\)|㈜").count() == korean.count() == 40
    assert czech.filter(name__regex="s\\.r\\.o\\.|s r\\.o\\.|a\\.s\\.").count() == 40


def test_every_account_with_contacts_has_exactly_one_primary_contact(demo: str) -> None:
    primaries = Counter(Contact.objects.filter(is_primary=True).values_list("account", flat=True))
    assert set(primaries.values()) == {1}
    assert set(primaries) == set(Contact.objects.values_list("account", flat=True))


def test_tickets_of_all_kinds_are_linked_with_one_primary_account_each(demo: str) -> None:
    links = TicketAccount.objects.all()
    tickets = Counter((link.kind, link.ticket_id) for link in links)
    primaries = Counter((link.kind, link.ticket_id) for link in links if link.is_primary)
    assert 130 <= len(links) <= 170
    assert {kind for kind, _pk in tickets} == {"issue", "userstory", "task", "epic"}
    assert Counter(tickets.values())[1] > 50
    assert Counter(tickets.values())[3] > 5
    assert primaries == dict.fromkeys(tickets, 1)


def test_the_array_of_projects_equals_the_rows(demo: str) -> None:
    rows: dict[int, set[int]] = {}
    for account_id, project_id in AccountProject.objects.values_list("account", "project"):
        rows.setdefault(account_id, set()).add(project_id)
    arrays = dict(Account.objects.values_list("pk", "project_ids"))
    assert {pk: set(ids) for pk, ids in arrays.items()} == rows
    assert 10 <= sum(len(ids) == 2 for ids in arrays.values()) <= 20


def test_internal_tools_stays_without_a_crm(demo: str) -> None:
    switched = ProjectSettings.objects.filter(is_enabled=True).values_list("project__slug")
    assert sorted(slug for (slug,) in switched) == ["aurora-shop", "nimbus-support"]


def test_roles_may_what_their_names_promise(person: Any) -> None:
    grants = RoleGrant.objects.filter(role__project__slug="aurora-shop").select_related("role")
    keys = {grant.role.name: set(grant.keys) for grant in grants}
    kinds = grantable_kinds()
    assert keys["Sales"] == {f"{v}_{kind}" for v in ("view", "add", "change") for kind in kinds}
    sees = {f"view_{kind}" for kind in kinds}
    assert keys["Viewer"] == keys["Support"] == keys["Partner"] == sees
    assert keys["Sales director"] == set(role_keys())
    assert access_of(person("dirk")).has_key("view_everything")


def test_everybody_sees_what_the_persona_should(person: Any) -> None:
    sally, paula, vera, stan = (person(name) for name in ("sally", "paula", "vera", "stan"))
    secret = Account.objects.filter(is_private=True, created_by=sally).first()
    assert secret is not None
    assert secret in seen_by(sally)
    for name in ("admin", "dirk", "pam", "vera"):
        assert secret not in seen_by(person(name))
    assert 5 <= seen_by(paula).exclude(is_global=True).count() <= 15
    assert set(seen_by(paula).exclude(is_global=True).values_list("account_manager")) == {
        (paula.pk,)
    }
    assert seen_by(vera).count() == 254
    assert seen_by(vera, verb="change").count() == 0
    assert seen_by(stan).count() == 0


def test_the_rows_lie_in_the_last_year_and_their_history_with_them(demo: str) -> None:
    now = clock.now()
    moments = sorted(Account.objects.values_list("created_at", flat=True))
    assert moments[-1] <= now
    assert datetime.timedelta(days=300) < now - moments[0] < datetime.timedelta(days=367)
    assert sum(m > now - datetime.timedelta(days=90) for m in moments) > 80
    created = HistoryEntry.objects.filter(kind="account", verb="create")
    entries = dict(created.values_list("object_id", "at"))
    assert entries == dict(Account.objects.values_list("pk", "created_at"))


def test_contacts_are_not_older_than_their_account(demo: str) -> None:
    rows = Contact.objects.values_list("created_at", "account__created_at")
    assert [made for made, account in rows if made < account] == []


def test_the_demo_has_views_for_everybody_that_find_something(api, person):
    client = api(person("vera"))
    project = next(
        one["id"] for one in client.get("projects").json() if one["slug"] == "aurora-shop"
    )
    views = client.get("views", {"kind": "account", "project": project}).json()
    assert [one["name"] for one in views] == [
        "Key accounts", "New this month", "Large, or in Korea and Japan",
    ]  # fmt: skip
    for one in views:
        assert (one["sharing"], one["broken"], one["usable"]) == ("public", [], one["state"])
    tree = json.dumps(views[2]["state"]["tree"])
    assert client.get("accounts", {"project": project, "tree": tree}).json()
