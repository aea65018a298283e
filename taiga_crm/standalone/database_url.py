"""The DATABASES entry: DATABASE_URL when it is set, else the embedded PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

NAME = "taiga_crm"


def database(url: str, data: Path, *, durable: bool = True) -> dict[str, Any]:
    """Return Django's settings for the URL, or for the embedded server with this data directory."""
    if url:
        return from_url(url)
    return {
        "ENGINE": "taiga_crm.standalone.db",
        "NAME": NAME,
        "EMBEDDED_NAME": NAME,
        "PGDATA": str(data),
        "DURABLE": durable,
    }


def from_url(url: str) -> dict[str, Any]:
    """Read postgres://user:password@host:port/name?host=/socket&sslmode=require."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must start with postgres://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
