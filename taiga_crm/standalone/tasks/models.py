"""Tasks, in Taiga's table."""

from __future__ import annotations

from django.db import models

from taiga_crm.standalone.tickets import Ticket


class Task(Ticket):
    """A step of a user story, or a small work of its own."""

    status_relation = "task_statuses"

    project = models.ForeignKey("projects.Project", related_name="tasks", on_delete=models.CASCADE)
    user_story = models.ForeignKey(
        "userstories.UserStory",
        null=True,
        blank=True,
        related_name="tasks",
        on_delete=models.CASCADE,
    )
    status = models.ForeignKey(
        "projects.TaskStatus",
        null=True,
        blank=True,
        related_name="tasks",
        on_delete=models.SET_NULL,
    )
    milestone = models.ForeignKey(
        "milestones.Milestone",
        null=True,
        blank=True,
        default=None,
        related_name="tasks",
        on_delete=models.SET_NULL,
    )
    us_order = models.BigIntegerField(default=0)
    taskboard_order = models.BigIntegerField(default=0)
    is_iocaine = models.BooleanField(default=False)
    due_date = models.DateField(null=True, blank=True, default=None)
    due_date_reason = models.TextField(blank=True, default="")
    finished_date = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Taiga's order."""

        ordering = ["project", "created_date", "ref"]

    @property
    def is_closed(self) -> bool:
        """Follow the status."""
        return self.status is not None and self.status.is_closed
