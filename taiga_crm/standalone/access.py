"""Who may do what in a project of the embedded host, by Taiga's permission keys."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

PUBLIC_KEYS = frozenset(
    {"view_project", "view_milestones", "view_epics", "view_us", "view_tasks", "view_issues"}
)
MEMBER_KEYS = PUBLIC_KEYS | {
    f"{verb}_{noun}"
    for noun in ("milestone", "epic", "us", "task", "issue")
    for verb in ("add", "modify", "comment", "delete")
    if (verb, noun) != ("comment", "milestone")
}
ADMIN_KEYS = frozenset(
    {
        "modify_project",
        "delete_project",
        "add_member",
        "remove_member",
        "admin_project_values",
        "admin_roles",
    }
)


def permissions_of(user: Any, project: Any) -> frozenset[str]:
    """Return the keys that the person has in the project; anonymous people get the public ones."""
    if user.is_superuser:
        return MEMBER_KEYS | ADMIN_KEYS
    keys = set(project.anon_permissions or ())
    if user.is_authenticated:
        keys |= set(project.public_permissions or ())
        membership = project.memberships.filter(user=user).select_related("role").first()
        if membership is not None:
            keys |= set(membership.role.permissions or ())
            keys |= (MEMBER_KEYS | ADMIN_KEYS) if membership.is_admin else frozenset()
    return frozenset(keys)


def projects_with(user: Any, key: str) -> Q:
    """Return the condition on projects in which the person has the key."""
    if user.is_superuser:
        return ~Q(pk__in=[])
    allowed = Q(anon_permissions__contains=[key])
    if user.is_authenticated:
        allowed |= Q(public_permissions__contains=[key]) | Q(pk__in=_memberships_with(user, key))
    return allowed


def is_admin_of(user: Any, project: Any) -> bool:
    """Say whether the person administers the project."""
    if user.is_superuser:
        return True
    if not user.is_authenticated:
        return False
    return bool(project.memberships.filter(user=user, is_admin=True).exists())


def _memberships_with(user: Any, key: str) -> Any:
    granted = Q(is_admin=True) | Q(role__permissions__contains=[key])
    return user.memberships.filter(granted).values("project_id")
