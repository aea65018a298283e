"""Who keeps webhooks, and whether one may still tell what its owner may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from taiga_crm.models import Webhook
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.keys import MANAGE_SETTINGS

OWNER_GONE, OWNER_INACTIVE, NO_RIGHT, PROJECT_OFF = (
    "owner_gone",
    "owner_inactive",
    "no_right",
    "project_off",
)


def may_keep(access: Access, project_id: int | None) -> bool:
    """Say whether the person keeps the webhooks of a CRM project, or those of all projects."""
    if project_id is None:
        return access.has_key(MANAGE_SETTINGS)
    return project_id in access.enabled and access.is_project_admin(project_id)


def kept_webhooks(user: Any) -> Any:
    """Return the webhooks that the person keeps."""
    access = access_of(user)
    kept = [one for one in access.enabled if access.is_project_admin(one)]
    wanted = Q(project__in=kept)
    if access.has_key(MANAGE_SETTINGS):
        wanted |= Q(project__isnull=True)
    return Webhook.objects.filter(wanted)


def why_silent(webhook: Webhook) -> str:
    """Return why a webhook may not speak for its owner; "" while it may."""
    owner = webhook.owner
    if owner is None:
        return OWNER_GONE
    if not owner.is_active or getattr(owner, "is_system", False):
        return OWNER_INACTIVE
    access = access_of(owner)
    if may_keep(access, webhook.project_id):
        return ""
    if webhook.project_id is not None and access.is_project_admin(webhook.project_id):
        return PROJECT_OFF
    return NO_RIGHT
