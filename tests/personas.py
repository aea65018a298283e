"""The people of the permission tests, in one project with the CRM switched on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from factories import make_member, make_project, make_role, make_user

PERSONAS = (
    "stranger",
    "viewer",
    "seller",
    "owner",
    "director",
    "partner",
    "admin",
    "superuser",
)
HOST_VIEW_KEYS = (
    "view_project",
    "view_milestones",
    "view_epics",
    "view_us",
    "view_tasks",
    "view_issues",
)
HOST_WORK_KEYS = (*HOST_VIEW_KEYS, "modify_issue", "modify_us", "modify_task", "modify_epic")


@dataclass
class World:
    """One project with the CRM on, another without, and a person for each persona."""

    project: Any
    other_project: Any
    people: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"][name]
        except KeyError as missing:
            raise AttributeError(name) from missing


def make_world() -> World:
    """Create the projects, roles, grants, user types and people."""
    from taiga_crm.models import ProjectSettings, UserType
    from taiga_crm.permissions import keys

    world = World(make_project("Aurora"), make_project("Nimbus"))
    ProjectSettings.objects.create(project=world.project, is_enabled=True)
    kinds = keys.grantable_kinds()

    def granted(*verbs: str) -> list[str]:
        return [keys.role_key(verb, kind) for kind in kinds for verb in verbs]

    world.people["stranger"] = make_user("stranger")
    _member(world, "viewer", granted("view"), host=HOST_VIEW_KEYS)
    _member(world, "seller", granted("view", "add", "change"))
    _member(world, "owner", granted(*keys.VERBS), scopes=dict.fromkeys(kinds, "own"))
    _member(world, "director", granted(*keys.VERBS))
    _member(
        world,
        "partner",
        granted("view"),
        scopes=dict.fromkeys(kinds, "own"),
        host=("view_project", "view_issues"),
    )
    world.people["admin"] = make_member(world.project, make_user("admin"), is_admin=True)
    world.people["superuser"] = make_user("superuser", is_superuser=True)
    directors = UserType.objects.create(name="Sales director (test)", keys=[keys.VIEW_EVERYTHING])
    directors.members.add(world.director)
    return world


def _member(
    world: World,
    name: str,
    crm_keys: list[str],
    *,
    scopes: dict[str, str] | None = None,
    host: tuple[str, ...] = HOST_WORK_KEYS,
) -> None:
    from taiga_crm.models import RoleGrant

    role = make_role(world.project, name.capitalize(), host)
    RoleGrant.objects.create(role=role, keys=crm_keys, scopes=scopes or {})
    world.roles[name] = role
    world.people[name] = make_member(world.project, make_user(name), role)
