"""Rows of the host, made the same way on the embedded host and on a real Taiga."""

from __future__ import annotations

import itertools
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model

PASSWORD = "123123"

_numbers = itertools.count(1)


def make_user(username: str = "", **fields: Any) -> Any:
    """Create a person who can log in with PASSWORD."""
    name = username or f"user{next(_numbers)}"
    fields.setdefault("full_name", name.capitalize())
    fields.setdefault("email", f"{name}@example.com")
    user = get_user_model()(username=name, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def make_project(name: str = "", **fields: Any) -> Any:
    """Create a private project with one open and one closed status for each kind of ticket."""
    name = name or f"Project {next(_numbers)}"
    fields.setdefault("slug", name.lower().replace(" ", "-"))
    fields.setdefault("description", name)
    fields.setdefault("owner", None)
    fields.setdefault("is_epics_activated", True)
    project = _model("projects", "Project")(name=name, **fields)
    project._importing = True  # Taiga then applies no project template
    project.modified_date = fields.get("created_date") or _now()
    project.save()
    for kind in ("IssueStatus", "UserStoryStatus", "TaskStatus", "EpicStatus"):
        status = _model("projects", kind).objects
        status.create(project=project, name="New", slug="new", order=1)
        status.create(project=project, name="Closed", slug="closed", order=2, is_closed=True)
    return project


def make_role(project: Any, name: str = "", permissions: Any = ("view_project",)) -> Any:
    """Create a role of the project with the host's permission keys."""
    name = name or f"Role {next(_numbers)}"
    return _model("users", "Role").objects.create(
        project=project,
        name=name,
        slug=f"{name.lower().replace(' ', '-')}-{next(_numbers)}",
        permissions=list(permissions),
        computable=False,
    )


def make_member(
    project: Any, user: Any = None, role: Any = None, *, is_admin: bool = False, **role_fields: Any
) -> Any:
    """Make the person (a new one by default) a member of the project; return the person."""
    user = user or make_user()
    role = role or make_role(project, **role_fields)
    _model("projects", "Membership").objects.create(
        project=project, user=user, role=role, is_admin=is_admin, email=user.email
    )
    return user


def make_issue(project: Any, subject: str = "", **fields: Any) -> Any:
    """Create an issue; its number comes from the project."""
    return _ticket("issues", "Issue", "issue_statuses", project, subject, fields)


def make_story(project: Any, subject: str = "", **fields: Any) -> Any:
    """Create a user story."""
    return _ticket("userstories", "UserStory", "us_statuses", project, subject, fields)


def make_task(project: Any, subject: str = "", **fields: Any) -> Any:
    """Create a task."""
    return _ticket("tasks", "Task", "task_statuses", project, subject, fields)


def make_epic(project: Any, subject: str = "", **fields: Any) -> Any:
    """Create an epic."""
    return _ticket("epics", "Epic", "epic_statuses", project, subject, fields)


MAKE_TICKET = {"issue": make_issue, "userstory": make_story, "task": make_task, "epic": make_epic}


def make_application_token(user: Any) -> str:
    """Create an application that may act for the person; return its token."""
    number = next(_numbers)
    application = _model("external_apps", "Application").objects.create(
        id=f"app-{number}", name=f"App {number}", next_url="http://localhost/"
    )
    row = _model("external_apps", "ApplicationToken").objects.create(
        user=user, application=application, token=f"application-token-{number}"
    )
    return str(row.token)


def _ticket(
    app: str, model: str, statuses: str, project: Any, subject: str, fields: dict[str, Any]
) -> Any:
    subject = subject or f"{model} {next(_numbers)}"
    if isinstance(fields.get("status"), str):
        fields["status"] = getattr(project, statuses).get(slug=fields["status"])
    fields.setdefault("status", getattr(project, statuses).order_by("order").first())
    return _model(app, model).objects.create(project=project, subject=subject, **fields)


def _model(app: str, name: str) -> Any:
    return apps.get_model(app, name)


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()
