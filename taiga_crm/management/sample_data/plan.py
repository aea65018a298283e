"""The plan: every sample account and contact, the same ones whenever it is made."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field
from random import Random
from typing import Any

from taiga_crm.management.sample_data.czechia import CZECHIA
from taiga_crm.management.sample_data.elsewhere import FRANCE, ITALY, NETHERLANDS, POLAND, SPAIN
from taiga_crm.management.sample_data.english import AMERICA, BRITAIN
from taiga_crm.management.sample_data.german import AUSTRIA, GERMANY
from taiga_crm.management.sample_data.japan import JAPAN
from taiga_crm.management.sample_data.korea import KOREA
from taiga_crm.management.sample_data.locale import Locale, Named

LOCALES = (
    KOREA, CZECHIA, GERMANY, AMERICA, JAPAN, BRITAIN, FRANCE, AUSTRIA, POLAND, SPAIN, ITALY,
    NETHERLANDS,
)  # fmt: skip
PRIVATE_CUSTOMERS = {KOREA: 3, CZECHIA: 4, GERMANY: 4, AMERICA: 5}
# Reserved ends, so that every company has a domain of its own: "example.org" would be one for all.
DOMAINS = ("example", "test", "example", "test")
SEED = "taiga_crm sample data 1"
YEAR = 365
CONTACT_COUNTS = (0, 1, 1, 1, 2, 2, 3, 4)


@dataclass
class Person:
    """One contact; `relation` names the contact type."""

    first_name: str
    last_name: str
    job_title: str
    email: str
    phone: str
    days_ago: int
    relation: str = "Employee"


@dataclass
class Planned:
    """One account, with its people and with the place of its parent in the plan."""

    kind: str
    first_name: str
    last_name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    parent: int | None = None
    days_ago: int = 0

    @property
    def name(self) -> str:
        """Return the name the account will have."""
        return f"{self.first_name} {self.last_name}".strip()


def make_plan() -> list[Planned]:
    """Return all accounts, parents before their children, in a mixed order of countries."""
    chance = Random(SEED)
    groups = [_companies(locale, chance) for locale in LOCALES]
    groups += [_customers(locale, count, chance) for locale, count in PRIVATE_CUSTOMERS.items()]
    return _mixed(groups, chance)


def _companies(locale: Locale, chance: Random) -> list[Planned]:
    """Return the companies of a country; the second of a stem may belong to the first."""
    industries = list(locale.trades)
    trades = {stem: chance.sample(industries, len(industries)) for stem in locale.stems}
    found: list[Planned] = []
    for number in range(locale.companies):
        stem = locale.stems[number % len(locale.stems)]
        is_daughter = number >= len(locale.stems) and chance.random() < 0.5
        parent = number - len(locale.stems) if is_daughter else None
        oldest = YEAR if parent is None else found[parent].days_ago
        company = _company(locale, stem, trades[stem].pop(), min(_days_ago(chance), oldest), chance)
        company.parent = parent
        found.append(company)
    return found


def _company(locale: Locale, stem: Named, industry: str, days_ago: int, chance: Random) -> Planned:
    trade, spelling = locale.trades[industry]
    name = chance.choice(locale.forms).format(stem=stem[0], trade=trade)
    domain = f"{_plain(stem[1])}-{spelling}.{chance.choice(DOMAINS)}"
    company = Planned("Company", name, days_ago=days_ago)
    company.values = {
        "industry": industry,
        "emails": [f"info@{domain}"],
        "phones": [_digits(locale.phone, chance)],
        "website": f"https://www.{domain}",
        "employees": _spread(4, 9_000, chance),
        "founded_year": chance.randint(1948, 2023),
        "annual_revenue": {
            "amount": str(_spread(*locale.revenue, chance)),
            "currency": locale.currency,
        },
        "registration_number": _digits(locale.registration, chance),
        "vat_number": _digits(locale.vat, chance),
        **_address(locale, chance),
    }
    people = range(chance.choice(CONTACT_COUNTS))
    company.people = [_person(locale, domain, company.days_ago, chance) for _one in people]
    return company


def _customers(locale: Locale, count: int, chance: Random) -> list[Planned]:
    """Return people who buy for themselves."""
    found = []
    for _number in range(count):
        person = _person(locale, f"mail.{chance.choice(DOMAINS)}", YEAR, chance)
        values = {"emails": [person.email], "phones": [person.phone], **_address(locale, chance)}
        found.append(
            Planned(
                "Personal", person.first_name, person.last_name, values, days_ago=_days_ago(chance)
            )
        )
    return found


def _person(locale: Locale, domain: str, days_ago: int, chance: Random) -> Person:
    given, family = locale.first_names, locale.last_names
    if locale.women and chance.random() < 0.5:
        given, family = locale.women
    first, last = chance.choice(given), chance.choice(family)
    names = (first[0], last[0])
    if locale.family_first:
        names = ("", locale.family_first.format(first=first[0], last=last[0]))
    return Person(
        *names,
        job_title=chance.choice(locale.titles),
        email=f"{_plain(first[1])}.{_plain(last[1])}@{domain}",
        phone=_digits(locale.mobile, chance),
        days_ago=chance.randint(0, days_ago),
        relation=chance.choices(("Employee", "Consultant"), (9, 1))[0],
    )


def _address(locale: Locale, chance: Random) -> dict[str, Any]:
    city, postal_code = chance.choice(locale.cities)
    number = chance.randint(1, 180)
    street = locale.address.format(street=chance.choice(locale.streets), number=number)
    return {"street": street, "city": city, "postal_code": postal_code, "country": locale.country}


def _mixed(groups: list[list[Planned]], chance: Random) -> list[Planned]:
    """Shuffle the countries like cards, each in its own order, and move the parents' places."""
    order = [number for number, group in enumerate(groups) for _one in group]
    chance.shuffle(order)
    result: list[Planned] = []
    places: list[list[int]] = [[] for _group in groups]
    for number in order:
        planned = groups[number][len(places[number])]
        if planned.parent is not None:
            planned.parent = places[number][planned.parent]
        places[number].append(len(result))
        result.append(planned)
    return result


def _days_ago(chance: Random) -> int:
    """More of them lately, as in a business that grows."""
    return int(YEAR * chance.random() ** 1.6)


def _spread(low: int, high: int, chance: Random) -> int:
    """Return a number between the bounds, evenly by magnitude, with two leading digits."""
    number = math.exp(chance.uniform(math.log(low), math.log(high)))
    step = int(10 ** max(math.floor(math.log10(number)) - 1, 0))
    return max(round(number / step) * step, low)


def _digits(pattern: str, chance: Random) -> str:
    return re.sub("#", lambda _match: str(chance.randint(0, 9)), pattern)


def _plain(text: str) -> str:
    """Return lower-case ASCII letters for addresses."""
    text = text.casefold().replace("ł", "l").replace("ß", "ss")
    found = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub("[^a-z]+", "-", found).strip("-")
