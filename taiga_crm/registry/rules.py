"""Rules: who may do a verb to which rows, as a `Q` and nothing else.

A rule is built for one person (`access`) and yields True (every row), False (none) or a `Q`.
`|` and `&` combine; `prefix` moves a rule to the far side of a relation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.postgres.fields import ArrayField
from django.db.models import IntegerField, Q, Value

Outcome = Q | bool
INTEGERS: Any = ArrayField(IntegerField())


class AccessLike(Protocol):
    """What a rule may ask about a person; permissions.access.Access fulfils it."""

    @property
    def user_id(self) -> int:
        """Return the person's id."""
        ...

    @property
    def is_superuser(self) -> bool:
        """Say whether the host lets the person do everything."""
        ...

    def has_key(self, key: str) -> bool:
        """Say whether one of the person's user types carries the global key."""
        ...

    def projects(self, key: str, scope: str) -> frozenset[int]:
        """Return the CRM projects where the person holds the key with that scope."""
        ...

    def ticket_projects(self, permission: str) -> frozenset[int] | None:
        """Return the CRM projects where the host grants the permission; None = all."""
        ...


@dataclass(frozen=True)
class Rule:
    """One condition on rows; compare with `ModelAdmin.has_*_permission`, but for whole lists."""

    build: Callable[[AccessLike, str], Outcome]
    text: str

    def __or__(self, other: Rule) -> Rule:
        return Rule(
            lambda access, prefix: _either(self.build(access, prefix), other.build(access, prefix)),
            f"({self.text} or {other.text})",
        )

    def __and__(self, other: Rule) -> Rule:
        return Rule(
            lambda access, prefix: _both(self.build(access, prefix), other.build(access, prefix)),
            f"({self.text} and {other.text})",
        )

    def outcome(self, access: AccessLike, prefix: str = "") -> Outcome:
        """Return the rule for one person; `prefix` ends with two underscores."""
        return self.build(access, prefix)


def _either(left: Outcome, right: Outcome) -> Outcome:
    if left is True or right is True:
        return True
    if left is False:
        return right
    return left if right is False else left | right  # type: ignore[operator]


def _both(left: Outcome, right: Outcome) -> Outcome:
    if left is False or right is False:
        return False
    if left is True:
        return right
    return left if right is True else left & right  # type: ignore[operator]


EVERYONE = Rule(lambda access, prefix: True, "everyone")
NOBODY = Rule(lambda access, prefix: False, "nobody")
SUPERUSER = Rule(lambda access, prefix: access.is_superuser, "superuser")


def anywhere(key: str) -> Rule:
    """Whoever holds the global key through a user type."""
    return Rule(lambda access, prefix: access.has_key(key), f"global key {key}")


def in_any_project(key: str) -> Rule:
    """Whoever holds the role key in at least one CRM project, however much of it."""

    def build(access: AccessLike, prefix: str) -> Outcome:
        return bool(access.projects(key, "all") or access.projects(key, "own"))

    return Rule(build, f"{key} in any project")


def where(**lookups: Any) -> Rule:
    """Rows with these column values."""

    def build(access: AccessLike, prefix: str) -> Outcome:
        return Q(**{prefix + name: value for name, value in lookups.items()})

    return Rule(build, " and ".join(f"{name}={value}" for name, value in lookups.items()))


def is_me(*columns: str) -> Rule:
    """Rows where one of these user columns is the person."""

    def build(access: AccessLike, prefix: str) -> Outcome:
        return _mine(access, prefix, columns)

    return Rule(build, f"I am {' or '.join(columns)}")


def member(key: str, *, projects: str, owners: tuple[str, ...]) -> Rule:
    """Rows of the projects where the role has the key: all of them, or only one's own.

    `projects` is the column with an array of project ids; `owners` are user columns.
    """

    def build(access: AccessLike, prefix: str) -> Outcome:
        whole = _overlap(prefix + projects, access.projects(key, "all"))
        own = _overlap(prefix + projects, access.projects(key, "own"))
        return _either(whole, _both(own, _mine(access, prefix, owners)))

    return Rule(build, f"{key} in one of {projects}")


def ticket_rights(permissions: Mapping[str, str], *, kind: str, project: str) -> Rule:
    """Ticket rows whose project grants the host's permission of their kind."""

    def build(access: AccessLike, prefix: str) -> Outcome:
        kinds: dict[frozenset[int] | None, list[str]] = {}
        for ticket_kind, permission in permissions.items():
            kinds.setdefault(access.ticket_projects(permission), []).append(ticket_kind)
        result: Outcome = False
        for found, some in kinds.items():  # mostly all kinds are seen in the same projects
            inside: Outcome = True if found is None else bool(found)
            if found:
                inside = Q(**{f"{prefix}{project}__in": sorted(found)})
            every = len(some) == len(permissions)
            of_kind: Outcome = every or Q(**{f"{prefix}{kind}__in": some})
            result = _either(result, _both(of_kind, inside))
        return result

    return Rule(build, "the host lets see the ticket")


def through(relation: str, rule: Rule) -> Rule:
    """Rows whose related row satisfies the rule; rows without one do not."""

    def build(access: AccessLike, prefix: str) -> Outcome:
        outcome = rule.build(access, f"{prefix}{relation}__")
        return _both(Q(**{f"{prefix}{relation}__isnull": False}), outcome)

    return Rule(build, f"{relation}: {rule.text}")


def _mine(access: AccessLike, prefix: str, columns: tuple[str, ...]) -> Outcome:
    result: Outcome = False
    for column in columns:
        result = _either(result, Q(**{prefix + column: access.user_id}))
    return result


def _overlap(column: str, projects: frozenset[int]) -> Outcome:
    return Q(**{f"{column}__overlap": numbers(projects)}) if projects else False


def numbers(ids: Iterable[int]) -> Value:
    """Return ids as one array parameter: a list would become one expression for each id."""
    return Value(sorted(ids), output_field=INTEGERS)
