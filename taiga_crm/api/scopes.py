"""What a personal token may ask for: the one check that every view passes.

A view names the scopes of its methods, or of its actions, in `token_scopes`; what it does not
name no token gets, whoever owns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from taiga_crm.kernel.errors import OutOfScope
from taiga_crm.permissions.callers import (
    DELETE,
    EXPORT,
    IMPORT,
    PROJECT_SCOPES,
    READ,
    RIGHTS,
    SCOPES,
    SETTINGS,
    WRITE,
    caller_of,
)
from taiga_crm.registry.entity import Entity

Scopes = Mapping[str, tuple[str, ...]]

READS: Scopes = {"GET": (READ,)}
WRITES: Scopes = dict.fromkeys(("POST", "PATCH", "PUT"), (WRITE,))
DELETES: Scopes = {"DELETE": (DELETE,)}
RECORDS: Scopes = {**READS, **WRITES, **DELETES}
EXPORTS: Scopes = {"GET": (EXPORT,), "POST": (EXPORT,)}
SETS: Scopes = dict.fromkeys(("GET", "POST", "PATCH", "PUT", "DELETE"), (SETTINGS,))
IMPORTS: Scopes = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), (IMPORT,))
GIVES_RIGHTS: Scopes = dict.fromkeys(("GET", "POST", "PATCH", "PUT"), (RIGHTS,))

# who is of a user type holds its keys everywhere: to keep it is to give rights; a retention rule
# may anonymize by itself
KEEPING: Scopes = {"user_type": (RIGHTS,), "retention_rule": (SETTINGS, DELETE)}
READING = (
    "list", "groups", "tree", "lookup", "new", "retrieve", "history", "delete_preview",
    "duplicates", "record_duplicates", "merge_preview", "merges",
)  # fmt: skip
WRITING = ("create", "partial_update", "bulk_change", "bulk_favorite", "keep_apart", "members")
DELETING = ("destroy", "bulk_delete")
BOTH = ("merge", "undo_merge")  # they change one record and take others away


def needed(view: Any, method: str) -> tuple[str, ...] | None:
    """Return the scopes that a token needs, all of them; None where no token gets in."""
    key = getattr(view, "action", None) or ("GET" if method == "HEAD" else method)
    found: tuple[str, ...] | None = view.token_scopes.get(key)
    return found


def require_scopes(view: Any, request: Request) -> None:
    """Raise OutOfScope when the request comes with a token that may not do this."""
    caller = caller_of(request.user)
    if caller.scopes is None:
        return
    wanted = needed(view, str(request.method))
    if wanted is None:
        raise OutOfScope(_("No personal token may do this: log in."))
    if caller.projects is not None and (
        view.beyond_projects or not PROJECT_SCOPES.issuperset(wanted)
    ):
        raise OutOfScope(_("This token is kept to projects, and this reaches beyond them."))
    missing = [one for one in wanted if one not in caller.scopes]
    if missing:
        names = ", ".join(str(SCOPES[one][0]) for one in missing)
        raise OutOfScope(_("This token may not do this: it lacks %s.") % names, missing=missing)


def entity_scopes(entity: Entity) -> Scopes:
    """Return the scopes of the actions of an entity's viewset."""
    exports = {"export_csv": (EXPORT,), "export_xlsx": (EXPORT,)}
    found = {**dict.fromkeys(READING, (READ,)), **exports}
    actions = {f"act_{one.name.replace('-', '_')}": one.verb for one in entity.actions}
    if entity.scope == "settings":
        keeps = KEEPING.get(entity.key, (SETTINGS,))
        return found | dict.fromkeys((*WRITING, *DELETING, *BOTH, *actions), keeps)
    return {
        **found,
        **dict.fromkeys(WRITING, (WRITE,)),
        **dict.fromkeys(DELETING, (DELETE,)),
        **dict.fromkeys(BOTH, (WRITE, DELETE)),
        **{
            name: (WRITE, DELETE) if verb == "delete" else (WRITE,)
            for name, verb in actions.items()
        },
    }
