"""Authentication through the host door; never sessions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from taiga_crm.capabilities.person_zone import remember_browser_zone
from taiga_crm.host import HostAuthError, current_host


class HostAuthentication(BaseAuthentication):
    """Whom the host knows by a Bearer or Application header."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return (user, token) or None; a refused token is a 401."""
        try:
            found = current_host().authenticate(request)
        except HostAuthError as error:
            raise AuthenticationFailed(error.detail) from error
        if found is not None:
            remember_browser_zone(found[0], request.headers.get("X-Time-Zone", ""))
        return found

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 says, so that DRF does not turn it into a 403."""
        return current_host().www_authenticate()


class HostAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describe the header in OpenAPI."""

    target_class = HostAuthentication
    name = "hostToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the Bearer scheme."""
        return {"type": "http", "scheme": "bearer"}
