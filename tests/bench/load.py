"""Fill the bench's own database once: accounts, contacts, tickets, history, by COPY."""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Iterator
from typing import Any

from copying import copy_rows
from data import CITIES, COUNTRIES, Names, World, custom_values, people_and_projects, read_world
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from taiga_crm.kernel.text import search_text
from taiga_crm.models import (
    Account,
    AccountEmail,
    AccountPhone,
    AccountProject,
    AccountType,
    Contact,
    ContactType,
    HistoryEntry,
    Industry,
    TicketAccount,
)

VERSION = 2
HUB = 1  # the account with related rows of every kind
RELATED = 25
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def prepared(rows: int) -> World:
    """Return people and projects of a database with so many accounts; load it if needed."""
    mark = f"taiga_crm bench, version {VERSION}, rows {rows}"
    if _mark() != mark:
        _new_database()
    call_command("migrate", verbosity=0)
    if _mark() != mark:
        _load(rows)
        _set_mark(mark)
    forget_writes(rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return read_world()


def forget_writes(rows: int) -> None:
    """Remove the accounts that a run added, with all that hangs on them."""
    written = HistoryEntry.objects.filter(kind="account", at__gt=START)
    written._raw_delete(written.db)
    added = Account.objects.filter(pk__gt=rows)
    for part in apps.get_app_config("taiga_crm").get_models():
        names = {field.name for field in part._meta.fields}
        if {"kind", "object_id"} <= names:
            of_accounts = part.objects.filter(kind="account", object_id__gt=rows)
            of_accounts._raw_delete(of_accounts.db)
    for relation in Account._meta.related_objects:
        related = relation.related_model.objects.filter(**{f"{relation.field.name}__gt": rows})
        related._raw_delete(related.db)
    added._raw_delete(added.db)


def _load(rows: int) -> None:
    started = time.perf_counter()
    world = people_and_projects()
    places = _places(rows, world)
    chance = random.Random(rows)
    _accounts(rows, world, places, chance)
    _children(rows, chance)
    _tickets(rows, world, places, chance)
    copy_rows(
        HistoryEntry,
        ("kind", "object_id", "label", "verb", "changes", "actor_id", "actor_name", "at"),
        _history(rows, world),
    )
    print(f"Loaded {rows:,} accounts and tickets in {time.perf_counter() - started:.0f} s")


def _places(rows: int, world: World) -> list[int]:
    """Return the project of each account: half in the first, 10,000 in the second."""
    half, medium = rows // 2, min(10_000, rows // 5)
    others = world.projects[2:]
    rest = [others[number % len(others)] for number in range(rows - half - medium)]
    found = [world.projects[0]] * half + [world.projects[1]] * medium + rest
    random.Random(1).shuffle(found)
    found[HUB - 1] = world.projects[0]
    return found


def _accounts(rows: int, world: World, places: list[int], chance: random.Random) -> None:
    types = list(AccountType.objects.order_by("position").values_list("pk", flat=True))
    industries = list(Industry.objects.order_by("position").values_list("pk", flat=True))
    names = Names(chance)
    emails: list[tuple[Any, ...]] = []
    phones: list[tuple[Any, ...]] = []

    def generate() -> Iterator[tuple[Any, ...]]:
        for pk in range(1, rows + 1):
            name, domain = names.company(pk)
            city = chance.choice(CITIES)
            mail = f"{chance.choice(('info', 'office', 'sales'))}@{domain}"
            if pk % 5 < 3:
                emails.append((pk, mail, mail, "work", True))
            if pk % 5 < 2:
                number = f"+82 2 {chance.randint(100, 999)} {chance.randint(1000, 9999)}"
                phones.append((pk, number, number.replace(" ", ""), "work", True))
            when = START + datetime.timedelta(minutes=pk * 400_000 // rows)
            staff, revenue = chance.randint(1, 5_000), chance.randint(10, 90_000) * 1_000
            yield (
                pk, types[pk % 2 * 2], name, name, f"https://{domain}", city,
                chance.choice(COUNTRIES), chance.choice(industries), chance.choice(world.managers),
                HUB if 1 < pk <= RELATED + 1 else None, pk % 50 == 0, pk % 100 == 7, pk % 100 == 9,
                staff, revenue, chance.choice(("EUR", "USD", "KRW")), [places[pk - 1]],
                search_text([name, domain, city, mail if pk % 5 < 3 else ""]), when, when,
                chance.choice(world.managers), custom_values(city, staff, revenue),
            )  # fmt: skip

    columns = (
        "id", "type_id", "name", "first_name", "website", "city", "country", "industry_id",
        "account_manager_id", "parent_id", "is_key", "is_global", "is_private", "employees",
        "annual_revenue", "annual_revenue_currency", "project_ids", "search_text", "created_at",
        "modified_at", "created_by_id", "custom",
    )  # fmt: skip
    copy_rows(Account, columns, generate())
    channel = ("account_id", "value", "key", "type", "is_primary")
    copy_rows(AccountEmail, channel, emails)
    copy_rows(AccountPhone, channel, phones)
    links = ((pk, place) for pk, place in enumerate(places, 1))
    copy_rows(AccountProject, ("account_id", "project_id"), links)


def _children(rows: int, chance: random.Random) -> None:
    """Two contacts for every third account, RELATED for the hub; the first is primary."""
    kind = ContactType.objects.order_by("position").values_list("pk", flat=True)[0]
    names = Names(chance)

    def generate() -> Iterator[tuple[Any, ...]]:
        for pk in (HUB, *range(3, rows + 1, 3)):
            for number in range(RELATED if pk == HUB else 2):
                first, last = names.person()
                text = search_text([first, last, "Buyer"])
                yield (pk, kind, f"{first} {last}", first, last, "Buyer", number == 0, text)

    columns = (
        "account_id", "type_id", "name", "first_name", "last_name", "job_title", "is_primary",
        "search_text",
    )  # fmt: skip
    copy_rows(Contact, columns, generate())


def _tickets(rows: int, world: World, places: list[int], chance: random.Random) -> None:
    """One issue for every account, in the account's project; the hub has RELATED of them."""
    issue = apps.get_model("issues", "Issue")
    statuses = {
        project: list(
            apps.get_model("projects", "IssueStatus")
            .objects.filter(project_id=project)
            .values_list("pk", flat=True)
        )
        for project in world.projects
    }
    names = Names(chance)

    def issues() -> Iterator[tuple[Any, ...]]:
        for pk, place in enumerate(places, 1):
            when = START + datetime.timedelta(minutes=pk * 400_000 // rows)
            yield (
                pk, pk, names.subject(), "", place, chance.choice(statuses[place]),
                chance.choice(world.managers), chance.choice(world.managers), when, when,
            )  # fmt: skip

    def links() -> Iterator[tuple[Any, ...]]:
        for pk in range(1, len(places) + 1):
            account = HUB if pk <= RELATED else pk
            when = START + datetime.timedelta(minutes=pk * 400_000 // rows)
            yield ("issue", pk, places[account - 1], account, True, when)

    columns = (
        "id", "ref", "subject", "description", "project_id", "status_id", "owner_id",
        "assigned_to_id", "created_date", "modified_date",
    )  # fmt: skip
    copy_rows(issue, columns, issues())
    names_of_link = ("kind", "issue_id", "project_id", "account_id", "is_primary", "created_at")
    copy_rows(TicketAccount, names_of_link, links())


def _history(rows: int, world: World) -> Iterator[tuple[Any, ...]]:
    change = [{"field": "city", "old": "Seoul", "new": "Busan"}]
    for pk in range(1, rows + 1):
        for number in range(RELATED if pk == HUB else 1):
            verb, changes = ("update", change) if number else ("create", [])
            yield ("account", pk, "", verb, changes, world.managers[0], "Manager", START)


def _mark() -> str:
    """Return the comment on the bench's database; empty when there is none."""
    with _maintenance() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [connection.settings_dict["NAME"]],
        )
        row = cursor.fetchone()
        return (row[0] or "") if row else ""


def _set_mark(text: str) -> None:
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [text])


def _new_database() -> None:
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    connection.close()
    with _maintenance() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(
            f"CREATE DATABASE {name} {connection.creation._get_database_create_suffix()}"
        )


def _maintenance() -> Any:
    return connection._nodb_cursor()
