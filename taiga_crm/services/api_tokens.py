"""Personal API tokens: make one, change its secret, revoke it; the secret is shown once."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.capabilities.paging import read_cursor, write_cursor
from taiga_crm.capabilities.security_log import About
from taiga_crm.conf import conf
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused, WrongState
from taiga_crm.models import ApiToken
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.callers import PROJECT_SCOPES, SCOPES
from taiga_crm.permissions.keys import MANAGE_SECURITY
from taiga_crm.permissions.projects import my_projects
from taiga_crm.registry.kinds import CONTROL, KINDS

MARK = "tcrm"
PREFIX_BYTES, SECRET_BYTES = 5, 32
MOST = 50  # of one person that still work
SHOWN, PAGE = 100, 50
KIND = "api_token"
Json = dict[str, Any]


def tokens_of(user: Any) -> list[Json]:
    """Return a person's tokens, those that work first, without any secret."""
    rows = list(ApiToken.objects.filter(owner=user).order_by("-pk")[:SHOWN])
    names = _project_names(rows, user)
    now = clock.now()
    return [_shown(row, names) for row in sorted(rows, key=lambda row: not _works(row, now))]


def all_tokens(user: Any, cursor: str) -> tuple[list[Json], str]:
    """Return a page of everybody's tokens, newest first; for holders of the security key."""
    if not access_of(user).has_key(MANAGE_SECURITY):
        raise Refused(_("You may not see the tokens of others."))
    rows = ApiToken.objects.select_related("owner").order_by("-pk")
    if cursor:
        rows = rows.filter(pk__lt=read_cursor(cursor, 1)[0])
    found = list(rows[: PAGE + 1])
    after = write_cursor([found[PAGE - 1].pk]) if len(found) > PAGE else ""
    found = found[:PAGE]
    names = _project_names(found, user)
    return [{**_shown(row, names), "owner": _person(row.owner)} for row in found], after


def options(user: Any) -> Json:
    """Return what a new token may be given, and how long it may hold."""
    mine = my_projects(user).filter(pk__in=_own_projects(user)).order_by("name", "pk")
    return {
        "scopes": [
            {
                "key": key,
                "label": str(label),
                "help": str(opens),
                "in_projects": key in PROJECT_SCOPES,
            }
            for key, (label, opens) in SCOPES.items()
        ],
        "projects": [
            {"id": pk, "label": name} for pk, name in mine.values_list("pk", "name")[:200]
        ],
        "max_days": conf().max_token_days,
        "limit": {"requests": conf().api_limit, "seconds": conf().api_limit_seconds},
        "can_see_all": access_of(user).has_key(MANAGE_SECURITY),
    }


def create(user: Any, data: Mapping[str, Any]) -> Json:
    """Make a token; the answer alone holds it."""
    values = _checked(user, data)
    with transaction.atomic():
        lock_in_transaction("crm.api_tokens", user.pk)
        working = ApiToken.objects.filter(owner=user, revoked_at=None, expires_at__gt=clock.now())
        if working.count() >= MOST:
            raise WrongState(_("You have %d tokens. Revoke one first.") % MOST)
        secret, digest = _new_secret()
        row = ApiToken.objects.create(
            owner=user, prefix=secrets.token_hex(PREFIX_BYTES), digest=digest, **values
        )
        details = {"scopes": row.scopes, "days": row.days}
        security_log.note(security_log.TOKEN_CREATED, user, About(KIND, row.pk, details=details))
    return {**_shown(row, _project_names([row], user)), "token": f"{MARK}_{row.prefix}_{secret}"}


def rotate(user: Any, pk: int) -> Json:
    """Give a token that works a new secret and its days anew; the old one ends at once."""
    with transaction.atomic():
        row = ApiToken.objects.select_for_update().filter(owner=user, pk=pk).first()
        if row is None:
            raise NotVisible("No such token")
        if not _works(row, clock.now()):
            raise WrongState(_("This token has ended. Make a new one."))
        secret, row.digest = _new_secret()
        row.days = min(row.days, conf().max_token_days)
        row.expires_at = _in_days(row.days)
        row.save(update_fields=["digest", "days", "expires_at"])
        security_log.note(security_log.TOKEN_ROTATED, user, About(KIND, row.pk))
    return {**_shown(row, _project_names([row], user)), "token": f"{MARK}_{row.prefix}_{secret}"}


def revoke(user: Any, pk: int) -> Json:
    """End a token at once: one's own, or anybody's with the security key; twice does no harm."""
    rows = ApiToken.objects.all()
    if not access_of(user).has_key(MANAGE_SECURITY):
        rows = rows.filter(owner=user)
    with transaction.atomic():
        row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            raise NotVisible("No such token")
        if row.revoked_at is None:
            row.revoked_at = clock.now()
            row.save(update_fields=["revoked_at"])
            about = About(KIND, row.pk, details={"owner": row.owner_id})
            security_log.note(security_log.TOKEN_REVOKED, user, about)
    return _shown(row, _project_names([row], user))


def digest_of(secret: str) -> str:
    """Return what is stored of a secret; it has 256 random bits, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_secret() -> tuple[str, str]:
    secret = secrets.token_hex(SECRET_BYTES)
    return secret, digest_of(secret)


def _works(row: ApiToken, now: datetime.datetime) -> bool:
    return row.revoked_at is None and row.expires_at > now


def _in_days(days: int) -> datetime.datetime:
    return clock.now() + datetime.timedelta(days=days)


def _checked(user: Any, data: Mapping[str, Any]) -> Json:
    name, scopes, days = data.get("name"), data.get("scopes"), data.get("days")
    kept = CONTROL.sub("", name).strip() if isinstance(name, str) else ""
    ids = data.get("projects") or []
    faults = {
        "name": "" if 0 < len(kept) <= 100 else _("Give it a name of at most 100 characters."),
        "scopes": _fault_of_scopes(scopes, ids),
        "days": _fault_of_days(days),
        "projects": _fault_of_projects(user, ids),
    }
    found = {field: [text] for field, text in faults.items() if text}
    if found:
        raise InvalidInput(found)
    assert isinstance(scopes, list)
    assert isinstance(days, int)
    return {
        "name": kept,
        "scopes": [one for one in SCOPES if one in scopes],
        "projects": sorted(set(ids)),
        "days": days,
        "expires_at": _in_days(days),
    }


def _fault_of_scopes(scopes: Any, ids: Any) -> str:
    if not isinstance(scopes, list) or not scopes:
        return _("Choose what the token may do.")
    if any(not isinstance(one, str) or one not in SCOPES for one in scopes):
        return _("These scopes are not known.")
    if ids and not PROJECT_SCOPES.issuperset(scopes):
        return _("A token that is kept to projects can only read, write, delete and export.")
    return ""


def _fault_of_days(days: Any) -> str:
    most = conf().max_token_days
    if isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= most:
        return _("A token holds 1 to %d days.") % most
    return ""


def _fault_of_projects(user: Any, ids: Any) -> str:
    if not isinstance(ids, list) or len(ids) > 200:
        return _("Choose from the list.")
    mine = _own_projects(user)
    if any(isinstance(one, bool) or not isinstance(one, int) or one not in mine for one in ids):
        return _("Choose from the list.")
    return ""


def _own_projects(user: Any) -> frozenset[int]:
    access = access_of(user)
    return frozenset(one for one in access.enabled if access.is_member(one))


def _project_names(rows: list[ApiToken], user: Any) -> dict[int, str]:
    """Return {id: name} of the projects of tokens, as far as the reader belongs to them."""
    wanted = {one for row in rows for one in row.projects}
    if not wanted:
        return {}
    return dict(my_projects(user).filter(pk__in=wanted).values_list("pk", "name"))


def _shown(row: ApiToken, names: Mapping[int, str]) -> Json:
    state = "revoked" if row.revoked_at else "active" if _works(row, clock.now()) else "expired"
    return {
        "id": row.pk,
        "name": row.name,
        "prefix": f"{MARK}_{row.prefix}",
        "scopes": row.scopes,
        "projects": [{"id": one, "label": names.get(one, f"#{one}")} for one in row.projects],
        "state": state,
        "days": row.days,
        "created_at": _moment(row.created_at),
        "expires_at": _moment(row.expires_at),
        "revoked_at": _moment(row.revoked_at),
        "last_used_at": _moment(row.last_used_at),
        "last_ip": row.last_ip,
    }


def _person(user: Any) -> Json:
    return {"id": user.pk, "label": user.full_name or user.get_username()}


def _moment(at: datetime.datetime | None) -> Any:
    return KINDS["datetime"].show(at)
