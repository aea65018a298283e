"""Statuses and sprints of a project."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.standalone.access import projects_with
from taiga_crm.standalone.api.view import HostView
from taiga_crm.standalone.milestones.models import Milestone
from taiga_crm.standalone.projects.models import (
    EpicStatus,
    IssueStatus,
    Project,
    TaskStatus,
    UserStoryStatus,
)

STATUS_COLUMNS = ("id", "name", "slug", "order", "is_closed", "color")
MILESTONE_COLUMNS = (
    "id", "name", "slug", "estimated_start", "estimated_finish", "created_date", "modified_date",
    "closed", "order",
)  # fmt: skip


class ProjectValuesView(HostView):
    """A list of rows that belong to projects the person may see."""

    model: Any = None
    columns: tuple[str, ...] = STATUS_COLUMNS
    key = "view_project"

    def get(self, request: Request) -> Response:
        """Return the rows, of one project when `project` is given."""
        projects = Project.objects.filter(projects_with(request.user, self.key))
        wanted = request.query_params.get("project")
        if wanted is not None:
            projects = projects.filter(pk=int(wanted)) if wanted.isdecimal() else projects.none()
        rows = self.model.objects.filter(project__in=projects.order_by().values("pk"))
        return self.paginated(rows, self._show)

    def _show(self, row: Any) -> dict[str, Any]:
        return {**{name: getattr(row, name) for name in self.columns}, "project": row.project_id}


class IssueStatusesView(ProjectValuesView):
    """GET /issue-statuses."""

    model = IssueStatus


class UserStoryStatusesView(ProjectValuesView):
    """GET /userstory-statuses."""

    model = UserStoryStatus
    columns = (*STATUS_COLUMNS, "is_archived", "wip_limit")


class TaskStatusesView(ProjectValuesView):
    """GET /task-statuses."""

    model = TaskStatus


class EpicStatusesView(ProjectValuesView):
    """GET /epic-statuses."""

    model = EpicStatus


class MilestonesView(ProjectValuesView):
    """GET /milestones."""

    model = Milestone
    columns = MILESTONE_COLUMNS
    key = "view_milestones"
