"""The names of what can be granted: role keys per kind, and global keys of user types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from taiga_crm.registry.catalog import entities

VERBS = ("view", "add", "change", "delete")
SCOPES = ("all", "own", "none")

VIEW_EVERYTHING = "view_everything"
CHANGE_EVERYTHING = "change_everything"
DELETE_EVERYTHING = "delete_everything"
ENABLE_PROJECTS = "enable_projects"
MANAGE_SETTINGS = "manage_settings"
MANAGE_TARGETS = "manage_targets"
MANAGE_SECURITY = "manage_security"

GLOBAL_KEYS: dict[str, Any] = {
    VIEW_EVERYTHING: _("See all records of all projects"),
    CHANGE_EVERYTHING: _("Add and change all records of all projects"),
    DELETE_EVERYTHING: _("Delete all records of all projects"),
    ENABLE_PROJECTS: _("Switch the CRM on and off in projects"),
    MANAGE_SETTINGS: _("Manage types, industries and user types"),
    MANAGE_TARGETS: _("Manage the targets of users"),
    MANAGE_SECURITY: _("Read the security log and revoke API tokens of everybody"),
}
EVERYWHERE = {
    VIEW_EVERYTHING: ("view",),
    CHANGE_EVERYTHING: ("add", "change"),
    DELETE_EVERYTHING: ("delete",),
}


def role_key(verb: str, kind: str) -> str:
    """Return the key a role needs for a verb on a kind, like "view_account"."""
    return f"{verb}_{kind}"


def grantable_kinds() -> list[str]:
    """Return the entity keys that roles can be given."""
    return [entity.key for entity in entities() if entity.grantable]


def role_keys() -> list[str]:
    """Return every key a role can hold."""
    return [role_key(verb, kind) for kind in grantable_kinds() for verb in VERBS]


def verbs_everywhere(keys: Iterable[str]) -> frozenset[str]:
    """Return the verbs that global keys open for the records of all projects."""
    found = {verb for key in keys for verb in EVERYWHERE.get(key, ())}
    return frozenset(found)
