"""Who stands where: the rules of accounts, which the rows around them share."""

from __future__ import annotations

from taiga_crm.registry.rules import (
    SUPERUSER,
    Rule,
    anywhere,
    in_any_project,
    is_me,
    member,
    where,
)

IN_CRM = SUPERUSER | anywhere("view_everything") | in_any_project("view_account")
KEEPS_SETTINGS = SUPERUSER | anywhere("manage_settings")
OWNERS = ("account_manager", "created_by")


def sees_everything(verb: str) -> Rule:
    """Superusers, and holders of the global key of the verb."""
    return SUPERUSER | anywhere(f"{verb}_everything")


def on_accounts(verb: str, everything: str) -> Rule:
    """The rule of a verb on accounts: private ones for their creator alone (F121)."""
    key = f"{verb}_account"
    mine = is_me(*OWNERS) & in_any_project(key)
    allowed = sees_everything(everything) | member(key, projects="project_ids", owners=OWNERS)
    if verb == "view":
        allowed = allowed | (where(is_global=True) & in_any_project(key))
    private = where(is_private=True) & is_me("created_by") & IN_CRM
    return private | (where(is_private=False) & (allowed | mine))


SEES_ACCOUNT = on_accounts("view", "view")
