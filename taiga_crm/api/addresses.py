"""The address a request comes from, behind as many web servers as the settings say."""

from __future__ import annotations

import ipaddress
from typing import Any

from taiga_crm.conf import conf


def address_of(request: Any) -> str:
    """Return the address; empty when it is none.

    Each web server in front appends whom it was called by to X-Forwarded-For: what stands
    further left was written by the caller and may be a lie.
    """
    direct = request.META.get("REMOTE_ADDR") or ""
    forwarded = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = conf().proxies
    chain = [one for one in forwarded if one]
    found = chain[-proxies:][0] if proxies and chain else direct
    return _valid(found) or _valid(direct)


def _valid(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
