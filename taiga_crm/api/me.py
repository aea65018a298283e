"""What the person at the screen may do, and the meta that draws the screens."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, plain
from taiga_crm.api.scopes import READS
from taiga_crm.api.views import CrmView
from taiga_crm.capabilities.links import linkable_users
from taiga_crm.capabilities.lookup import LIMIT
from taiga_crm.capabilities.meta import describe_all
from taiga_crm.capabilities.person_zone import zone_name
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.callers import caller_of
from taiga_crm.permissions.decide import kind_verbs
from taiga_crm.permissions.keys import (
    MANAGE_SECURITY,
    MANAGE_SETTINGS,
    VERBS,
    grantable_kinds,
    role_key,
)
from taiga_crm.permissions.projects import may_switch, my_projects
from taiga_crm.registry.catalog import entities

# the host's own rights to make a ticket, and to change it so that an account can be linked
MADE_BY = {"issue": ("add_issue", "modify_issue"), "userstory": ("add_us", "modify_us")}


class MeView(CrmView):
    """GET /me."""

    token_scopes = READS

    @plain()
    def get(self, request: Request) -> Response:
        """Return the person, the global rights and the projects with their rights."""
        user: Any = request.user
        access = access_of(user)
        rows = my_projects(user).order_by("name", "pk").values_list("pk", "slug", "name")
        return Response(
            {
                "user": {
                    "id": user.pk,
                    "username": user.username,
                    "full_name": user.full_name or user.username,
                    "timezone": zone_name(user),
                },
                "is_superuser": access.is_superuser,
                "global_keys": sorted(access.global_keys),
                "can": {
                    "enter_global": access.enters_crm,
                    "manage_settings": access.has_key(MANAGE_SETTINGS),
                    "manage_security": access.has_key(MANAGE_SECURITY),
                    "manage_user_types": access.is_superuser,
                },
                "token": _token(user),
                "verbs": {entity.key: kind_verbs(entity, user) for entity in entities()},
                "projects": [_project(access, *row) for row in rows],
            }
        )


class MetaView(CrmView):
    """GET /meta."""

    token_scopes = READS

    @plain()
    def get(self, request: Request) -> Response:
        """Return the meta of all entities in the reader's language."""
        return Response(describe_all(request.user))


class UsersView(CrmView):
    """GET /users."""

    token_scopes = READS

    @plain(OBJECTS, query=("q", "project"))
    def get(self, request: Request) -> Response:
        """Return people the reader may link to, by name; `project` narrows to its members."""
        people = linkable_users(request.user)
        project = request.query_params.get("project", "")
        if project.isascii() and project.isdigit() and len(project) < 10:
            people = people.filter(memberships__project_id=int(project))
        text = request.query_params.get("q", "").replace("\0", "").strip()[:100]
        if text:
            people = people.filter(full_name__icontains=text) | people.filter(
                username__icontains=text
            )
        found = people.distinct().order_by("full_name", "pk")[:LIMIT]
        return Response(
            [
                {"id": one.pk, "label": one.full_name or one.username, "username": one.username}
                for one in found
            ]
        )


class ProjectsView(CrmView):
    """GET /projects."""

    token_scopes = READS

    @plain(OBJECTS, query=("q",))
    def get(self, request: Request) -> Response:
        """Return the person's projects and whether the CRM is on; `q` narrows by name."""
        access = access_of(request.user)
        rows = my_projects(request.user)
        text = request.query_params.get("q", "").replace("\0", "").strip()[:100]
        if text:
            rows = rows.filter(name__icontains=text)
        return Response(
            [
                {"id": pk, "slug": slug, "label": name, "crm_enabled": pk in access.enabled}
                for pk, slug, name in rows.order_by("name", "pk").values_list("pk", "slug", "name")[
                    :200
                ]
            ]
        )


def _token(user: Any) -> dict[str, Any] | None:
    """Return what the personal token of this request may do; None for a person who logged in."""
    caller = caller_of(user)
    if caller.scopes is None:
        return None
    return {
        "id": caller.token_id,
        "scopes": sorted(caller.scopes),
        "projects": None if caller.projects is None else sorted(caller.projects),
    }


def _may(access: Access, pk: int, key: str) -> bool:
    return pk in (access.ticket_projects(key) or ())


def _project(access: Access, pk: int, slug: str, name: str) -> dict[str, Any]:
    kinds = grantable_kinds()
    frozen = pk in access.frozen
    asked = ("view",) if frozen else VERBS
    verbs = {
        kind: [verb for verb in asked if access.holds(role_key(verb, kind), pk)] for kind in kinds
    }
    return {
        "id": pk,
        "slug": slug,
        "name": name,
        "crm_enabled": pk in access.enabled,
        "is_admin": access.is_project_admin(pk),
        "is_frozen": frozen,
        "can_switch": may_switch(access, pk) and not frozen,
        "verbs": {**verbs, "ticket": ["view"] if "view" in verbs["account"] else []},
        "tickets": [
            kind
            for kind, keys in MADE_BY.items()
            if not frozen and all(_may(access, pk, key) for key in keys)
        ],
        "scopes": {kind: access.scope_in(kind, pk) for kind in kinds},
    }
