"""The security log: written here alone, with ids and codes, never with names or values.

`note` belongs to an act and is undone with it; `count` is for what happens often or is refused:
call it after the transaction of the request, and many alike become one row with a number.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from taiga_crm.capabilities.rate_limit import address_key
from taiga_crm.conf import conf
from taiga_crm.kernel import clock
from taiga_crm.models import SecurityEvent
from taiga_crm.permissions.callers import Caller, caller_of

DENIED = "denied"
NOT_FOUND = "not_found"
LIMITED = "limited"
TOKEN_CREATED = "token_created"
TOKEN_ROTATED = "token_rotated"
TOKEN_REVOKED = "token_revoked"
TOKEN_USED = "token_used"
TOKEN_FAILED = "token_failed"
EXPORT = "export"
ERASED = "erased"
RIGHTS = "rights"
SECRET_SHOWN = "secret_shown"
KINDS = (
    DENIED, NOT_FOUND, LIMITED, TOKEN_CREATED, TOKEN_ROTATED, TOKEN_REVOKED, TOKEN_USED,
    TOKEN_FAILED, EXPORT, ERASED, RIGHTS, SECRET_SHOWN,
)  # fmt: skip
HOUR, DAY = "%Y-%m-%dT%H", "%Y-%m-%d"
MORE = "UPDATE SET number = kept.number + 1, at = EXCLUDED.at, object_id = EXCLUDED.object_id"
COLUMNS = (
    "kind", "first_at", "at", "number", "user_id", "token_id", "ip", "route", "object_kind",
    "object_id", "details", "bucket",
)  # fmt: skip


@dataclass(frozen=True)
class About:
    """What an event is about: a kind and an id, the route, and codes."""

    kind: str = ""
    id: int | None = None
    route: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def note(kind: str, actor: Any, about: About) -> None:
    """Write down what a person does, in the transaction of the act; `actor` None = the system."""
    note_many(kind, [(actor, about)])


def note_many(kind: str, acts: Iterable[tuple[Any, About]]) -> None:
    """Write down several acts (actor, about) in one statement."""
    SecurityEvent.objects.bulk_create(_event(kind, actor, about) for actor, about in acts)


def count(kind: str, user_id: int | None, caller: Caller, about: About) -> None:
    """Count one more of what is alike: same person, token, address and matter in one hour.

    However often it happens, the log does not grow faster than that.
    """
    _put(_values(kind, user_id, caller, about, HOUR), MORE)


def note_first(kind: str, user_id: int | None, caller: Caller, about: About) -> None:
    """Note what is alike once a day, from however many processes."""
    _put(_values(kind, user_id, caller, about, DAY), "NOTHING")


def _values(kind: str, user_id: int | None, caller: Caller, about: About, per: str) -> list[Any]:
    now = clock.now()
    alike = [
        kind, user_id, caller.token_id, address_key(caller.ip), about.route, about.kind,
        about.details, now.strftime(per),
    ]  # fmt: skip
    bucket = hashlib.sha256(json.dumps(alike, sort_keys=True).encode()).hexdigest()
    return [
        kind, now, now, 1, user_id, caller.token_id, caller.ip or None, about.route[:120],
        about.kind, about.id, json.dumps(about.details), bucket,
    ]  # fmt: skip


def _put(values: list[Any], otherwise: str) -> None:
    places = ", ".join(["%s"] * len(COLUMNS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SecurityEvent._meta.db_table} AS kept ({', '.join(COLUMNS)})"
            f" VALUES ({places}) ON CONFLICT (bucket) DO {otherwise}",
            values,
        )


def forget_events(now: datetime.datetime) -> int:
    """Delete events that are older than conf.security_log_days."""
    before = now - datetime.timedelta(days=conf().security_log_days)
    number: int = SecurityEvent.objects.filter(at__lt=before).delete()[0]
    return number


def _event(kind: str, actor: Any, about: About) -> SecurityEvent:
    caller = Caller() if actor is None else caller_of(actor)
    return SecurityEvent(
        kind=kind,
        user_id=getattr(actor, "pk", None),
        token_id=caller.token_id,
        ip=caller.ip or None,
        route=about.route[:120],
        object_kind=about.kind,
        object_id=about.id,
        details=about.details,
    )
