"""The adapter for a real taiga-back (6.6 – 6.10): the only module that imports `taiga`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.urls import include, path

from taiga_crm.host.mailing import address_of, language_of, send_plain_mail
from taiga_crm.host.memberships import read_memberships
from taiga_crm.host.port import HostAuthError, HostMembership, TicketKind
from taiga_crm.host.tickets import TICKET_KINDS
from taiga_crm.kernel.errors import ProjectArchived, ProjectBlocked

MOUNT_NAME = "taiga_crm_mount"


class TaigaHost:
    """Speak to the Taiga that runs in this process."""

    name = "taiga"

    def version(self) -> str:
        """Return the version of the taiga package; 6.10 does not carry one."""
        return str(getattr(importlib.import_module("taiga"), "__version__", ""))

    def mount(self, prefix: str, urlconf: str) -> None:
        """Put our URLs before Taiga's own, once."""
        patterns = importlib.import_module(settings.ROOT_URLCONF).urlpatterns
        if not any(getattr(entry, "crm_mount", False) for entry in patterns):
            entry: Any = path(prefix, include(urlconf))
            entry.crm_mount = True
            patterns.insert(0, entry)

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        """Try Taiga's JWT, then its application tokens; refuse whoever may not log in."""
        from taiga.auth.authentication import JWTAuthentication
        from taiga.base.exceptions import APIException
        from taiga.external_apps.auth_backends import Token

        try:
            found: tuple[Any, Any] | None = JWTAuthentication().authenticate(
                request
            ) or Token().authenticate(request)
        except APIException as refusal:
            raise HostAuthError(refusal.detail) from refusal
        if found is None:
            return None
        if found[0] is None or not found[0].is_active or getattr(found[0], "is_system", False):
            raise HostAuthError("User is inactive")
        return found

    def www_authenticate(self) -> str:
        """Return Taiga's realm."""
        return 'Bearer realm="api"'

    def translate_error(self, exc: Exception) -> tuple[int, dict[str, Any]] | None:
        """Map taiga.base.exceptions, which real DRF would turn into a 500."""
        from taiga.base.exceptions import APIException, format_exception

        if not isinstance(exc, APIException):
            return None
        body = format_exception(exc)
        return int(exc.status_code), body if isinstance(body, dict) else {"detail": body}

    def registration_is_open(self) -> bool:
        """Read Taiga's own switch."""
        return bool(getattr(settings, "PUBLIC_REGISTER_ENABLED", False))

    def memberships(self, user: Any) -> Iterable[HostMembership]:
        """Read projects_membership and users_role in one query."""
        return read_memberships(user.pk)

    def check_writable(self, project: Any) -> None:
        """Refuse what Taiga refuses; archived exists since 6.10."""
        if project.blocked_code is not None:
            raise ProjectBlocked("The project is blocked")
        if getattr(project, "is_archived", False):
            raise ProjectArchived("The project is archived")

    def ticket_kinds(self) -> Mapping[str, TicketKind]:
        """Return Taiga's four kinds."""
        return TICKET_KINDS

    def emit(self, kind: str, object_id: int, action: str, project_ids: Iterable[int]) -> None:
        """Send a change over Taiga's event bus, one key per project."""
        from taiga.events.events import emit_event

        for project_id in project_ids:
            emit_event(
                {"type": action, "matches": f"taiga_crm.{kind}", "pk": object_id},
                f"changes.project.{project_id}.crm",
                sessionid=_session_id(),
            )

    def run_job(self, job_id: int, run: Callable[[int], None]) -> None:
        """Send it to Taiga's Celery; without one do it at once, as Taiga does its own tasks."""
        if getattr(settings, "CELERY_ENABLED", False):
            celery_app().send_task("taiga_crm.run_job", args=[job_id])
        else:
            run(job_id)

    def wake(self) -> None:
        """Send a task to Taiga's Celery; without one, or with its broker down, cron comes by."""
        if not getattr(settings, "CELERY_ENABLED", False):
            return
        from kombu.exceptions import OperationalError

        with suppress(OperationalError):
            celery_app().send_task("taiga_crm.send_webhooks", retry=False)

    def language_of(self, user: Any) -> str:
        """Read the language of the person's profile."""
        return language_of(user)

    def page_address(self, path: str) -> str:
        """Read the front's address from Taiga's own SITES."""
        return address_of(settings.SITES["front"], path)

    def send_mail(self, user: Any, subject: str, text: str) -> None:
        """Send by the configured backend."""
        send_plain_mail(user, subject, text)


def celery_app() -> Any:
    """Return Taiga's Celery."""
    from taiga.celery import app

    return app


def _session_id() -> str:
    """Return the browser's session id, so that it does not hear its own change again."""
    from taiga.events import middleware

    return getattr(middleware._local, "session_id", None) or "taiga-crm"
