"""Memberships, read from tables that every supported host has."""

from __future__ import annotations

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from taiga_crm.host.port import HostMembership


def read_memberships(user_id: int) -> list[HostMembership]:
    """Return a person's memberships in one query; `archived_code` exists since Taiga 6.10."""
    membership = apps.get_model("projects", "Membership")
    codes = ["project__blocked_code"]
    try:
        apps.get_model("projects", "Project")._meta.get_field("archived_code")
        codes.append("project__archived_code")
    except FieldDoesNotExist:
        pass  # Taiga 6.6 – 6.9 cannot archive
    rows = (
        membership.objects.filter(user_id=user_id)
        .order_by()
        .values_list("project_id", "role_id", "is_admin", "role__permissions", *codes)
    )
    return [
        HostMembership(
            project, role, admin, frozenset(keys or ()), any(code is not None for code in frozen)
        )
        for project, role, admin, keys, *frozen in rows
    ]
