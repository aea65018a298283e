"""User stories, in Taiga's table."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from taiga_crm.standalone.tickets import Ticket


class UserStory(Ticket):
    """A piece of work worth something to a user."""

    status_relation = "us_statuses"

    project = models.ForeignKey(
        "projects.Project", related_name="user_stories", on_delete=models.CASCADE
    )
    status = models.ForeignKey(
        "projects.UserStoryStatus",
        null=True,
        blank=True,
        related_name="user_stories",
        on_delete=models.SET_NULL,
    )
    milestone = models.ForeignKey(
        "milestones.Milestone",
        null=True,
        blank=True,
        default=None,
        related_name="user_stories",
        on_delete=models.SET_NULL,
    )
    is_closed = models.BooleanField(default=False)
    backlog_order = models.BigIntegerField(default=0)
    sprint_order = models.BigIntegerField(default=0)
    kanban_order = models.BigIntegerField(default=0)
    finish_date = models.DateTimeField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True, default=None)
    due_date_reason = models.TextField(blank=True, default="")
    client_requirement = models.BooleanField(default=False)
    team_requirement = models.BooleanField(default=False)
    assigned_users = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="assigned_userstories"
    )

    class Meta:
        """Taiga's order."""

        ordering = ["project", "backlog_order", "ref"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the column `is_closed` in step with the status."""
        status = self.status or self.project.us_statuses.first()
        self.is_closed = status is not None and status.is_closed
        super().save(*args, **kwargs)
