"""The bin: deleted records, who may see them, bringing one back, throwing it away for good."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import announce, projects_of
from taiga_crm.capabilities.history import record_history
from taiga_crm.capabilities.kept_files import names_in
from taiga_crm.capabilities.putting_back import PutBack, relink
from taiga_crm.capabilities.snapshots import Snapshot, contents
from taiga_crm.capabilities.stored_rows import Model, Values, encode, label_of
from taiga_crm.conf import conf
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import NotVisible, Refused
from taiga_crm.models import BinEntry, HeldFile
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.decide import hidden_from_everybody, lies_within, outcome_for, rows_for
from taiga_crm.permissions.keys import DELETE_EVERYTHING, role_key
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.catalog import entities, entity_of_model
from taiga_crm.registry.catalog import entity as entity_named
from taiga_crm.registry.entity import Entity

BATCH = 200


def put_into_bin(
    entity: Entity, records: list[Any], snapshots: dict[Any, Snapshot], user: Any
) -> None:
    """Keep the records that are about to be deleted, in a few statements however many there are."""
    private = hidden_from_everybody(entity, [one.pk for one in records])
    entries = BinEntry.objects.bulk_create(
        BinEntry(
            kind=entity.key,
            object_id=one.pk,
            label=str(one)[:255],
            snapshot=snapshots[one.pk],
            contents=contents(entity.model, snapshots[one.pk]),
            project_ids=projects_of(entity, one),
            is_private=one.pk in private,
            deleted_by=user,
        )
        for one in records
    )
    HeldFile.objects.bulk_create(
        HeldFile(entry=entry, name=name)
        for entry in entries
        for name in names_in(entry.snapshot["rows"])
    )


def binned(user: Any) -> Any:
    """Return the entries the person may see: those he could have deleted, and his own.

    What was private stays with the one who deleted it.
    """
    access = access_of(user)
    mine = Q(deleted_by=access.user_id) if access.enters_crm else Q(pk__in=[])
    seen = Q(pk__in=[])
    for entity in entities():
        if "delete" in entity.rules:
            seen |= Q(kind=entity.key) & _reach(entity, access, user, mine)
    found = BinEntry.objects.filter((Q(is_private=True) & mine) | (Q(is_private=False) & seen))
    if access.within is not None:
        return found.filter(project_ids__overlap=sorted(access.within))
    return found


def restore(entry_id: Any, user: Any) -> dict[str, Any]:
    """Bring one record back; NotVisible, Refused or WrongState with nothing changed."""
    with transaction.atomic():
        entry = binned(user).select_for_update(of=("self",)).filter(pk=entry_id).first()
        if entry is None:
            raise NotVisible("No such entry in the bin")
        entity = entity_named(entry.kind)
        left_out = _bring_back(entity, entry)
        record = rows_for(entity, user, "delete").filter(pk=entry.object_id).first()
        if record is None:
            raise Refused(_("You may not restore this."), verb="delete", kind=entity.key)
        require_open(user, projects_of(entity, record))
        entry.delete()
        record_history(entity.key, record, user, "restore", [])
        announce(entity, record, "restore", user)
    return {"kind": entity.key, "id": record.pk, "left_out": left_out}


def throw_away(entry_id: Any, user: Any) -> None:
    """Throw one entry away for good."""
    entries = binned(user).filter(pk=entry_id)
    for entry in entries:
        require_open(user, entry.project_ids)
    if not purge(entries):
        raise NotVisible("No such entry in the bin")


def without_frozen(entries: Any, user: Any) -> Any:
    """Leave out what came from frozen projects alone: nobody empties those."""
    frozen = access_of(user).frozen
    return entries.exclude(lies_within("project_ids", frozen)) if frozen else entries


def purge(entries: Any) -> int:
    """Throw entries away for good, in batches; return how many."""
    number = 0
    while True:
        with transaction.atomic():
            batch = list(
                entries.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:BATCH]
            )
            if not batch:
                return number
            BinEntry.objects.filter(pk__in=[one.pk for one in batch]).delete()
            number += len(batch)


def outdated(now: datetime.datetime) -> Any:
    """Return the entries that are older than conf.bin_days."""
    limit = now - datetime.timedelta(days=conf().bin_days)
    return BinEntry.objects.filter(deleted_at__lt=limit).order_by("pk")


def gone_at(entry: BinEntry) -> datetime.datetime:
    """Return when an entry will be purged."""
    return entry.deleted_at + datetime.timedelta(days=conf().bin_days)


def days_left(entry: BinEntry) -> int:
    """Return how many whole days an entry can still be restored."""
    return max(0, (gone_at(entry) - clock.now()).days)


def _reach(entity: Entity, access: Access, user: Any, mine: Q) -> Q:
    """Return which entries of a kind that were not private the person may see."""
    if access.has_key(DELETE_EVERYTHING) or outcome_for(entity, user, "delete") is True:
        return Q()
    key = role_key("delete", entity.key)
    whole = sorted(access.projects(key, "all"))
    some = sorted(access.projects(key, "all") | access.projects(key, "own"))
    own = mine & (Q(project_ids__overlap=some) | Q(project_ids=[])) if some else Q(pk__in=[])
    return own | Q(project_ids__overlap=whole) if whole else own


def _bring_back(entity: Entity, entry: BinEntry) -> list[dict[str, Any]]:
    rows, pk = entry.snapshot["rows"], entry.object_id
    afterwards = entity.restoring(pk, rows) if entity.restoring is not None else None
    back = PutBack(rows, {(entity.model, pk)})
    back.insert()
    relink(entry.snapshot["unlinks"])
    for target, target_id, model, line in back.waiting:
        if _hand_over(target, target_id, model, line):
            back.left_out[str(model._meta.verbose_name_plural)] -= 1
    if afterwards is not None:
        afterwards()
    return [{"label": label, "count": n} for label, n in sorted(back.left_out.items()) if n]


def _hand_over(target: Model, target_id: Any, model: Model, line: Values) -> bool:
    """Give a row that waits for another deleted record to that record's entry."""
    entity = entity_of_model(target)
    if entity is None:
        return False
    entries = BinEntry.objects.select_for_update().filter(kind=entity.key, object_id=target_id)
    for entry in entries:
        lines = entry.snapshot["rows"].setdefault(label_of(model), [])
        if encode(line) not in lines:
            lines.append(encode(line))
            entry.save(update_fields=["snapshot"])
    return bool(entries)
