"""Bulk acts: change, delete or star up to 500 records in one transaction, a result for each.

A change is written for all rows at once, in a number of statements that does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening, announce_many
from taiga_crm.capabilities.bulk_answers import Result, refusal
from taiga_crm.capabilities.bulk_values import Shared
from taiga_crm.capabilities.favorites import star_many
from taiga_crm.capabilities.history import Change, record_history_many
from taiga_crm.capabilities.list_request import read_list_request
from taiga_crm.capabilities.listing import bounded_time, matching_rows
from taiga_crm.capabilities.mass_changing import Written, change_many, lock_whole
from taiga_crm.capabilities.plain_edit import parse_values
from taiga_crm.capabilities.removing import delete_rows
from taiga_crm.kernel.errors import (
    CrmError,
    InvalidInput,
    NotVisible,
    Refused,
    StaleVersion,
    WrongState,
)
from taiga_crm.models import Favorite
from taiga_crm.permissions.decide import locked, outcome_for, rows_for, with_flag, with_places
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.entity import Entity, Field

MOST = 500


def ids_of_list(entity: Entity, user: Any, params: Mapping[str, str]) -> list[int]:
    """Return the ids of all rows of a list as asked for; InvalidInput for more than 500."""
    asked = read_list_request(entity, user, params)
    with bounded_time():
        rows = matching_rows(entity, user, asked).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        raise InvalidInput({"filter": [_("At most %d records at once.") % MOST]})
    return ids


def bulk_change(
    entity: Entity, user: Any, ids: list[int], data: Mapping[str, Any], versions: Mapping[str, Any]
) -> list[Result]:
    """Change fields of many records; each is changed, unchanged, refused or stale."""
    _require_kind(entity, user, "change")
    names = _sent(entity, user, data)
    values = parse_values(entity, user, data, creating=False)
    with transaction.atomic():
        rows, results = _locked(entity, user, "change", ids, versions, names)
        shared = Shared(entity, user, values)
        shared.look_up()
        acts = _acts(rows, change_many(rows, shared.draft), results)
        record_history_many(entity.key, acts, user, "update")
        announce_many([Happening(entity, one, "change", user, how) for one, how in acts])
    return [results[pk] for pk in ids]


def bulk_delete(
    entity: Entity, user: Any, ids: list[int], versions: Mapping[str, Any]
) -> list[Result]:
    """Move many records into the bin; each is deleted, refused or stale."""
    _require_kind(entity, user, "delete")
    with transaction.atomic():
        rows, results = _locked(entity, user, "delete", ids, versions, [])
        deleted = [one.pk for one in rows]
        try:
            with transaction.atomic():
                delete_rows(entity, rows, user)
        except WrongState:
            deleted = _deleted_each(entity, user, deleted, results)
        for pk in deleted:
            results[pk] = {"id": pk, "status": "deleted"}
    return [results[pk] for pk in ids]


def bulk_favorite(entity: Entity, user: Any, ids: list[int], wanted: bool) -> list[Result]:
    """Star or unstar many visible records for the person."""
    seen = set(rows_for(entity, user).filter(pk__in=ids).values_list("pk", flat=True))
    stars = Favorite.objects.filter(kind=entity.key, user=user, object_id__in=seen)
    with transaction.atomic():
        starred = set(stars.values_list("object_id", flat=True))
        touched = seen - starred if wanted else starred
        if wanted:
            star_many(entity.key, sorted(touched), user)
        else:
            stars.delete()
    results = {pk: {"id": pk, "status": "unchanged"} for pk in seen}
    results.update({pk: {"id": pk, "status": "changed"} for pk in touched})
    return [results.get(pk) or _absent(entity, pk) for pk in ids]


def _require_kind(entity: Entity, user: Any, verb: str) -> None:
    if outcome_for(entity, user, verb) is False:
        raise Refused(_("You may not do this."), verb=verb, kind=entity.key)


def _sent(entity: Entity, user: Any, data: Mapping[str, Any]) -> list[Field]:
    """Return the fields that were sent; a name that cannot be changed is refused, not ignored."""
    fields = fields_for(entity, user)
    faults = {}
    for name in data:
        field = fields.get(name)
        if field is None or field.read_only or field.create_only or field.expression is not None:
            faults[str(name)] = [_("This field cannot be changed here.")]
    if faults or not data:
        raise InvalidInput(faults or {"changes": [_("Choose at least one field.")]})
    return [fields[name] for name in data]


def _locked(
    entity: Entity,
    user: Any,
    verb: str,
    ids: list[int],
    versions: Mapping[str, Any],
    names: Iterable[Field],
) -> tuple[list[Any], dict[int, Result]]:
    """Return the locked rows that may be touched, in the order of their ids, and the others."""
    found = {one.pk: one for one in _read_locked(entity, user, verb, ids, names)}
    results: dict[int, Result] = {}
    allowed = []
    for pk in ids:
        row, version = found.get(pk), versions.get(str(pk))
        fault = _fault(entity, verb, row, version) or _frozen(user, row)
        if fault is None:
            allowed.append(pk)
        else:
            results[pk] = refusal(pk, fault)
    return [found[pk] for pk in sorted(allowed)], results


def _read_locked(
    entity: Entity, user: Any, verb: str, ids: list[int], names: Iterable[Field]
) -> list[Any]:
    rows = rows_for(entity, user).filter(pk__in=ids)
    if verb == "change":
        return lock_whole(rows, entity, user, names)
    rows = with_flag(with_places(rows, entity), entity, user, verb).order_by("pk")
    return list(locked(rows, verb))


def _fault(entity: Entity, verb: str, row: Any, version: Any) -> CrmError | None:
    if row is None:
        return NotVisible(f"No {entity.key} with this id")
    if not row.allowed:
        return Refused(_("You may not do this."), verb=verb, kind=entity.key)
    if version is not None and version != getattr(row, "version", version):
        return StaleVersion(_("Somebody changed this in the meantime."), pk=row.pk)
    return None


def _frozen(user: Any, row: Any) -> CrmError | None:
    try:
        require_open(user, row.places)
    except CrmError as error:
        return error
    return None


def _acts(
    rows: list[Any], written: list[Written], results: dict[int, Result]
) -> list[tuple[Any, list[Change]]]:
    """Answer for each row; return those that changed, with their changes."""
    acts = []
    for row, one in zip(rows, written, strict=True):
        if isinstance(one, CrmError):
            results[row.pk] = refusal(row.pk, one)
            continue
        changes = one.changes()
        status = "changed" if changes else "unchanged"
        results[row.pk] = {"id": row.pk, "status": status, "version": row.version}
        if changes:
            acts.append((row, changes))
    return acts


def _deleted_each(
    entity: Entity, user: Any, ids: list[int], results: dict[int, Result]
) -> list[int]:
    """Delete one after the other, because some of them are still in use."""
    deleted = []
    for pk in ids:
        try:
            with transaction.atomic():
                # read again: the attempt to delete all took the id from the objects
                delete_rows(entity, [rows_for(entity, user, "delete").get(pk=pk)], user)
        except WrongState as error:
            results[pk] = refusal(pk, error)
        else:
            deleted.append(pk)
    return deleted


def _absent(entity: Entity, pk: int) -> Result:
    return refusal(pk, NotVisible(f"No {entity.key} with this id"))
