"""Switch the CRM of a project and give its roles their keys (F002, F210, F212)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.history import record_history, text_change
from taiga_crm.capabilities.plain_edit import check_version
from taiga_crm.capabilities.security_log import About
from taiga_crm.host import current_host
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.models import ProjectSettings, RoleGrant
from taiga_crm.permissions.access import access_of, forget_access
from taiga_crm.permissions.keys import SCOPES, VERBS, grantable_kinds, role_key, role_keys
from taiga_crm.permissions.projects import may_switch, member_project
from taiga_crm.registry.catalog import entity


def settings_of(project_id: int, actor: Any) -> dict[str, Any]:
    """Return the switch of a project and what the person may do to it."""
    project = member_project(actor, project_id)
    access = access_of(actor)
    row = ProjectSettings.objects.filter(project=project).first()
    return {
        "project": {"id": project.pk, "slug": project.slug, "label": project.name},
        "enabled": row is not None and row.is_enabled,
        "version": 0 if row is None else row.version,
        "can_switch": may_switch(access, project_id) and project_id not in access.frozen,
        "is_frozen": project_id in access.frozen,
        "can_grant": access.is_project_admin(project_id),
    }


def switch(project_id: int, data: Mapping[str, Any], actor: Any) -> dict[str, Any]:
    """Turn the CRM of a project on or off with "enabled"; its data stays when it is off.

    With the "version" that was read, a switch that somebody used meanwhile is refused.
    """
    enabled = data.get("enabled")
    if not isinstance(enabled, bool):
        raise InvalidInput({"enabled": [_("Yes or no is expected.")]})
    with transaction.atomic():
        project = member_project(actor, project_id)
        if not may_switch(access_of(actor), project_id):
            raise Refused(_("You may not switch the CRM of this project."))
        current_host().check_writable(project)
        settings, created = ProjectSettings.objects.get_or_create(
            project=project, defaults={"created_by": actor}
        )
        settings = ProjectSettings.objects.select_for_update().get(pk=settings.pk)
        if "version" in data and not (created and data["version"] == 0):
            check_version(settings, data)
        if settings.is_enabled != enabled:
            settings.is_enabled = enabled
            settings.version += 1
            settings.save()
            verb = "enable" if enabled else "disable"
            record_history("project_settings", settings, actor, verb, [])
            about = About("project_settings", project.pk, details={"action": verb})
            security_log.note(security_log.RIGHTS, actor, about)
            current_host().emit("project_settings", project.pk, "change", [project.pk])
    forget_access(actor)
    return settings_of(project_id, actor)


def grants_of(project_id: int, actor: Any) -> dict[str, Any]:
    """Return what each role of the project may do; for project admins."""
    _administered(project_id, actor)
    roles = apps.get_model("users", "Role").objects.filter(project_id=project_id)
    grants = {grant.role_id: grant for grant in RoleGrant.objects.filter(role__in=roles)}
    kinds = [entity(key) for key in grantable_kinds()]
    return {
        "kinds": [
            {"key": kind.key, "label": str(kind.label_plural), "verbs": list(VERBS)}
            for kind in kinds
        ],
        "scopes": list(SCOPES),
        "roles": [_row(role, grants.get(role.pk)) for role in roles.order_by("order", "pk")],
    }


def grant(project_id: int, role_id: int, data: Mapping[str, Any], actor: Any) -> dict[str, Any]:
    """Set the keys and scopes of one role; a stale version is refused."""
    keys, scopes = _checked(data)
    with transaction.atomic():
        project = _administered(project_id, actor)
        current_host().check_writable(project)
        roles = apps.get_model("users", "Role").objects.filter(project_id=project_id)
        role = roles.filter(pk=role_id).first()
        if role is None:
            raise NotVisible("No such role in this project")
        RoleGrant.objects.get_or_create(role=role, defaults={"created_by": actor})
        row = RoleGrant.objects.select_for_update().get(role=role)
        check_version(row, data)
        changes = [text_change("keys", _text(row.keys, row.scopes), _text(keys, scopes))]
        row.keys, row.scopes, row.version = keys, scopes, row.version + 1
        row.save()
        record_history("role_grant", row, actor, "update", changes)
        about = About("role_grant", role.pk, details={"project": project_id})
        security_log.note(security_log.RIGHTS, actor, about)
    forget_access(actor)
    return _row(role, row)


def _administered(project_id: int, actor: Any) -> Any:
    project = member_project(actor, project_id)
    if not access_of(actor).is_project_admin(project_id):
        raise Refused(_("Only project admins give keys to roles."))
    return project


def _row(role: Any, row: RoleGrant | None) -> dict[str, Any]:
    return {
        "role": {"id": role.pk, "name": role.name},
        "keys": list(row.keys) if row else [],
        "scopes": {
            kind: (row.scopes if row else {}).get(kind, "all") for kind in grantable_kinds()
        },
        "version": row.version if row else 1,
    }


def _checked(data: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    keys, scopes = data.get("keys"), data.get("scopes", {})
    allowed = role_keys()
    if not isinstance(keys, list) or any(key not in allowed for key in keys):
        raise InvalidInput({"keys": [_("These keys are not known.")]})
    if not isinstance(scopes, dict) or any(
        kind not in grantable_kinds() or scope not in SCOPES for kind, scope in scopes.items()
    ):
        raise InvalidInput({"scopes": [_("These scopes are not known.")]})
    for kind in grantable_kinds():
        wanted = [key for key in keys if key.endswith(f"_{kind}")]
        if wanted and role_key("view", kind) not in keys:
            raise InvalidInput({"keys": [_("Who may change rows must also be able to see them.")]})
    return [key for key in allowed if key in keys], dict(scopes)


def _text(keys: list[str], scopes: Mapping[str, str]) -> str:
    return ", ".join([*keys, *(f"{kind}: {scope}" for kind, scope in sorted(scopes.items()))])
