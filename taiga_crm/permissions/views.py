"""Who sees, changes and shares saved views, and for whom one may set a default."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from taiga_crm.models import SavedView, UserTypeMember
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.decide import outcome_for
from taiga_crm.permissions.keys import MANAGE_SETTINGS
from taiga_crm.registry.catalog import entities


def visible_views(user: Any) -> Any:
    """Return one's own views and those shared with the person, of kinds that the person sees."""
    access = access_of(user)
    kinds = [one.key for one in entities() if outcome_for(one, user, "view") is not False]
    rows = SavedView.objects.filter(kind__in=kinds).filter(_in_sight(access))
    return rows.filter(Q(owner_id=user.pk) | ~Q(sharing="private") & _shared_with(access))


def may_share(access: Access, project_id: int | None) -> bool:
    """Say whether the person shares views: project admins there, keepers of settings globally."""
    if project_id is None:
        return access.has_key(MANAGE_SETTINGS)
    frozen = not (access.is_superuser or access.finds_open(project_id))
    return project_id in access.enabled and access.is_project_admin(project_id) and not frozen


def may_change(access: Access, view: SavedView) -> bool:
    """Say whether the person may change a visible view; shared ones are for who may share."""
    if view.sharing == "private":
        return view.owner_id == access.user_id
    return may_share(access, view.project_id)


def _in_sight(access: Access) -> Q:
    """Views of a project are for its members, while its CRM is on."""
    return Q(project__isnull=True) | Q(project__in=my_crm_projects(access))


def my_crm_projects(access: Access) -> list[int]:
    """Return the projects of the person that have the CRM on."""
    return sorted(one for one in access.enabled if access.is_member(one))


def _shared_with(access: Access) -> Q:
    if access.has_key(MANAGE_SETTINGS):
        return ~Q(pk__in=[])
    roles = [row.role_id for row in access.memberships if row.role_id is not None]
    of_roles = _links(SavedView.roles).filter(role_id__in=roles)
    mine = UserTypeMember.objects.filter(user_id=access.user_id).values("user_type_id")
    of_types = _links(SavedView.user_types).filter(usertype_id__in=mine)
    managed = [one for one in access.enabled if access.is_project_admin(one)]
    return (
        Q(sharing="public")
        | Q(sharing="roles", pk__in=of_roles.values("savedview_id"))
        | Q(sharing="user_types", pk__in=of_types.values("savedview_id"))
        | Q(project__in=managed)
    )


def _links(relation: Any) -> Any:
    return relation.through._base_manager
