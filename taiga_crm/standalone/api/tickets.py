"""Issues, user stories, tasks and epics: lists, single tickets, writes with a version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.standalone.access import projects_with
from taiga_crm.standalone.api.errors import BadRequest
from taiga_crm.standalone.api.people import show_briefly
from taiga_crm.standalone.api.ticket_input import read_changes
from taiga_crm.standalone.api.view import HostView
from taiga_crm.standalone.epics.models import Epic
from taiga_crm.standalone.issues.models import Issue
from taiga_crm.standalone.projects.models import Project
from taiga_crm.standalone.tasks.models import Task
from taiga_crm.standalone.userstories.models import UserStory

FILTERS = ("status", "milestone", "assigned_to", "owner", "user_story")
SHOWN = (
    "id", "ref", "subject", "description", "created_date", "modified_date", "tags",
    "external_reference", "is_blocked", "blocked_note", "is_closed", "version", "due_date",
    "color", "finished_date", "finish_date",
)  # fmt: skip
LINKS = ("project", "status", "milestone", "user_story", "owner", "assigned_to")


@dataclass(frozen=True)
class Kind:
    """One kind of ticket: its rows and the permission keys that guard it."""

    model: Any
    view: str
    noun: str

    @property
    def columns(self) -> set[str]:
        """Return the names that this kind has."""
        return {field.name for field in self.model._meta.concrete_fields}


KINDS = {
    "issues": Kind(Issue, "view_issues", "issue"),
    "userstories": Kind(UserStory, "view_us", "us"),
    "tasks": Kind(Task, "view_tasks", "task"),
    "epics": Kind(Epic, "view_epics", "epic"),
}


class TicketsView(HostView):
    """GET and POST /issues, /userstories, /tasks, /epics."""

    def get(self, request: Request, kind: str) -> Response:
        """Return the tickets of all projects in which the person may see this kind."""
        of = KINDS[kind]
        projects = Project.objects.filter(projects_with(request.user, of.view)).order_by()
        rows = of.model.objects.filter(project__in=projects.values("pk"))
        rows = rows.filter(**_filters(request, of))
        rows = rows.select_related("project", "status", "owner", "assigned_to")
        return self.paginated(rows, lambda ticket: _show(ticket, of))

    def post(self, request: Request, kind: str) -> Response:
        """Create a ticket in `project`."""
        of = KINDS[kind]
        given = request.data.get("project")
        project = Project.objects.filter(pk=given).first() if isinstance(given, int) else None
        if project is None:
            raise ValidationError({"project": [_("This field is required.")]})
        self.require(project, f"add_{of.noun}")
        self.require_writable(project)
        changes = read_changes(of.model, project, request.data, partial=False)
        ticket = of.model.objects.create(project=project, owner=request.user, **changes)
        return Response(_show(ticket, of), status=201)


class TicketView(HostView):
    """GET, PATCH and DELETE /issues/N and so on."""

    def get(self, request: Request, kind: str, pk: int) -> Response:
        """Return one ticket."""
        of = KINDS[kind]
        return self.shown(get_object_or_404(of.model, pk=pk), of)

    def patch(self, request: Request, kind: str, pk: int) -> Response:
        """Change a ticket of the current `version`; unlike Taiga, a stale one is never merged."""
        of = KINDS[kind]
        ticket = get_object_or_404(of.model.objects.select_for_update(of=("self",)), pk=pk)
        self.require(ticket.project, f"modify_{of.noun}")
        self.require_writable(ticket.project)
        changes = read_changes(of.model, ticket.project, request.data, partial=True)
        _check_version(request.data.get("version"), ticket.version)
        for name, value in changes.items():
            setattr(ticket, name, value)
        ticket.version += 1
        ticket.save()
        return Response(_show(ticket, of))

    def delete(self, request: Request, kind: str, pk: int) -> Response:
        """Delete a ticket."""
        of = KINDS[kind]
        ticket = get_object_or_404(of.model, pk=pk)
        self.require(ticket.project, f"delete_{of.noun}")
        self.require_writable(ticket.project)
        ticket.delete()
        return Response(status=204)

    def shown(self, ticket: Any, of: Kind) -> Response:
        """Return the ticket if the person may see it."""
        self.require(ticket.project, of.view)
        return Response(_show(ticket, of))


class TicketByRefView(TicketView):
    """GET /issues/by_ref?ref=7&project=3 and so on."""

    http_method_names = ["get", "options"]

    def get(self, request: Request, kind: str) -> Response:  # type: ignore[override]
        """Return one ticket by its number in the project."""
        of, params = KINDS[kind], request.query_params
        where = {
            column: params[name]
            for name, column in (("project", "project_id"), ("project__slug", "project__slug"))
            if name in params
        }
        if "ref" not in params or not where:
            raise BadRequest(_("ref param is needed") if where else _("project param is needed"))
        if not all(params.get(name, "0").isdecimal() for name in ("ref", "project")):
            raise BadRequest
        return self.shown(get_object_or_404(of.model, ref=int(params["ref"]), **where), of)


def _filters(request: Request, of: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("project", *FILTERS):
        value = request.query_params.get(name)
        if value is None or name not in of.columns:
            continue
        ids = value.split(",")
        if not all(one.isdecimal() for one in ids):
            raise BadRequest(_("Error in filter params types."))
        found[f"{name}__in"] = ids
    closed = request.query_params.get("status__is_closed")
    if closed is not None:
        found["status__is_closed"] = closed.lower() in ("true", "1")
    return found


def _check_version(given: Any, current: int) -> None:
    if not isinstance(given, int) or given < 0 or given > current:
        raise ValidationError({"version": _("The version parameter is not valid")})
    if given != current:
        raise ValidationError({"version": _("The version doesn't match with the current one")})


def _show(ticket: Any, of: Kind) -> dict[str, Any]:
    shown = {
        name: getattr(ticket, name) for name in SHOWN if name in of.columns or name == "is_closed"
    }
    shown.update({name: getattr(ticket, f"{name}_id") for name in LINKS if name in of.columns})
    status, project = ticket.status, ticket.project
    return {
        **shown,
        "status_extra_info": status
        and {"name": status.name, "color": status.color, "is_closed": status.is_closed},
        "project_extra_info": {"id": project.pk, "name": project.name, "slug": project.slug},
        "owner_extra_info": show_briefly(ticket.owner),
        "assigned_to_extra_info": show_briefly(ticket.assigned_to),
    }
