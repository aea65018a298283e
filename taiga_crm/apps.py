"""The composition root: registers the entities and mounts the URLs on the host."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

API_PREFIX = "api/v1/crm/"


class TaigaCrmConfig(AppConfig):
    """Listed in INSTALLED_APPS as plain "taiga_crm", so that Taiga finds its tasks."""

    name = "taiga_crm"
    verbose_name = _("CRM")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register declarations, then checks, then the API under the host's URLs.

        ImproperlyConfigured for settings that are wrong.
        """
        from taiga_crm import entities  # noqa: F401  (importing registers)
        from taiga_crm.conf import conf
        from taiga_crm.host import current_host
        from taiga_crm.registry import checks  # noqa: F401  (importing registers)
        from taiga_crm.services.wiring import wire

        conf()  # a setting that is wrong stops the start, not the first request
        wire()
        current_host().mount(API_PREFIX, "taiga_crm.urls")
