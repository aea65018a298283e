"""settings.TAIGA_CRM, read once into a frozen dataclass."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from taiga_crm.kernel.addresses import networks

MAP_URL = re.compile(r"https?://[^\s<>\"]*\{query\}[^\s<>\"]*", re.IGNORECASE)
RUNNABLE = (
    "apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse", "lnk",
    "msi", "msp", "pif", "ps1", "reg", "scr", "vbe", "vbs", "wsf", "wsh",
)  # fmt: skip


@dataclass(frozen=True)
class Conf:
    """Everything an administrator may set; docs/install.md explains each name.

    `who_may_enable` is "auto", "project_admins" or "key_holders"; auto means project admins
    while public registration is closed and holders of the global key while it is open.
    `statement_timeout_ms` bounds each list query, `export_timeout_ms` that of a whole file;
    0 leaves the server's own. `files_root` is the private folder of uploaded files; empty:
    `taiga-crm-files` beside the host's media.
    `map_url` shows an address, which stands for {query}; only http and https are taken.
    `forbidden_extensions` are endings, without the dot, that no attachment may have.
    `bin_days` is how long deletes and merges can be taken back.
    `import_days` is how long an imported file and its rows are kept, and an import can be undone;
    `max_import_rows` is how many rows a file may have.
    `webhook_http` lets webhooks go without TLS, `webhook_ports` are the ports they may go to,
    `webhook_inside` the networks of the own house that they may reach all the same;
    `webhook_log_days` is how long what was sent is kept.
    `max_token_days` is how long a personal API token holds at most. Requests with such a token
    are limited to `api_limit` in `api_limit_seconds`, per token and per address; 0 = no limit.
    `proxies` is the number of web servers in front that append to X-Forwarded-For.
    `security_log_days` is how long the security log is kept.
    """

    HOST: str = "taiga_crm.host.taiga.TaigaHost"
    who_may_enable: str = "auto"
    page_size: int = 50
    max_page_size: int = 200
    exact_count_limit: int = 2_000
    search_candidates: int = 5_000
    statement_timeout_ms: int = 5_000
    max_export_rows: int = 200_000
    export_timeout_ms: int = 60_000
    default_region: str = "US"
    map_url: str = "https://www.openstreetmap.org/search?query={query}"
    files_root: str = ""
    max_attachment_bytes: int = 25_000_000
    forbidden_extensions: tuple[str, ...] = RUNNABLE
    bin_days: int = 30
    import_days: int = 30
    max_import_rows: int = 200_000
    webhook_http: bool = False
    webhook_ports: tuple[int, ...] = (80, 443, 8080, 8443)
    webhook_inside: tuple[str, ...] = ()
    webhook_log_days: int = 30
    max_token_days: int = 365
    api_limit: int = 50
    api_limit_seconds: int = 10
    proxies: int = 1
    security_log_days: int = 365


@lru_cache(maxsize=1)
def conf() -> Conf:
    """Return the frozen settings; an unknown name is a configuration error."""
    given = dict(getattr(settings, "TAIGA_CRM", {}))
    unknown = set(given) - {field.name for field in fields(Conf)}
    if unknown:
        raise ImproperlyConfigured(f"TAIGA_CRM has unknown settings: {', '.join(sorted(unknown))}")
    if given.get("map_url") and not MAP_URL.fullmatch(given["map_url"]):
        raise ImproperlyConfigured("TAIGA_CRM['map_url'] must be http(s) and contain {query}")
    for name in ("forbidden_extensions", "webhook_ports", "webhook_inside"):
        if name in given:
            given[name] = tuple(given[name])
    try:
        networks(given.get("webhook_inside", ()))
    except ValueError as error:
        raise ImproperlyConfigured(f"TAIGA_CRM['webhook_inside']: {error}") from error
    return Conf(**given)
