"""Refusals with the bodies that Taiga sends."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response


class BadRequest(exceptions.APIException):
    """Something other than a single field is wrong (400)."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_detail = _("Wrong arguments.")


class TokenNotValid(exceptions.AuthenticationFailed):
    """The token is malformed, expired or used up (401 with Taiga's code)."""

    default_detail = {"detail": _("Token is invalid or expired"), "code": "token_not_valid"}  # type: ignore[assignment]


class LoginRefused(exceptions.AuthenticationFailed):
    """Name or password is wrong (401 with Taiga's code)."""

    default_detail = {  # type: ignore[assignment]
        "detail": _("No active account found with the given credentials"),
        "code": "invalid_credentials",
    }


class Blocked(exceptions.APIException):
    """The project is blocked: it can be read, not written (451)."""

    status_code = 451
    default_detail = _("Blocked element")


class Archived(exceptions.APIException):
    """The project is archived: it can be read, not written (403)."""

    status_code = status.HTTP_403_FORBIDDEN
    default_detail = _("Archived element")


def answer(exc: Exception, context: Any) -> Response | None:
    """Turn an exception into Taiga's answer; None lets Django report a bug as a 500."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(str(exc) or None)
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    return Response(_body(exc), status=exc.status_code, headers=headers)


def _body(exc: exceptions.APIException) -> Any:
    if isinstance(exc.detail, dict | list):
        return exc.detail
    kind = type(exc)
    return {"_error_message": str(exc.detail), "_error_type": f"{kind.__module__}.{kind.__name__}"}
