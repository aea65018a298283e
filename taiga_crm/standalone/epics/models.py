"""Epics and the stories under them, in Taiga's tables."""

from __future__ import annotations

from typing import Any

from django.db import models

from taiga_crm.standalone.tickets import Ticket


class Epic(Ticket):
    """A theme that gathers user stories, of other projects too."""

    status_relation = "epic_statuses"

    project = models.ForeignKey("projects.Project", related_name="epics", on_delete=models.CASCADE)
    status = models.ForeignKey(
        "projects.EpicStatus",
        null=True,
        blank=True,
        related_name="epics",
        on_delete=models.SET_NULL,
    )
    epics_order = models.BigIntegerField(default=0)
    color = models.CharField(max_length=32, blank=True, default="#70728f")
    client_requirement = models.BooleanField(default=False)
    team_requirement = models.BooleanField(default=False)
    user_stories: Any = models.ManyToManyField(
        "userstories.UserStory", related_name="epics", through="RelatedUserStory"
    )

    class Meta:
        """Taiga's order."""

        ordering = ["project", "epics_order", "ref"]

    @property
    def is_closed(self) -> bool:
        """Follow the status."""
        return self.status is not None and self.status.is_closed


class RelatedUserStory(models.Model):
    """One story under one epic."""

    user_story = models.ForeignKey("userstories.UserStory", on_delete=models.CASCADE)
    epic = models.ForeignKey(Epic, on_delete=models.CASCADE)
    order = models.BigIntegerField(default=0)

    class Meta:
        """Taiga's order and constraint."""

        ordering = ["user_story", "order", "id"]
        unique_together = (("user_story", "epic"),)

    def __str__(self) -> str:
        """Show both ends."""
        return f"{self.epic_id} - {self.user_story_id}"
