"""Rows of the CRM for the tests, written straight into the tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django.db import connection

from factories import make_member, make_project, make_role, make_user
from personas import HOST_WORK_KEYS
from taiga_crm import models
from taiga_crm.capabilities.kept_files import keep
from taiga_crm.capabilities.view_state import checked_state
from taiga_crm.kernel.text import company_key, person_key, search_text
from taiga_crm.permissions.callers import SCOPES
from taiga_crm.permissions.fields import fields_changed
from taiga_crm.permissions.keys import VERBS, grantable_kinds, role_key
from taiga_crm.services import api_tokens

_numbers = itertools.count(1)


def switch_on(project: Any) -> Any:
    """Switch the CRM of a project on; return the project."""
    models.ProjectSettings.objects.update_or_create(project=project, defaults={"is_enabled": True})
    return project


def make_crm_project(name: str = "", **fields: Any) -> Any:
    """Create a project with the CRM on."""
    return switch_on(make_project(name, **fields))


def keys_for(*verbs: str, kinds: Any = None) -> list[str]:
    """Return the role keys of the verbs on the kinds, all grantable ones by default."""
    return [role_key(verb, kind) for kind in kinds or grantable_kinds() for verb in verbs]


def make_worker(
    project: Any,
    username: str = "",
    verbs: Any = VERBS,
    *,
    keys: Any = None,
    scope: str = "all",
    host: Any = HOST_WORK_KEYS,
    user: Any = None,
) -> Any:
    """Make a member of the project whose role has the verbs (or the keys) in the CRM."""
    role = make_role(project, permissions=host)
    models.RoleGrant.objects.create(
        role=role,
        keys=keys_for(*verbs) if keys is None else list(keys),
        scopes=dict.fromkeys(grantable_kinds(), scope),
    )
    return make_member(project, user or make_user(username or f"worker{next(_numbers)}"), role)


def give_keys(user: Any, *keys: str) -> Any:
    """Make the person of a new user type with these global keys."""
    user_type = models.UserType.objects.create(name=f"Type {next(_numbers)}", keys=list(keys))
    user_type.members.add(user)
    return user_type


OUTSIDERS = ("superuser", "director", "manager")


def make_outsider(how: str, project: Any) -> Any:
    """Make somebody whose right on a record comes from no role in its project: a superuser, a
    holder of the global keys, or whoever manages the record; the latter two work in `project`."""
    if how == "superuser":
        return make_user(is_superuser=True)
    person = make_worker(project, "person")
    if how == "director":
        give_keys(person, "view_everything", "change_everything", "delete_everything")
    return person


def company() -> models.AccountType:
    """Return the account type with a first name only; made anew where tables were flushed."""
    return models.AccountType.objects.get_or_create(
        name="Company", defaults={"has_first_name": True, "has_last_name": False}
    )[0]


def personal() -> models.AccountType:
    """Return the account type with both names."""
    return models.AccountType.objects.get_or_create(
        name="Personal", defaults={"has_first_name": True, "has_last_name": True}
    )[0]


def employee() -> models.ContactType:
    """Return the contact type of an account's people."""
    return models.ContactType.objects.get_or_create(
        name="Employee", defaults={"relation": "employee"}
    )[0]


def industry(name: str = "Software") -> models.Industry:
    """Return an industry."""
    return models.Industry.objects.get_or_create(name=name)[0]


def make_account(name: str = "", *projects: Any, **fields: Any) -> models.Account:
    """Create an account in the projects."""
    name = name or f"Account {next(_numbers)}"
    fields.setdefault("type", company())
    fields.setdefault("name_key", company_key(name))
    searched = [name, fields.get("organisation", ""), fields.get("city", "")]
    account = models.Account.objects.create(
        first_name=name,
        name=name,
        search_text=search_text(searched),
        project_ids=sorted(project.pk for project in projects),
        **fields,
    )
    models.AccountProject.objects.bulk_create(
        models.AccountProject(account=account, project=project) for project in projects
    )
    return account


def make_contact(account: Any, name: str = "", **fields: Any) -> models.Contact:
    """Create a contact; the first one of its account is the primary one."""
    name = name or f"Contact {next(_numbers)}"
    fields.setdefault("type", employee())
    fields.setdefault("name_key", person_key(name))
    if account is not None:
        first = not account.contacts.filter(is_primary=True).exists()
        fields.setdefault("is_primary", first)
    return models.Contact.objects.create(
        account=account, last_name=name, name=name, search_text=search_text([name]), **fields
    )


def link(ticket: Any, account: Any, *, primary: bool = True, **fields: Any) -> Any:
    """Link a ticket of the host to an account."""
    kind = type(ticket).__name__.lower()
    return models.TicketAccount.objects.create(
        **{"kind": kind, kind: ticket},
        project=ticket.project,
        account=account,
        is_primary=primary,
        **fields,
    )


def make_view(name: str, owner: Any, **fields: Any) -> models.SavedView:
    """Save a view of accounts that shows only their names."""
    fields.setdefault("kind", "account")
    links = {key: fields.pop(key) for key in ("roles", "user_types") if key in fields}
    fields["state"] = checked_state(fields.get("state", {"columns": ["name"]}))
    view = models.SavedView.objects.create(name=name, owner=owner, **fields)
    for key, rows in links.items():
        getattr(view, key).set(rows)
    return view


def connect(one: Any, other: Any, **fields: Any) -> models.AccountConnection:
    """Connect two accounts."""
    low, high = sorted((one, other), key=lambda account: account.pk)
    return models.AccountConnection.objects.create(low=low, high=high, **fields)


# what a refused request writes as well: that it was refused, and how many there were
LOGS = ("taiga_crm_securityevent", "taiga_crm_ratecount")


def fingerprint(
    *, without: tuple[str, ...] = (), only: Iterable[str] | None = None
) -> dict[str, tuple[int, Any]]:
    """Return the count and a checksum of the rows of every table of the CRM but the logs."""
    named = connection.introspection.table_names() if only is None else only
    tables = sorted(
        table
        for table in named
        if table.startswith("taiga_crm_") and table not in (*without, *LOGS)
    )
    if not tables:
        return {}
    parts = [f"SELECT '{t}', count(*), sum(hashtext(r::text)) FROM {t} r" for t in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (count, checksum) for table, count, checksum in cursor.fetchall()}


def rows_written() -> dict[str, int]:
    """Return how many rows this transaction wrote into each table of the CRM so far, those that
    were taken back among them: a table whose number stays the same is as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE relname LIKE %s",
            ["taiga\\_crm\\_%"],
        )
        return dict(cursor.fetchall())


def make_attachment(record: Any, name: str = "plan.pdf", content: bytes = b"%PDF-1.4") -> Any:
    """Put a file on a record."""
    kept = keep([content], 1_000_000)
    kind = record._meta.model_name
    row = models.Attachment.objects.create(kind=kind, object_id=record.pk, created_by=None)
    row.versions.create(number=1, file=kept.name, name=name, size=kept.size, sha256=kept.sha256)
    return row


def set_rules(kind: str, *rules: dict[str, Any], project: Any = None) -> None:
    """Write field rules: {"field": …, "effect": …, people and states}."""
    place, _created = models.FieldRuleSet.objects.get_or_create(kind=kind, project=project)
    for rule in rules:
        models.FieldRule.objects.create(rule_set=place, **rule)
    fields_changed()


def role_of(user: Any) -> int:
    """Return the id of the role of a member of one project."""
    return int(user.memberships.get().role_id)


def make_token(owner: Any, *scopes: str, projects: Any = (), **fields: Any) -> tuple[Any, str]:
    """Make a personal token with all scopes or with these; return the row and the secret text."""
    made = api_tokens.create(
        owner,
        {"name": "Test", "days": 30, "scopes": list(scopes or SCOPES), "projects": list(projects)},
    )
    row = models.ApiToken.objects.get(pk=made["id"])
    if fields:
        models.ApiToken.objects.filter(pk=row.pk).update(**fields)
        row.refresh_from_db()
    return row, made["token"]
