"""Authentication: personal tokens of the CRM, and whom the host door knows; never sessions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from taiga_crm.api.addresses import address_of
from taiga_crm.capabilities.person_zone import remember_browser_zone
from taiga_crm.host import HostAuthError, current_host
from taiga_crm.permissions.callers import Caller, remember_caller
from taiga_crm.services.api_tokens import MARK
from taiga_crm.services.token_login import Presented, present

SCHEMES = ("bearer", "token")


def presented_token(request: Any) -> Presented | None:
    """Check the personal token of a request; None when there is none.

    Called before the request's transaction begins, because what is counted must stay.
    """
    scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    text = text.strip()
    if scheme.lower() not in SCHEMES or not text.startswith(f"{MARK}_"):
        return None
    return present(text, address_of(request))


class PersonalTokenAuthentication(BaseAuthentication):
    """Whom a personal token of the CRM belongs to."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return (owner, caller) or None; a refused token is a 401, too many requests a 429."""
        found: Presented | None = getattr(request._request, "crm_presented", None)
        if found is None:
            return None
        if found.wait:
            raise Throttled(found.wait)
        if found.user is None:
            raise AuthenticationFailed(_("This API token does not work (any more)."))
        remember_browser_zone(found.user, request.headers.get("X-Time-Zone", ""))
        return found.user, found.caller

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 says."""
        return current_host().www_authenticate()


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
            remember_caller(found[0], Caller(ip=address_of(request)))
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


class PersonalTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describe personal tokens in OpenAPI."""

    target_class = PersonalTokenAuthentication
    name = "personalToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the Bearer scheme with the form of the token."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "tcrm_<prefix>_<secret>",
            "description": "A personal API token. `x-token-scopes` of an operation are the scopes"
            " it needs; an operation without them takes no personal token.",
        }
