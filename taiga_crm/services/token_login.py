"""Who presents a personal token: checked, counted and noted before the request's transaction."""

from __future__ import annotations

import datetime
import hmac
import re
from dataclasses import dataclass
from typing import Any

from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.rate_limit import address_key, seconds_to_wait
from taiga_crm.capabilities.security_log import About
from taiga_crm.kernel import clock
from taiga_crm.models import ApiToken
from taiga_crm.permissions.callers import Caller, remember_caller
from taiga_crm.services.api_tokens import KIND, MARK, digest_of

FORM = re.compile(rf"{MARK}_([0-9a-f]{{10}})_([0-9a-f]{{64}})")
NOBODY = "0" * 64  # compared with when there is no such token, so that both take as long
MINUTE = datetime.timedelta(minutes=1)
MOST_SEEN = 10_000
_seen: set[tuple[int, str, datetime.date]] = set()


@dataclass(frozen=True)
class Presented:
    """What came of a token: a person who may go on, seconds to wait, or a refusal."""

    user: Any = None
    caller: Caller = Caller()
    wait: int = 0


def present(text: str, ip: str) -> Presented:
    """Check a token: one query finds it, one counts the request; without a person it is refused.

    Must not run inside of the request's transaction: the counts have to stay when it is undone.
    """
    found = FORM.fullmatch(text)
    row = None
    if found is not None:
        row = ApiToken.objects.select_related("owner").filter(prefix=found[1]).first()
    given = digest_of(found[2] if found else "")
    genuine = hmac.compare_digest(given, row.digest if row else NOBODY) and row is not None
    reason = _reason(row, genuine=genuine)
    caller = Caller(ip=ip, token_id=row.pk if row and genuine else None)
    wait = _counted(caller, works=not reason)
    if wait:
        about = About(KIND, caller.token_id)
        security_log.count(security_log.LIMITED, _owner_id(row, genuine), caller, about)
        return Presented(wait=wait)
    if row is None or reason:
        # a prefix is no secret: whoever shows it without the secret is not written to its owner
        about = About(KIND, caller.token_id, details={"reason": reason})
        security_log.count(security_log.TOKEN_FAILED, _owner_id(row, genuine), caller, about)
        return Presented()
    return _welcome(row, ip)


def _reason(row: ApiToken | None, *, genuine: bool) -> str:
    """Return why a token is refused; empty when it is not."""
    if row is None or not genuine:
        return "unknown"
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at <= clock.now():
        return "expired"
    if not row.owner.is_active or getattr(row.owner, "is_system", False):
        return "inactive"
    return ""


def _counted(caller: Caller, *, works: bool) -> int:
    """Count for the address, and for the token when its true secret was shown and it works."""
    keys = [address_key(caller.ip)]
    if works:
        keys.append(f"token:{caller.token_id}")
    return seconds_to_wait(keys)


def _owner_id(row: ApiToken | None, genuine: bool) -> int | None:
    return row.owner_id if row is not None and genuine else None


def _welcome(row: ApiToken, ip: str) -> Presented:
    caller = Caller(
        ip=ip,
        token_id=row.pk,
        scopes=frozenset(row.scopes),
        projects=frozenset(row.projects) if row.projects else None,
    )
    remember_caller(row.owner, caller)
    now = clock.now()
    _note_use(row, caller, now)
    if row.last_used_at is None or now - row.last_used_at >= MINUTE:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now, last_ip=ip or None)
    return Presented(row.owner, caller)


def _note_use(row: ApiToken, caller: Caller, now: datetime.datetime) -> None:
    """Log the first use of a token from an address on a day, as far as this process knows."""
    sight = (row.pk, caller.ip, now.date())
    if sight in _seen:
        return
    if len(_seen) >= MOST_SEEN:
        _seen.clear()
    _seen.add(sight)
    about = About(KIND, row.pk)
    security_log.note_first(security_log.TOKEN_USED, row.owner_id, caller, about)
