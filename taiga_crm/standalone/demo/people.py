"""The demo's people, one per persona, and the roles they have in the demo's projects."""

from __future__ import annotations

from dataclasses import dataclass, field

from taiga_crm.standalone.access import MEMBER_KEYS, PUBLIC_KEYS

PASSWORD = "123123"

AURORA, NIMBUS, TOOLS = "aurora-shop", "nimbus-support", "internal-tools"


@dataclass(frozen=True)
class Person:
    """One demo login; `roles` maps a project's slug to the role there."""

    username: str
    full_name: str
    what: str
    lang: str = "en"
    roles: dict[str, str] = field(default_factory=dict)
    is_admin: bool = False
    is_superuser: bool = False


PEOPLE = (
    Person("admin", "Ada Administrator", "superuser", is_superuser=True),
    Person(
        "pam",
        "Pam Novak",
        "admin of all three projects",
        roles=dict.fromkeys((AURORA, NIMBUS, TOOLS), "Project manager"),
        is_admin=True,
    ),
    Person("sally", "Sally Seller", "seller", roles=dict.fromkeys((AURORA, NIMBUS), "Sales")),
    Person(
        "dirk",
        "Dirk Director",
        "sales director",
        roles=dict.fromkeys((AURORA, NIMBUS), "Sales director"),
    ),
    Person(
        "vera",
        "Vera Viewer",
        "may look, not touch",
        roles=dict.fromkeys((AURORA, NIMBUS, TOOLS), "Viewer"),
    ),
    Person(
        "hugo",
        "Hugo Helpdesk",
        "helpdesk agent",
        roles=dict.fromkeys((NIMBUS, TOOLS), "Support"),
    ),
    Person("paula", "Paula Partner", "partner", roles={AURORA: "Partner"}),
    Person("stan", "Stan Stranger", "in no project with a CRM", roles={TOOLS: "Viewer"}),
)

_TICKETS = frozenset(
    f"{verb}_{noun}" for noun in ("issue", "us", "task") for verb in ("add", "modify")
)
_COMMENTS = frozenset(f"comment_{noun}" for noun in ("issue", "us", "task", "epic"))

ROLES: dict[str, frozenset[str]] = {
    "Project manager": frozenset(MEMBER_KEYS),
    "Sales director": PUBLIC_KEYS | _TICKETS | _COMMENTS | {"delete_issue"},
    "Sales": PUBLIC_KEYS | _COMMENTS | {"add_issue", "modify_issue"},
    "Support": PUBLIC_KEYS | _TICKETS | _COMMENTS,
    "Viewer": PUBLIC_KEYS,
    "Partner": frozenset({"view_project", "view_issues"}),
}
