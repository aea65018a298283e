"""Turn refusals into answers with Taiga's habits and a stable code."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, DataError, IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from taiga_crm.host import current_host
from taiga_crm.kernel.errors import CrmError, InvalidInput, NotVisible, Refused, StaleVersion

# PostgreSQL's codes of a deadlock and of a failed serialization: the work of one was undone
COLLISIONS = ("40P01", "40001")
TAKEN = "23505"
# PostgreSQL names the columns in every language: "Key (name)=(Asia) already exists."
COLUMN = re.compile(r"\((\w+)\)=\(")


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer for an exception; None lets a programming error be a 500."""
    if isinstance(exc, Http404):
        exc = NotVisible("Not found")
    elif isinstance(exc, PermissionDenied):
        exc = Refused("Permission denied")
    if isinstance(exc, CrmError):
        return _of_ours(exc)
    if isinstance(exc, exceptions.APIException):
        return _of_drf(exc)
    if isinstance(exc, DatabaseError):
        return _of_database(exc)
    translated = current_host().translate_error(exc)
    if translated is None:
        return None
    status, body = translated
    return Response({"code": "host_refused", **body}, status)


def _of_ours(exc: CrmError) -> Response:
    body = _body(exc.message, type(exc).__name__, exc.code)
    if isinstance(exc, InvalidInput):
        body = dict(exc.fields)
    elif isinstance(exc, StaleVersion):
        body = {**body, "version": [exc.message], **exc.details}
    elif exc.details:
        body["details"] = exc.details
    return Response(body, exc.status)


def _of_drf(exc: exceptions.APIException) -> Response:
    headers = {}
    challenge, wait = getattr(exc, "auth_header", None), getattr(exc, "wait", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    if wait:
        headers["Retry-After"] = str(int(wait))
    detail: Any = exc.detail
    body = _body(str(detail), type(exc).__name__, exc.default_code)
    if isinstance(detail, dict):
        body = {**body, **detail}
        body["_error_message"] = str(detail.get("detail", body["_error_message"]))
    elif isinstance(detail, list):
        body["_error_message"] = "; ".join(str(one) for one in detail)
    return Response(body, exc.status_code, headers=headers)


def _of_database(exc: DatabaseError) -> Response | None:
    if isinstance(exc, IntegrityError):
        return _of_constraint(exc)
    if isinstance(exc, DataError):
        return Response(_body("This value cannot be stored.", "DataError", "bad_value"), 400)
    if getattr(exc.__cause__, "pgcode", "") in COLLISIONS:
        message = "Somebody changed this at the same moment. Try again."
        return Response(_body(message, "Collision", "conflict"), 409)
    return None


def _of_constraint(exc: IntegrityError) -> Response:
    """A rule of the database that two people met at once; the loser is told, not crashed."""
    diagnostics = getattr(exc.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", "") or ""
    message = _("This is not possible or exists already.")
    body = {**_body(message, "IntegrityError", "conflict"), "constraint": name}
    column = COLUMN.search(getattr(diagnostics, "message_detail", "") or "")
    if column and getattr(exc.__cause__, "pgcode", "") == TAKEN:
        taken = _("There is one with this value already.")
        body = {**body, "_error_message": taken, "detail": taken, column[1]: [taken]}
    return Response(body, 409)


def _body(message: str, kind: str, code: str) -> dict[str, Any]:
    return {"_error_message": message, "_error_type": kind, "code": code, "detail": message}
