"""Refusals in the security log, after the transaction of the request that was refused."""

from __future__ import annotations

import re
from typing import Any

from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.security_log import About
from taiga_crm.permissions.callers import caller_of

NOTED = {403: security_log.DENIED, 404: security_log.NOT_FOUND}
MAX_ID = 2**62


def note_refusal(request: Any, asked: Any, status: int) -> None:
    """Count a 403 or 404 of a person; `asked` is the request as the view had it.

    Of what is not there for the person nothing is kept but how often: it may be there for others.
    """
    user = getattr(asked, "user", None) if status in NOTED else None
    if user is None or not user.pk:
        return
    about = About()
    if status == 403:
        about = About(route=route_of(request), id=_number(request.resolver_match))
    security_log.count(NOTED[status], user.pk, caller_of(user), about)


def route_of(request: Any) -> str:
    """Return the method and the pattern of the address, like "PATCH accounts/{pk}"."""
    match = request.resolver_match
    text = getattr(match, "route", "") or ""
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", text).replace("\\.", ".")
    path = text.replace("^", "").replace("$", "").rpartition("crm/")[2]
    return f"{request.method} {path}"


def _number(match: Any) -> int | None:
    text = str((getattr(match, "kwargs", None) or {}).get("pk", ""))
    return int(text) if text.isdigit() and int(text) <= MAX_ID else None
