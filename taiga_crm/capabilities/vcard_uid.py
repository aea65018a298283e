"""UIDs of our own cards: a UUID that holds the record's id and proves that we made it."""

from __future__ import annotations

import hmac
import re
import uuid

from django.conf import settings

PREFIX = "urn:uuid:"
MAX_ID = 2**48


def own_uid(kind: str, pk: int) -> str:
    """Return the UID of a record that came with none: the same whenever it is exported."""
    number = (pk << 80) | (0x8 << 76) | _proof(kind, pk)
    return f"{PREFIX}{uuid.UUID(int=number)}"


def id_of_uid(kind: str, uid: str) -> int | None:
    """Return the id of the record whose UID we made; None for anybody else's."""
    text = uid.strip().lower().removeprefix(PREFIX)
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        return None
    pk = uuid.UUID(text).int >> 80
    return pk if own_uid(kind, pk) == f"{PREFIX}{text}" else None


def _proof(kind: str, pk: int) -> int:
    """Return 76 bits that only this installation can compute, in the layout of a UUID 8."""
    key = str(settings.SECRET_KEY).encode()
    digest = hmac.digest(key, f"crm.vcard:{kind}:{pk}".encode(), "sha256")
    number = int.from_bytes(digest[:10], "big") >> 4
    return (number & ~(0b11 << 62)) | (0b10 << 62)
