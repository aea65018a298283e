"""Names of files as people give them: any alphabet, no paths, no control characters."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MAX_NAME = 255
# controls, marks that turn the direction of writing, and what no system takes in a name
FORBIDDEN = re.compile(
    '[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff<>:"|?*]'
)


def file_name(text: str) -> str:
    """Return a name without folders; empty for one that names nothing."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", text))[-1]
    clean = FORBIDDEN.sub("", last).strip().rstrip(".")
    if not clean.strip(". "):
        return ""
    if len(clean) <= MAX_NAME:
        return clean
    extension = extension_of(clean)
    ending = f".{extension}" if extension else ""
    return clean[: MAX_NAME - len(ending)] + ending


def extension_of(name: str) -> str:
    """Return what stands behind the last dot, in lower case; empty without one or a long one."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem and len(extension) <= 10 else ""


def content_disposition(name: str) -> str:
    """Return the header of a download: plain ASCII for old readers, the real name beside it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", plain).strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
