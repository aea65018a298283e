"""The only door to the platform: `host` is the adapter that the settings name."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from taiga_crm.host.port import (
    HostAuthError,
    HostMembership,
    HostPort,
    MailRefused,
    TicketKind,
)

__all__ = [
    "HostAuthError",
    "HostMembership",
    "HostPort",
    "MailRefused",
    "TicketKind",
    "current_host",
]

DEFAULT_ADAPTER = "taiga_crm.host.taiga.TaigaHost"


@lru_cache(maxsize=1)
def current_host() -> HostPort:
    """Return the adapter named by settings.TAIGA_CRM["HOST"], the real Taiga by default."""
    path = getattr(settings, "TAIGA_CRM", {}).get("HOST", DEFAULT_ADAPTER)
    return cast(HostPort, import_string(path)())
