"""Applications that act for a person by a token, in Taiga's tables."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


def _new_id() -> str:
    return str(uuid.uuid4())


class Application(models.Model):
    """A program that people may let act in their name."""

    id = models.CharField(primary_key=True, max_length=255, unique=True, default=_new_id)
    name = models.CharField(max_length=255)
    next_url = models.TextField()

    class Meta:
        """Taiga's order."""

        ordering = ["name", "id"]

    def __str__(self) -> str:
        """Show the application's name."""
        return self.name


class ApplicationToken(models.Model):
    """What one application presents to act for one person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="application_tokens", on_delete=models.CASCADE
    )
    application = models.ForeignKey(
        Application, related_name="application_tokens", on_delete=models.CASCADE
    )
    auth_code = models.CharField(max_length=255, null=True, blank=True, default=None)  # noqa: DJ001 - Taiga's column
    token = models.CharField(max_length=255, null=True, blank=True, default=None)  # noqa: DJ001 - Taiga's column
    state = models.CharField(max_length=255, null=True, blank=True, default="")  # noqa: DJ001 - Taiga's column

    class Meta:
        """Taiga's order and constraint."""

        ordering = ["application", "user"]
        unique_together = ("application", "user")

    def __str__(self) -> str:
        """Show both ends, never the token."""
        return f"{self.application_id} for {self.user_id}"
