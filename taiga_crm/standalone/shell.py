"""The page that every address outside the API answers with: the standalone shell."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

INDEX = (
    Path(__file__).resolve().parent.parent / "static" / "taiga_crm" / "standalone" / "index.html"
)
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>taiga_crm</title>
<body style="font-family: sans-serif; max-width: 40rem; margin: 4rem auto">
<h1>The front end is not built yet</h1>
<p>The server and its API are running, but the pages are missing. Build them with
<code>make front</code> (<code>make demo</code> does it by itself), then reload.</p>
</body></html>
"""


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """Return the shell's index.html, never cached, under a strict content security policy."""
    if INDEX.is_file():
        response = HttpResponse(INDEX.read_bytes(), content_type="text/html; charset=utf-8")
    else:
        response = HttpResponse(NOT_BUILT, status=503)
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response["Referrer-Policy"] = "same-origin"
    return response
