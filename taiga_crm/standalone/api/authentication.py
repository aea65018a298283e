"""Bearer and Application tokens for the embedded host's own views."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication

from taiga_crm.host.port import HostAuthError
from taiga_crm.standalone.api.errors import TokenNotValid
from taiga_crm.standalone.credentials import REALM, who_presents


class TokenAuthentication(BaseAuthentication):
    """Ask the same question as the port's adapter."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        """Return the person and the token, or None without a token."""
        try:
            return who_presents(request)
        except HostAuthError as refusal:
            raise TokenNotValid(refusal.detail) from refusal

    def authenticate_header(self, request: Any) -> str:
        """Make a missing token a 401."""
        return REALM
