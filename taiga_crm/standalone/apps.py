"""App configuration of the embedded host itself: it carries the management commands."""

from __future__ import annotations

from django.apps import AppConfig


class StandaloneConfig(AppConfig):
    """Register the commands of the embedded host; it has no tables of its own."""

    name = "taiga_crm.standalone"
    label = "standalone"
