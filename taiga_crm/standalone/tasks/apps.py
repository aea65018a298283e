"""App configuration under the label that Taiga uses."""

from __future__ import annotations

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Keep Taiga's label, so that tables and migration names match."""

    name = "taiga_crm.standalone.tasks"
    label = "tasks"
