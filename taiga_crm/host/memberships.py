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
    """Return the SQL for one person; `archived_code` exists since Taiga 6.10."""
    membership = apps.get_model("projects", "Membership")
    codes = ["project__blocked_code"]
    try:
        apps.get_model("projects", "Project")._meta.get_field("archived_code")
        codes.append("project__archived_code")
    except FieldDoesNotExist:
        pass  # Taiga 6.6 – 6.9 cannot archive
    rows = membership.objects.filter(user_id=0).order_by()
    columns = ("project_id", "role_id", "is_admin", "role__permissions", *codes)
    sql, params = rows.values_list(*columns).query.sql_with_params()
    assert params == (0,), params
    return str(sql)
