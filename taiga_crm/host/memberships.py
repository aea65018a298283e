"""Memberships, read from tables that every supported host has."""

from __future__ import annotations

from functools import lru_cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection

from taiga_crm.host.port import HostMembership


def read_memberships(user_id: int) -> list[HostMembership]:
    """Return a person's memberships in one query, whose SQL is written once."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [user_id])
        rows = cursor.fetchall()
    return [
        HostMembership(
            project, role, admin, frozenset(keys or ()), any(code is not None for code in frozen)
        )
        for project, role, admin, keys, *frozen in rows
    ]


@lru_cache(maxsize=1)
def _statement() -> str:
    """Return the SQL for one person."""
    membership = apps.get_model("projects", "Membership")
    codes = [f"project__{code}" for code in _codes()]
    rows = membership.objects.filter(user_id=0).order_by()
    columns = ("project_id", "role_id", "is_admin", "role__permissions", *codes)
    sql, params = rows.values_list(*columns).query.sql_with_params()
    assert params == (0,), params
    return str(sql)


@lru_cache(maxsize=1)
def frozen_among(ids: str) -> str:
    """Return the SQL of those projects of a subquery that the host lets nobody write to."""
    table = apps.get_model("projects", "Project")._meta.db_table
    frozen = " OR ".join(f"{code} IS NOT NULL" for code in _codes())
    return f"SELECT id FROM {table} WHERE id IN ({ids}) AND ({frozen})"  # noqa: S608 - own names


def _codes() -> list[str]:
    """Return the columns that say why a project is frozen; archiving exists since Taiga 6.10."""
    try:
        apps.get_model("projects", "Project")._meta.get_field("archived_code")
    except FieldDoesNotExist:
        return ["blocked_code"]
    return ["blocked_code", "archived_code"]
