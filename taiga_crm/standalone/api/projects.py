"""Projects with the rights of the person who asks."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.standalone.access import is_admin_of, permissions_of, projects_with
from taiga_crm.standalone.api.people import show_briefly
from taiga_crm.standalone.api.view import HostView
from taiga_crm.standalone.projects.models import Project

SWITCHES = tuple(
    f"is_{module}_activated" for module in ("epics", "backlog", "kanban", "wiki", "issues")
)
SHOWN = (
    "id", "name", "slug", "description", "created_date", "modified_date", "is_private",
    "anon_permissions", "public_permissions", "blocked_code", "archived_code", "tags", *SWITCHES,
)  # fmt: skip


class ProjectsView(HostView):
    """GET /projects?member=N."""

    def get(self, request: Request) -> Response:
        """Return the projects that the person may see."""
        rows = Project.objects.filter(projects_with(request.user, "view_project"))
        member = request.query_params.get("member")
        if member is not None:
            rows = rows.filter(memberships__user=int(member)) if member.isdecimal() else rows.none()
        rows = rows.select_related("owner").prefetch_related("memberships")
        return self.paginated(rows, lambda project: _show(project, request.user))


class ProjectView(HostView):
    """GET, PATCH and DELETE /projects/N."""

    def get(self, request: Request, pk: int) -> Response:
        """Return one project with its people and roles."""
        return Response(self._detail(get_object_or_404(Project, pk=pk)))

    def patch(self, request: Request, pk: int) -> Response:
        """Change name, description or the module switches; other keys are ignored, as in Taiga."""
        project = get_object_or_404(Project, pk=pk)
        self.require(project, "modify_project")
        self.require_writable(project)
        for name in ("name", "description", *SWITCHES):
            if name in request.data:
                setattr(project, name, _checked(name, request.data[name]))
        project.save()
        return Response(self._detail(project))

    def delete(self, request: Request, pk: int) -> Response:
        """Delete the project and everything in it."""
        project = get_object_or_404(Project, pk=pk)
        self.require(project, "delete_project")
        project.delete()
        return Response(status=204)

    def _detail(self, project: Project) -> dict[str, Any]:
        self.require(project, "view_project")
        roles = project.roles.values("id", "name", "slug", "order", "computable", "permissions")
        memberships = project.memberships.filter(user__isnull=False).select_related("user", "role")
        return {
            **_show(project, self.request.user),
            "members": [_show_member(row) for row in memberships],
            "roles": list(roles),
        }


class ProjectBySlugView(ProjectView):
    """GET /projects/by_slug?slug=…."""

    http_method_names = ["get", "options"]

    def get(self, request: Request) -> Response:  # type: ignore[override]
        """Return one project by its slug."""
        slug = request.query_params.get("slug", "")
        return Response(self._detail(get_object_or_404(Project, slug=slug)))


def _show(project: Project, user: Any) -> dict[str, Any]:
    members = [row.user_id for row in project.memberships.all() if row.user_id is not None]
    return {
        **{name: getattr(project, name) for name in SHOWN},
        "owner": show_briefly(project.owner),
        "members": members,
        "logo_small_url": None,
        "logo_big_url": None,
        "my_permissions": sorted(permissions_of(user, project)),
        "i_am_owner": user.is_authenticated and user.pk == project.owner_id,
        "i_am_admin": is_admin_of(user, project),
        "i_am_member": user.pk in members,
    }


def _show_member(row: Any) -> dict[str, Any]:
    return {
        **(show_briefly(row.user) or {}),
        "full_name": row.user.full_name,
        "color": row.user.color,
        "role": row.role_id,
        "role_name": row.role.name,
    }


def _checked(name: str, value: Any) -> Any:
    wanted = bool if name in SWITCHES else str
    if not isinstance(value, wanted) or value == "":
        raise ValidationError({name: ["Invalid value."]})
    return value
