"""Made-up names, and the people and projects of the bench."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model

from factories import make_member, make_project, make_role, make_user
from taiga_crm.models import ProjectSettings, RoleGrant

PROJECTS = 20
MANAGERS = 20
VERBS = ("view", "add", "change", "delete")
KEYS = [f"{verb}_{kind}" for kind in ("account", "contact") for verb in VERBS]
HOST_KEYS = ("view_project", "view_issues", "view_us", "view_tasks", "view_epics", "modify_issue")
COUNTRIES = [
    "KR",
    "US",
    "DE",
    "FR",
    "CZ",
    "PL",
    "IT",
    "ES",
    "JP",
    "CN",
    "GB",
    "NL",
    "BE",
    "AT",
    "CH",
    "SE",
    "NO",
    "FI",
    "DK",
    "PT",
]
CITIES = tuple(
    f"{start}{end}"
    for start in ("Nor", "Sud", "Alt", "Neu", "Gran", "Klein", "Har", "Bel", "Mon", "Ros")
    for end in ("berg", "burg", "dorf", "ville", "ton", "field", "haven", "mark", "stad", "port")
)
SYLLABLES = [
    "ka",
    "to",
    "mi",
    "ra",
    "ne",
    "lo",
    "vi",
    "sa",
    "du",
    "be",
    "ri",
    "no",
    "pe",
    "li",
    "ga",
    "mo",
    "te",
    "fu",
    "zo",
    "ha",
    "cre",
    "tro",
    "pla",
    "gri",
    "dex",
    "lum",
    "vor",
    "nak",
    "sil",
    "ben",
    "tar",
    "wol",
    "qui",
    "jas",
    "hel",
]
FORMS = ("Ltd", "Inc", "GmbH", "AG", "Co", "SA", "Group", "Systems", "Trading", "Works")
WORDS = [
    "login",
    "page",
    "slow",
    "error",
    "report",
    "export",
    "invoice",
    "missing",
    "wrong",
    "price",
    "mobile",
    "crash",
    "upload",
    "password",
    "reset",
    "filter",
    "empty",
    "duplicate",
    "printer",
    "label",
    "order",
    "cancel",
    "refund",
    "delivery",
]


@dataclass(frozen=True)
class World:
    """Ids of projects (half the rows, 10,000, then the rest) and managers, and who asks."""

    projects: list[int]
    managers: list[int]
    seller: Any  # a member of every project, all rows
    owner: Any  # a member of every project, own rows only
    admin: Any  # who defines custom fields


def custom_values(city: str, staff: int, revenue: int) -> dict[str, Any]:
    """Return what an account's custom fields hold: the same as its real columns."""
    return {
        "cf_bench_city": city,
        "cf_bench_town": city,
        "cf_bench_staff": staff,
        "cf_bench_heads": staff,
        "cf_bench_revenue": str(revenue),
    }


class Names:
    """Repeatable names."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def company(self, number: int) -> tuple[str, str]:
        """Return a name and a domain."""
        stem = self._stem(3)
        return f"{stem} {self.chance.choice(FORMS)}", f"{stem.lower()}{number % 997}.example"

    def person(self) -> tuple[str, str]:
        """Return a first and a last name."""
        return self._stem(2), self._stem(3)

    def subject(self) -> str:
        """Return what a ticket is about."""
        return " ".join(self.chance.choices(WORDS, k=5)).capitalize()

    def _stem(self, count: int) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=count)).capitalize()


def people_and_projects() -> World:
    """Create them; the CRM is on in every project."""
    managers = [make_user(f"manager{number}") for number in range(MANAGERS)]
    seller, owner = make_user("seller"), make_user("owner")
    make_user("admin", is_superuser=True)
    for number in range(PROJECTS):
        project = make_project(f"Bench {number}")
        ProjectSettings.objects.create(project=project, is_enabled=True)
        for user, scopes in ((seller, {}), (owner, {"account": "own", "contact": "own"})):
            role = make_role(project, user.full_name, HOST_KEYS)
            RoleGrant.objects.create(role=role, keys=KEYS, scopes=scopes)
            make_member(project, user, role)
        for manager in managers:
            make_member(project, manager, role)
    return read_world()


def read_world() -> World:
    """Return what `people_and_projects` made."""
    users = get_user_model().objects
    projects = apps.get_model("projects", "Project").objects.filter(name__startswith="Bench ")
    managers = users.filter(username__startswith="manager").order_by("pk")
    return World(
        list(projects.order_by("pk").values_list("pk", flat=True)),
        list(managers.values_list("pk", flat=True)),
        users.get(username="seller"),
        users.get(username="owner"),
        users.get(username="admin"),
    )
