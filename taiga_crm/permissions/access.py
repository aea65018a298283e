"""Access: everything the rules ask about one person, read once in two queries."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db import connection

from taiga_crm.host import HostMembership, current_host
from taiga_crm.host.memberships import frozen_among
from taiga_crm.models import (
    FieldsStamp,
    ProjectSettings,
    RoleGrant,
    UserType,
    UserTypeMember,
    Webhook,
)
from taiga_crm.permissions.callers import caller_of
from taiga_crm.permissions.keys import role_keys, verbs_everywhere

NO_PROJECTS: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Access:
    """One person's rights, frozen for one request.

    `granted` maps (role key, scope) to the CRM projects where it holds; `host_rights` maps
    project ids to the host's permission keys, "*" standing for an admin's all; `fields_stamp`
    changes with every custom field and field rule, so that what is kept per Access is renewed.
    `has_webhooks` says that somebody is told of what the person writes.
    `frozen` are the projects that the host lets nobody write to, the person's own or not.
    `within` are the projects that a personal token is kept to; None when there is no such limit.
    """

    user_id: int
    is_superuser: bool = False
    global_keys: frozenset[str] = frozenset()
    enabled: frozenset[int] = frozenset()
    memberships: tuple[HostMembership, ...] = ()
    granted: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict, hash=False)
    user_types: frozenset[int] = frozenset()
    fields_stamp: int = 0
    has_webhooks: bool = field(default=True, compare=False)
    frozen: frozenset[int] = frozenset()
    within: frozenset[int] | None = None

    @property
    def roles(self) -> frozenset[int]:
        """Return the ids of the person's roles in the projects that have the CRM on."""
        return frozenset(r.role_id for r in self.memberships if r.project_id in self.enabled)

    def has_key(self, key: str) -> bool:
        """Say whether the person holds a global key; superusers hold all."""
        return self.is_superuser or key in self.global_keys

    def projects(self, key: str, scope: str) -> frozenset[int]:
        """Return the CRM projects where the person's role has the key with this scope."""
        return self.granted.get((key, scope), NO_PROJECTS)

    def holds(self, key: str, project_id: int) -> bool:
        """Say whether the key holds in one project, with whatever scope."""
        if project_id not in self.enabled:
            return False
        return self.is_superuser or any(
            project_id in self.projects(key, scope) for scope in ("all", "own")
        )

    def scope_in(self, kind: str, project_id: int) -> str:
        """Return "all", "own" or "none": how many rows of a kind are seen in a project."""
        if self.is_superuser or project_id in self.projects(f"view_{kind}", "all"):
            return "all"
        return "own" if project_id in self.projects(f"view_{kind}", "own") else "none"

    def ticket_projects(self, permission: str) -> frozenset[int] | None:
        """Return the CRM projects whose tickets the host shows; a superuser sees all."""
        if self.is_superuser:
            return self.enabled
        return frozenset(
            row.project_id
            for row in self.memberships
            if row.project_id in self.enabled and (row.is_admin or permission in row.permissions)
        )

    def is_project_admin(self, project_id: int) -> bool:
        """Say whether the host makes the person an admin of the project."""
        return self.is_superuser or any(
            row.is_admin and row.project_id == project_id for row in self.memberships
        )

    def is_member(self, project_id: int) -> bool:
        """Say whether the person belongs to the project."""
        return self.is_superuser or any(row.project_id == project_id for row in self.memberships)

    def finds_open(self, project_id: int) -> bool:
        """Say whether the person is a member of a project that the host lets be written to."""
        return any(row.project_id == project_id and not row.frozen for row in self.memberships)

    @property
    def enters_crm(self) -> bool:
        """Say whether there is anything for this person at the global level."""
        return bool(self.is_superuser or self.global_keys or self.granted)


def access_of(user: Any) -> Access:
    """Return the person's rights, kept on the user object: one request, one reading."""
    known = kept_access(user)
    if known is None:
        known = load_access(user)
        projects = caller_of(user).projects
        if projects is not None:
            known = kept_to(known, projects)
        user.__dict__["_crm_access"] = known
    return known


def kept_access(user: Any) -> Access | None:
    """Return the person's rights if this request has read them."""
    found: Access | None = user.__dict__.get("_crm_access")
    return found


def forget_access(user: Any) -> None:
    """Drop the kept rights after a grant was changed in the same request."""
    user.__dict__.pop("_crm_access", None)
    user.__dict__.pop("_crm_fields", None)
    user.__dict__.pop("_crm_frozen", None)


def load_access(user: Any) -> Access:
    """Read memberships from the host and switches, grants and keys from our tables."""
    memberships = tuple(current_host().memberships(user))
    own = _own_rows(user, memberships)
    granted: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in memberships:
        if row.project_id not in own.enabled:
            continue
        for key, scope in _keys_of(row, own.grants):
            granted[(key, scope)].add(row.project_id)
    return Access(
        user_id=user.pk,
        is_superuser=bool(user.is_superuser),
        global_keys=frozenset(own.keys),
        enabled=frozenset(own.enabled),
        memberships=memberships,
        granted={pair: frozenset(ids) for pair, ids in granted.items()},
        user_types=frozenset(own.types),
        fields_stamp=own.stamp,
        has_webhooks=own.webhooks > 0,
        frozen=frozenset(own.frozen | {row.project_id for row in memberships if row.frozen}),
    )


def kept_to(access: Access, projects: frozenset[int]) -> Access:
    """Return the same rights inside of some projects and none beyond them.

    Nobody is a superuser there or holds a global key: what those open for records becomes keys
    in each project.
    """
    enabled = access.enabled & projects
    everywhere = verbs_everywhere(access.global_keys)
    keys = [
        key for key in _all_keys() if access.is_superuser or key.partition("_")[0] in everywhere
    ]
    granted = {pair: held & enabled for pair, held in access.granted.items() if held & enabled}
    if enabled:
        granted |= {(key, "all"): enabled for key in keys}
    memberships = tuple(row for row in access.memberships if row.project_id in projects)
    if access.is_superuser:  # "frozen", so that the host is asked before each write
        memberships = tuple(
            HostMembership(one, 0, True, frozenset(), frozen=True) for one in sorted(projects)
        )
    return replace(
        access,
        is_superuser=False,
        global_keys=frozenset(),
        enabled=enabled,
        memberships=memberships,
        granted=granted,
        within=projects,
    )


def _keys_of(row: HostMembership, grants: dict[int, Any]) -> list[tuple[str, str]]:
    """Return (key, scope) pairs; in a project that the host froze only those for looking."""
    if row.is_admin:
        pairs = [(key, "all") for key in _all_keys()]
    else:
        keys, scopes = grants.get(row.role_id, ((), {}))
        pairs = [(key, scopes.get(key.partition("_")[2], "all")) for key in keys]
    return [
        (key, scope)
        for key, scope in pairs
        if scope != "none" and (key.startswith("view_") or not row.frozen)
    ]


@lru_cache(maxsize=1)
def _all_keys() -> list[str]:
    return role_keys()


@dataclass
class _Own:
    """What our own tables say about one person."""

    enabled: set[int] = field(default_factory=set)
    grants: dict[int, Any] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    types: set[int] = field(default_factory=set)
    stamp: int = 0
    webhooks: int = 0
    frozen: set[int] = field(default_factory=set)


def _own_rows(user: Any, memberships: tuple[HostMembership, ...]) -> _Own:
    """Return enabled project ids, {role id: (keys, scopes)}, keys and user types in one query.

    Plain SQL, because every request pays for it: the ORM needs 2 ms to write this statement.
    """
    projects = [row.project_id for row in memberships]
    roles = list({row.role_id for row in memberships})
    own = _Own()
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [bool(user.is_superuser), projects, roles, user.pk])
        for tag, number, row_keys, scopes in cursor.fetchall():
            if tag == "p":
                own.enabled.add(number)
            elif tag == "r":
                own.grants[number] = (row_keys, json.loads(scopes or "{}"))
            elif tag == "s":
                own.stamp = number
            elif tag == "w":
                own.webhooks = number
            elif tag == "f":
                own.frozen.add(number)
            else:
                own.types.add(number)
                own.keys.update(row_keys)
    return own


@lru_cache(maxsize=1)
def _statement() -> str:
    settings, grants = ProjectSettings._meta.db_table, RoleGrant._meta.db_table
    webhooks = Webhook._meta.db_table
    frozen = frozen_among(f"SELECT project_id FROM {settings}")
    types, members = UserType._meta.db_table, UserTypeMember._meta.db_table
    return (
        f"SELECT 'p', project_id::bigint, NULL::varchar[], NULL::text FROM {settings}"
        f" WHERE is_enabled AND (%s OR project_id = ANY(%s))"
        f" UNION ALL SELECT 'r', role_id, keys, scopes::text FROM {grants}"
        f" WHERE role_id = ANY(%s)"
        f" UNION ALL SELECT 'u', kind.id, kind.keys, NULL FROM {types} AS kind"
        f" JOIN {members} AS member ON member.user_type_id = kind.id WHERE member.user_id = %s"
        f" UNION ALL SELECT 's', number, NULL, NULL FROM {FieldsStamp._meta.db_table}"
        f" UNION ALL SELECT 'w', count(*), NULL, NULL FROM {webhooks} WHERE is_active"
        f" UNION ALL SELECT 'f', id, NULL, NULL FROM ({frozen}) AS frozen"
    )
