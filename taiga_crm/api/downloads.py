"""Answers that are files: a name in any alphabet, and nothing a browser would run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from django.http import StreamingHttpResponse

FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|\u202a-\u202e\u2066-\u2069]')
MAX_NAME = 150


def file_answer(chunks: Iterator[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    """Return a file that is sent while it is made; its first piece is made at once."""
    first = next(chunks, b"")
    response = StreamingHttpResponse(_all(first, chunks), content_type=content_type)
    response["Content-Disposition"] = attachment(name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def attachment(name: str) -> str:
    """Return a Content-Disposition after RFC 6266, with a plain name for old programs."""
    name = FORBIDDEN.sub("_", name).strip(" .") or "file"
    stem, dot, ending = name.rpartition(".")
    name = f"{stem[:MAX_NAME]}{dot}{ending[:20]}" if dot else name[:MAX_NAME]
    plain = re.sub(r"[^\x20-\x7e]+", "_", name).replace("%", "_")
    if plain == name:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
