"""Fill projects with the planned accounts, contacts and links, through the engine and its rules."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from random import Random
from typing import Any

from django.db import connection

from taiga_crm.capabilities.plain_edit import create_record
from taiga_crm.kernel import clock
from taiga_crm.management.sample_data.cast import Cast
from taiga_crm.management.sample_data.plan import SEED, Person, Planned
from taiga_crm.models import Account, AccountType, Contact, ContactType, Industry
from taiga_crm.registry.catalog import entity
from taiga_crm.services import account_connections, accounts, contacts

IN_ALL_PROJECTS, KEY, GLOBAL, OF_PARTNER = 13, 9, 60, 17  # every so many accounts
PRIVATE = 3  # so many of each project's accounts are their author's alone
CONNECTIONS = 20
FAVORITES = 6  # of each fan
SECOND_IS_PRIMARY = 5


class Filler:
    """Writes the plan into the projects; the same choices each time."""

    def __init__(self, projects: list[Any], casts: list[Cast]) -> None:
        self.projects = projects
        self.casts = casts
        self.chance = Random(SEED)
        self.now = clock.now().replace(minute=0, second=0, microsecond=0)
        self.types = dict(AccountType.objects.values_list("name", "pk"))
        self.relations = dict(ContactType.objects.values_list("name", "pk"))
        self.industries = dict(Industry.objects.values_list("name", "pk"))
        self.private: set[int] = set()
        self.made: list[Account] = []
        self.moments: dict[str, dict[int, datetime.datetime]] = {"account": {}, "contact": {}}

    def fill(self, plan: list[Planned]) -> None:
        """Create everything; the caller holds the transaction."""
        self.private = self._private(plan)
        for number, planned in enumerate(plan):
            home = self._home(number, plan)
            account = self._account(number, planned, home)
            self._people(planned, account, self._author(number, home))
        self._connect()
        self._star()
        for kind, moments in self.moments.items():
            _move_back(kind, moments)

    def _home(self, number: int, plan: list[Planned]) -> int:
        """Return the project of an account: its parent's, else one after the other."""
        parent = plan[number].parent
        return number % len(self.projects) if parent is None else self._home(parent, plan)

    def _private(self, plan: list[Planned]) -> set[int]:
        """Return the first accounts of each project that have neither parent nor children."""
        parents = {planned.parent for planned in plan}
        alone = [n for n, one in enumerate(plan) if one.parent is None and n not in parents]
        homes = range(len(self.projects))
        return {
            n for home in homes for n in [m for m in alone if self._home(m, plan) == home][:PRIVATE]
        }

    def _author(self, number: int, home: int) -> Any:
        authors = self.casts[home].authors
        return authors[number // len(self.projects) % len(authors)]

    def _account(self, number: int, planned: Planned, home: int) -> Account:
        cast, author = self.casts[home], self._author(number, home)
        is_private = number in self.private
        everywhere = number % IN_ALL_PROJECTS == 0 and author in _writers_everywhere(self.casts)
        projects = self.projects if everywhere else [self.projects[home]]
        account: Account = create_record(
            entity("account"),
            author,
            {
                **planned.values,
                "type": self.types[planned.kind],
                "first_name": planned.first_name,
                "last_name": planned.last_name,
                "industry": self.industries.get(planned.values.get("industry", "")),
                "parent": None if planned.parent is None else self.made[planned.parent].pk,
                "account_manager": self._manager(number, cast).pk,
                "projects": [project.pk for project in projects],
                "is_key": number % KEY == 0,
                "is_global": number % GLOBAL == 30 and not is_private,
                "is_private": is_private,
            },
        )
        self.made.append(account)
        self.moments["account"][account.pk] = self._moment(planned.days_ago)
        return account

    def _manager(self, number: int, cast: Cast) -> Any:
        if number % OF_PARTNER == 0 and cast.partner is not None:
            return cast.partner
        return self.chance.choice(cast.managers)

    def _people(self, planned: Planned, account: Account, author: Any) -> None:
        found = [self._contact(person, account, author) for person in planned.people]
        if len(found) > 1 and account.pk % SECOND_IS_PRIMARY == 0:
            contacts.make_primary(found[1], author)

    def _contact(self, person: Person, account: Account, author: Any) -> Contact:
        contact: Contact = create_record(
            entity("contact"),
            author,
            {
                "account": account.pk,
                "type": self.relations[person.relation],
                "first_name": person.first_name,
                "last_name": person.last_name,
                "job_title": person.job_title,
                "emails": [person.email],
                "phones": [{"value": person.phone, "type": "mobile"}],
            },
        )
        known_since = self.moments["account"][account.pk]
        self.moments["contact"][contact.pk] = max(known_since, self._moment(person.days_ago))
        return contact

    def _connect(self) -> None:
        notes = ("Same owner", "Supplier", "Partner", "Former colleagues", "Buys together", "")
        open_ones = [account for account in self.made if not account.is_private]
        for _number in range(CONNECTIONS):
            one, other = self.chance.sample(open_ones, 2)
            boss = self.casts[0].boss
            account_connections.connect(one.pk, other.pk, self.chance.choice(notes), boss)

    def _star(self) -> None:
        """Let fans star open accounts of a project of theirs."""
        for project, cast in zip(self.projects, self.casts, strict=True):
            seen = [a for a in self.made if project.pk in a.project_ids and not a.is_private]
            for fan in cast.fans:
                for account in self.chance.sample(seen, FAVORITES // len(self.projects)):
                    accounts.favorite(account, fan)

    def _moment(self, days_ago: int) -> datetime.datetime:
        minutes = self.chance.randint(0, 9 * 60)
        return self.now - datetime.timedelta(days=days_ago, minutes=minutes)


def _writers_everywhere(casts: list[Cast]) -> list[Any]:
    return [one for one in casts[0].authors if all(one in cast.authors for cast in casts)]


def _move_back(kind: str, moments: dict[int, datetime.datetime]) -> None:
    """Spread the rows over the last year, their history with them."""
    table = entity(kind).model._meta.db_table
    values = list(_pairs(moments))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS row SET created_at = new.at, modified_at = new.at"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (id, at) WHERE row.id = new.id",
            [[pk for pk, _at in values], [at for _pk, at in values]],
        )
        cursor.execute(
            "UPDATE taiga_crm_historyentry AS entry SET at = new.at"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (id, at)"
            " WHERE entry.object_id = new.id AND entry.kind = %s",
            [[pk for pk, _at in values], [at for _pk, at in values], kind],
        )


def _pairs(moments: dict[int, datetime.datetime]) -> Iterator[tuple[int, datetime.datetime]]:
    yield from sorted(moments.items())
