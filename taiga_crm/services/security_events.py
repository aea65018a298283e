"""The security log as it is read: a page, or a file, for holders of the security key."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import dateparse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.cells import safe_cells
from taiga_crm.capabilities.listing import bounded_time
from taiga_crm.capabilities.paging import read_cursor, write_cursor
from taiga_crm.capabilities.security_log import About
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidQuery, Refused
from taiga_crm.models import ApiToken, SecurityEvent
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.keys import MANAGE_SECURITY
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.kinds import KINDS
from taiga_crm.services.api_tokens import MARK

PAGE, CHUNK = 50, 500
BURST = 20  # fewer answers "not there" in an hour are everyday life
LABELS: dict[str, Any] = {
    security_log.DENIED: gettext_lazy("Refused"),
    security_log.NOT_FOUND: gettext_lazy("Many things not found"),
    security_log.LIMITED: gettext_lazy("Too many requests"),
    security_log.TOKEN_CREATED: gettext_lazy("Token made"),
    security_log.TOKEN_ROTATED: gettext_lazy("Token renewed"),
    security_log.TOKEN_REVOKED: gettext_lazy("Token revoked"),
    security_log.TOKEN_USED: gettext_lazy("Token used"),
    security_log.TOKEN_FAILED: gettext_lazy("Token refused"),
    security_log.EXPORT: gettext_lazy("Export"),
    security_log.ERASED: gettext_lazy("Person anonymized"),
    security_log.RIGHTS: gettext_lazy("Rights changed"),
    security_log.SECRET_SHOWN: gettext_lazy("Secret shown"),
}
Json = dict[str, Any]


def options(user: Any) -> Json:
    """Return the kinds of events and how long they are kept."""
    _require_keeper(user)
    kinds = [{"key": key, "label": str(LABELS[key])} for key in security_log.KINDS]
    return {"kinds": kinds, "days": conf().security_log_days}


def read_events(user: Any, params: Mapping[str, str]) -> tuple[list[Json], str]:
    """Return a page of events, the latest first, and the cursor of the next page."""
    _require_keeper(user)
    rows = _narrowed(params)
    if params.get("cursor"):
        rows = rows.filter(_behind(params["cursor"]))
    with bounded_time():
        found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    after = write_cursor([last.at.isoformat(), last.pk]) if last else ""
    return _shown_all(found[:PAGE]), after


def export_events(user: Any, params: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the events as CSV; the export is an event as well."""
    _require_keeper(user)
    rows = _narrowed(params)[: conf().max_export_rows]
    with bounded_time():
        number = rows.count()
    narrowed_by = sorted(one for one in FILTERS if params.get(one))
    details = {"format": "csv", "rows": number, "narrowed_by": narrowed_by}
    security_log.note(security_log.EXPORT, user, About("security_log", details=details))
    return _lines(rows)


def _lines(rows: Any) -> Iterator[bytes]:
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    head = (
        _("Time"), _("First time"), _("Number"), _("What"), _("Person"), _("Person no."),
        _("Token"), _("Address"), _("Request"), _("About"), _("Details"),
    )  # fmt: skip
    writer.writerow(safe_cells([str(one) for one in head]))
    batch: list[SecurityEvent] = []
    for row in rows.iterator(chunk_size=CHUNK):
        batch.append(row)
        if len(batch) == CHUNK:
            yield _written(writer, buffer, batch)
            batch = []
    yield _written(writer, buffer, batch)


def _written(writer: Any, buffer: io.StringIO, batch: list[SecurityEvent]) -> bytes:
    for one in _shown_all(batch):
        person, token = one["user"] or {}, one["token"] or {}
        about = one["object"] or {"label": "", "id": None}
        number = "" if about["id"] is None else f" {about['id']}"
        cells = (
            one["at"], one["first_at"], one["number"], LABELS.get(one["kind"], one["kind"]),
            person.get("label", ""), person.get("id", ""), token.get("prefix", ""),
            one["ip"] or "", one["route"], f"{about['label']}{number}",
            json.dumps(one["details"], ensure_ascii=False) if one["details"] else "",
        )  # fmt: skip
        writer.writerow(safe_cells([str(cell) for cell in cells]))
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content


def _require_keeper(user: Any) -> None:
    if not access_of(user).has_key(MANAGE_SECURITY):
        raise Refused(_("You may not read the security log."))


def _narrowed(params: Mapping[str, str]) -> Any:
    rows = SecurityEvent.objects.order_by("-at", "-pk")
    rows = rows.exclude(kind=security_log.NOT_FOUND, number__lt=BURST)
    for name, condition in FILTERS.items():
        text = params.get(name, "")
        if text:
            rows = rows.filter(condition(name, text))
    return rows


def _kinds(_name: str, text: str) -> Q:
    wanted = text.split(",")
    if any(one not in security_log.KINDS for one in wanted):
        raise InvalidQuery(_("This is not one of the choices."))
    return Q(kind__in=wanted)


def _number(name: str, text: str) -> Q:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidQuery(_("%s must be a positive number.") % name)
    return Q(**{f"{name}_id": int(text)})


def _moment(name: str, text: str) -> Q:
    """A moment with its zone, or a whole day in UTC."""
    try:
        day = dateparse.parse_date(text)
        at = dateparse.parse_datetime(text)
    except ValueError:
        day = at = None
    if day is not None:
        at = datetime.datetime.combine(day, datetime.time(), datetime.timezone.utc)
        if name == "to":
            return Q(first_at__lt=at + datetime.timedelta(days=1))
    if at is None or at.tzinfo is None:
        raise InvalidQuery(_("%s must be a date.") % name)
    return Q(at__gte=at) if name == "from" else Q(first_at__lte=at)


FILTERS = {"kind": _kinds, "user": _number, "token": _number, "from": _moment, "to": _moment}


def _behind(cursor: str) -> Q:
    text, number = read_cursor(cursor, 2)
    try:
        at = datetime.datetime.fromisoformat(str(text))
    except ValueError as error:
        raise InvalidQuery(_("This cursor is not valid.")) from error
    if at.tzinfo is None:
        raise InvalidQuery(_("This cursor is not valid."))
    return Q(at__lt=at) | Q(at=at, pk__lt=number)


def _shown_all(rows: list[SecurityEvent]) -> list[Json]:
    people = _people({row.user_id for row in rows if row.user_id})
    tokens = _tokens({row.token_id for row in rows if row.token_id})
    kinds = {one.key: one for one in entities()}
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "at": KINDS["datetime"].show(row.at),
            "first_at": KINDS["datetime"].show(row.first_at),
            "number": row.number,
            "user": _known(people, row.user_id),
            "token": _known(tokens, row.token_id),
            "ip": row.ip,
            "route": row.route,
            "object": _object(row, kinds),
            "details": row.details,
        }
        for row in rows
    ]


def _known(found: Mapping[int, Json], number: int | None) -> Json | None:
    """Return a person or a token; only the number of one who is gone."""
    if number is None:
        return None
    return found.get(number, {"id": number, "label": f"#{number}", "prefix": f"#{number}"})


def _object(row: SecurityEvent, kinds: Mapping[str, Any]) -> Json | None:
    if not row.object_kind and row.object_id is None:
        return None
    known = kinds.get(row.object_kind)
    return {
        "kind": row.object_kind,
        "id": row.object_id,
        "label": str(known.label) if known else row.object_kind,
    }


def _people(ids: set[int]) -> dict[int, Json]:
    found = get_user_model().objects.filter(pk__in=ids).values_list("pk", "full_name", "username")
    return {pk: {"id": pk, "label": full or name} for pk, full, name in found}


def _tokens(ids: set[int]) -> dict[int, Json]:
    found = ApiToken.objects.filter(pk__in=ids).values_list("pk", "name", "prefix")
    return {
        pk: {"id": pk, "label": name, "prefix": f"{MARK}_{prefix}"} for pk, name, prefix in found
    }
