"""App configuration under the label that Taiga uses."""

from __future__ import annotations

from django.apps import AppConfig


class UserstoriesConfig(AppConfig):
    """Keep Taiga's label, so that tables and migration names match."""

    name = "taiga_crm.standalone.userstories"
    label = "userstories"
