"""The port's adapter for the embedded host."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import include, path

from taiga_crm.host.mailing import address_of, language_of, send_plain_mail
from taiga_crm.host.memberships import read_memberships
from taiga_crm.host.port import HostMembership, TicketKind
from taiga_crm.host.tickets import TICKET_KINDS
from taiga_crm.kernel.errors import ProjectArchived, ProjectBlocked


class StandaloneHost:
    """Speak to the embedded host in this process."""

    name = "standalone"

    def version(self) -> str:
        """Return the newest Taiga whose tables the embedded host follows."""
        return "6.10"

    def mount(self, prefix: str, urlconf: str) -> None:
        """Put the plugin's URLs before the host's own, once."""
        patterns = importlib.import_module(settings.ROOT_URLCONF).urlpatterns
        if not any(getattr(entry, "crm_mount", False) for entry in patterns):
            entry: Any = path(prefix, include(urlconf))
            entry.crm_mount = True
            patterns.insert(0, entry)

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        """Read a Bearer or Application token."""
        from taiga_crm.standalone.credentials import who_presents  # noqa: PLC0415 - needs the apps

        return who_presents(request)

    def www_authenticate(self) -> str:
        """Return Taiga's realm."""
        return 'Bearer realm="api"'

    def translate_error(self, exc: Exception) -> tuple[int, dict[str, Any]] | None:
        """Return None: the embedded host raises nothing that real DRF does not know."""
        return None

    def registration_is_open(self) -> bool:
        """Read the same switch as Taiga."""
        return bool(getattr(settings, "PUBLIC_REGISTER_ENABLED", False))

    def memberships(self, user: Any) -> Iterable[HostMembership]:
        """Read memberships with their roles in one query."""
        return read_memberships(user.pk)

    def check_writable(self, project: Any) -> None:
        """Refuse writes to a blocked or archived project."""
        if project.blocked_code is not None:
            raise ProjectBlocked("The project is blocked")
        if project.is_archived:
            raise ProjectArchived("The project is archived")

    def ticket_kinds(self) -> Mapping[str, TicketKind]:
        """Return Taiga's four kinds: the tables are the same."""
        return TICKET_KINDS

    def emit(self, kind: str, object_id: int, action: str, project_ids: Iterable[int]) -> None:
        """Do nothing: the embedded host has no event bus, the front polls."""

    def run_job(self, job_id: int, run: Callable[[int], None]) -> None:
        """Do nothing: the worker process of the demo looks for waiting jobs (crm_work)."""

    def wake(self) -> None:
        """Do nothing: the worker process looks all the time (crm_work)."""

    def language_of(self, user: Any) -> str:
        """Read the language of the person's profile."""
        return language_of(user)

    def page_address(self, path: str) -> str:
        """Read the front's address from the settings."""
        return address_of(settings.SITES["front"], path)

    def send_mail(self, user: Any, subject: str, text: str) -> None:
        """Send by the configured backend."""
        send_plain_mail(user, subject, text)
