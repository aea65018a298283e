"""The caller behind a request: from where, and with which personal token and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

READ, WRITE, DELETE = "read", "write", "delete"
EXPORT, IMPORT = "export", "import"
SETTINGS, RIGHTS = "settings", "rights"

# {scope: (label, what it opens)}
SCOPES: dict[str, tuple[Any, Any]] = {
    READ: (_("Read"), _("Lists, records, search, history, comments and files.")),
    WRITE: (_("Write"), _("Add and change records, comment, attach files, restore from the bin.")),
    DELETE: (_("Delete"), _("Delete, merge and anonymize records, empty the bin.")),
    EXPORT: (_("Export"), _("Lists as files, vCards, archives of persons.")),
    IMPORT: (_("Import"), _("Add and update many records from files.")),
    SETTINGS: (
        _("Settings"),
        _("Dictionaries, custom fields, switching the CRM on, the security log."),
    ),
    RIGHTS: (_("Rights"), _("Who may do what: rights of roles, user types, field rules.")),
}
# what stays inside of projects; the others reach beyond them
PROJECT_SCOPES = frozenset({READ, WRITE, DELETE, EXPORT})


@dataclass(frozen=True)
class Caller:
    """From where a person asks; `scopes` is None without a personal token.

    `projects` are those that the token is kept to; None when it is not.
    """

    ip: str = ""
    token_id: int | None = None
    scopes: frozenset[str] | None = None
    projects: frozenset[int] | None = None


def caller_of(user: Any) -> Caller:
    """Return from where and how the person asks; an empty one outside of a request."""
    found: Caller = getattr(user, "__dict__", {}).get("_crm_caller") or Caller()
    return found


def remember_caller(user: Any, caller: Caller) -> None:
    """Keep it on the user object, which is a new one for every request."""
    user.__dict__["_crm_caller"] = caller
