"""A foreign REST_FRAMEWORK as hostile as Taiga's: whatever relies on it fails loudly."""

from __future__ import annotations

from typing import Any, NoReturn

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ("taiga_crm.standalone.alien.Authentication",),
    "DEFAULT_THROTTLE_CLASSES": ("taiga_crm.standalone.alien.Throttle",),
    "DEFAULT_THROTTLE_RATES": {
        "anon-read": None,
        "user-read": None,
        "import-dump-mode": "1/minute",
    },
    "DEFAULT_THROTTLE_WHITELIST": [],
    "FILTER_BACKEND": "taiga_crm.standalone.alien.FilterBackend",
    "EXCEPTION_HANDLER": "taiga_crm.standalone.alien.exception_handler",
    "PAGINATE_BY": 30,
    "PAGINATE_BY_PARAM": "page_size",
    "MAX_PAGINATE_BY": 1000,
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S%z",
}


class Authentication:
    """Belongs to another framework than real DRF."""

    def authenticate(self, request: Any) -> NoReturn:
        """Show that a view took the host's authentication."""
        raise AssertionError("A view uses the host's DEFAULT_AUTHENTICATION_CLASSES")


class Throttle:
    """Belongs to another framework than real DRF."""

    def allow_request(self, request: Any, view: Any) -> NoReturn:
        """Show that a view took the host's throttle."""
        raise AssertionError("A view uses the host's DEFAULT_THROTTLE_CLASSES")


def exception_handler(exc: Exception) -> NoReturn:
    """Take one argument where real DRF passes two, as Taiga's does."""
    raise AssertionError("A view uses the host's EXCEPTION_HANDLER")
