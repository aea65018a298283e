"""What issues, user stories, tasks and epics share: columns, numbers, default status."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class Ticket(models.Model):
    """A ticket as Taiga stores it; saving draws its number and fills the default status."""

    status_relation = ""  # the project's related name of this kind's statuses

    ref = models.BigIntegerField(db_index=True, null=True, blank=True, default=None)
    subject = models.TextField()
    description = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        default=None,
        related_name="owned_%(app_label)s",
        on_delete=models.SET_NULL,
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        default=None,
        related_name="%(app_label)s_assigned_to_me",
        on_delete=models.SET_NULL,
    )
    created_date = models.DateTimeField(default=timezone.now)
    modified_date = models.DateTimeField()
    tags = ArrayField(models.TextField(), null=True, blank=True, default=list)
    external_reference = ArrayField(models.TextField(), null=True, blank=True, default=None)
    is_blocked = models.BooleanField(default=False)
    blocked_note = models.TextField(default="", blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        """Show number and subject."""
        return f"#{self.ref} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill what Taiga fills on every save, with or without its API."""
        row: Any = self
        self.modified_date = timezone.now()
        if self.ref is None:
            self.ref = row.project.next_ref()
        if row.status_id is None:
            row.status = getattr(row.project, self.status_relation).first()
        super().save(*args, **kwargs)
