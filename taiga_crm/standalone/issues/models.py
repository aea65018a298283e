"""Issues, in Taiga's table."""

from __future__ import annotations

from django.db import models

from taiga_crm.standalone.tickets import Ticket


class Issue(Ticket):
    """Something a customer or colleague reported."""

    status_relation = "issue_statuses"

    project = models.ForeignKey("projects.Project", related_name="issues", on_delete=models.CASCADE)
    status = models.ForeignKey(
        "projects.IssueStatus",
        null=True,
        blank=True,
        related_name="issues",
        on_delete=models.SET_NULL,
    )
    milestone = models.ForeignKey(
        "milestones.Milestone",
        null=True,
        blank=True,
        default=None,
        related_name="issues",
        on_delete=models.SET_NULL,
    )
    due_date = models.DateField(null=True, blank=True, default=None)
    due_date_reason = models.TextField(blank=True, default="")
    finished_date = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Taiga's order."""

        ordering = ["project", "-id"]

    @property
    def is_closed(self) -> bool:
        """Follow the status."""
        return self.status is not None and self.status.is_closed
