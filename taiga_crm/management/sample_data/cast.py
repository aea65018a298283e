"""Who does what in the sample data: the demo's people, or the members a project has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model

from taiga_crm.permissions.access import access_of

AUTHORS = ("sally", "dirk", "pam")
MANAGERS = ("sally", "dirk", "hugo")
PARTNER = "paula"
FANS = ("sally", "dirk", "pam", "vera")


@dataclass
class Cast:
    """The people of one project: who adds accounts, who looks after them, who stars them."""

    boss: Any
    authors: list[Any]
    managers: list[Any]
    fans: list[Any]
    partner: Any | None


def find_boss() -> Any:
    """Return the first active superuser; None when there is none."""
    people = get_user_model().objects.filter(is_active=True, is_superuser=True)
    return people.order_by("pk").first()


def cast_of(project: Any, boss: Any) -> Cast:
    """Choose the demo's people where they are members, else members who may, else the boss."""
    rows = apps.get_model("projects", "Membership").objects.filter(project=project)
    rows = rows.filter(user__is_active=True).select_related("user").order_by("pk")
    members = {row.user.get_username(): row.user for row in rows}
    writers = {name: user for name, user in members.items() if _may("add_account", user, project)}
    readers = {name: user for name, user in members.items() if _may("view_account", user, project)}
    return Cast(
        boss,
        _named(AUTHORS, writers) or [boss],
        _named(MANAGERS, readers) or [boss],
        _named(FANS, readers) or [boss],
        readers.get(PARTNER),
    )


def _may(key: str, user: Any, project: Any) -> bool:
    return access_of(user).holds(key, project.pk)


def _named(names: tuple[str, ...], people: dict[str, Any]) -> list[Any]:
    return [people[name] for name in names if name in people] or list(people.values())[:3]
