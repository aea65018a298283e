"""The person who asks, other people, roles and memberships."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.standalone.access import projects_with
from taiga_crm.standalone.api.view import HostView
from taiga_crm.standalone.projects.models import Membership, Project
from taiga_crm.standalone.users.models import Role, User


class MeView(HostView):
    """GET /users/me."""

    def get(self, request: Request) -> Response:
        """Return the person who asks."""
        self.require_login()
        return Response(show_me(request.user))

    def patch(self, request: Request) -> Response:
        """Let the person choose the language."""
        self.require_login()
        me: Any = request.user
        me.lang = str(request.data.get("lang", me.lang))[:20]
        me.save(update_fields=["lang"])
        return Response(show_me(me))


class UserView(HostView):
    """GET /users/N."""

    def get(self, request: Request, pk: int) -> Response:
        """Return a person by id."""
        self.require_login()
        return Response(show_user(get_object_or_404(User, pk=pk)))


class RolesView(HostView):
    """GET /roles?project=N."""

    def get(self, request: Request) -> Response:
        """Return the roles of the projects that the person may see."""
        roles = Role.objects.filter(project__in=_visible_projects(request))
        roles = roles.annotate(members_count=Count("memberships"))
        return self.paginated(roles, _show_role)


class MembershipsView(HostView):
    """GET /memberships?project=N."""

    def get(self, request: Request) -> Response:
        """Return the members of the projects that the person may see."""
        rows = Membership.objects.filter(project__in=_visible_projects(request))
        return self.paginated(rows.select_related("user", "role", "project"), _show_membership)


def show_user(user: User) -> dict[str, Any]:
    """Return what everybody may know of a person."""
    return {
        "id": user.pk,
        "username": user.username,
        "full_name": user.full_name,
        "full_name_display": user.get_full_name(),
        "color": user.color,
        "bio": user.bio,
        "lang": user.lang,
        "theme": user.theme,
        "timezone": user.timezone,
        "is_active": user.is_active,
        "photo": None,
        "big_photo": None,
        "gravatar_id": None,
        "roles": sorted(set(user.memberships.values_list("role__name", flat=True))),
    }


def show_me(user: Any) -> dict[str, Any]:
    """Return what a person may know of themselves."""
    return {**show_user(user), "email": user.email, "date_joined": user.date_joined}


def show_briefly(user: User | None) -> dict[str, Any] | None:
    """Return a person as other records show them."""
    if user is None:
        return None
    names = (
        "id",
        "username",
        "full_name_display",
        "photo",
        "big_photo",
        "gravatar_id",
        "is_active",
    )
    values = {
        "full_name_display": user.get_full_name(),
        "photo": None,
        "big_photo": None,
        "gravatar_id": None,
    }
    return {name: values[name] if name in values else getattr(user, name) for name in names}


def _visible_projects(request: Request) -> Any:
    projects = Project.objects.filter(projects_with(request.user, "view_project"))
    wanted = request.query_params.get("project")
    if wanted is not None:
        projects = projects.filter(pk=int(wanted)) if wanted.isdecimal() else projects.none()
    return projects.order_by().values("pk")


def _show_role(role: Any) -> dict[str, Any]:
    names = ("id", "name", "slug", "order", "computable", "permissions", "members_count")
    return {**{name: getattr(role, name) for name in names}, "project": role.project_id}


def _show_membership(row: Membership) -> dict[str, Any]:
    return {
        "id": row.pk,
        "user": row.user_id,
        "project": row.project_id,
        "role": row.role_id,
        "role_name": row.role.name,
        "is_admin": row.is_admin,
        "full_name": row.user.get_full_name() if row.user else None,
        "is_user_active": row.user.is_active if row.user else False,
        "project_name": row.project.name,
        "project_slug": row.project.slug,
        "is_owner": row.user_id is not None and row.user_id == row.project.owner_id,
        "created_at": row.created_at,
        "user_order": row.user_order,
    }
