"""Sprints, in Taiga's table."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import slugify


class Milestone(models.Model):
    """A sprint of one project."""

    name = models.CharField(max_length=200, db_index=True)
    slug = models.SlugField(max_length=250, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        related_name="owned_milestones",
        on_delete=models.SET_NULL,
    )
    project = models.ForeignKey(
        "projects.Project", related_name="milestones", on_delete=models.CASCADE
    )
    estimated_start = models.DateField()
    estimated_finish = models.DateField()
    created_date = models.DateTimeField(default=timezone.now)
    modified_date = models.DateTimeField()
    closed = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        """Taiga's order and constraints."""

        ordering = ["project", "created_date"]
        unique_together = [("name", "project"), ("slug", "project")]

    def __str__(self) -> str:
        """Show the sprint's name."""
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill slug and date, as Taiga does."""
        self.modified_date = timezone.now()
        self.slug = self.slug or slugify(self.name, allow_unicode=True)
        super().save(*args, **kwargs)
