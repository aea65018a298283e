"""Anonymize: take a person out of his record and out of everything that was kept about it.

What stays is an audit stub: who did what and when, the record with its number for a name, and
what other records need of it. It cannot be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities import kept_files
from taiga_crm.capabilities.announcing import announce
from taiga_crm.capabilities.duplicate_keys import fill_keys
from taiga_crm.capabilities.history import blank_history, record_history
from taiga_crm.capabilities.plain_edit import bump_version
from taiga_crm.capabilities.stored_rows import part_models
from taiga_crm.capabilities.traces import CHANNELS, traces_of, wipe_copies
from taiga_crm.kernel.errors import NotVisible, WrongState
from taiga_crm.models import HistoryEntry, MergeRun
from taiga_crm.permissions.custom import COLUMN, has_custom
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entities, entity_of_model
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS

ANONYMOUS = "Anonymous"  # a name, not a sentence: it stays the same in every language


Forgetter = Callable[[Entity, int, list[str]], None]
_forgetters: list[Forgetter] = []


def register_forgetter(forget: Forgetter) -> None:
    """Call `forget(entity, pk, traces)` when a person is anonymized, for what keeps him too."""
    if forget not in _forgetters:
        _forgetters.append(forget)


def persons_of(entity: Entity) -> Any:
    """Return all rows of a kind that hold a person; none where the kind declares no person."""
    rows = entity.model._base_manager.all()
    return rows.none() if entity.person is None else rows.filter(**entity.person.rows)


def anonymize(record: Any, actor: Any) -> Any:
    """Delete a person's data for good (F163); WrongState for a record that is no person.

    The caller has asked whether the actor may; the record is locked and read again here.
    """
    entity = entity_of_model(type(record))
    assert entity is not None, "only records of declared kinds are anonymized"
    with transaction.atomic():
        fresh = entity.model._base_manager.select_for_update(of=("self",)).filter(pk=record.pk)
        found = fresh.first()
        if found is None:
            raise NotVisible("The record was deleted meanwhile")
        if not persons_of(entity).filter(pk=found.pk).exists():
            raise WrongState(_("This record does not hold a person."))
        traces = traces_of(entity, found)
        _blank(entity, found)
        _erase_parts(entity, found.pk)
        blank_history(entity.key, found.pk)
        _blank_links(entity, found.pk)
        _forget_merges(entity, found.pk)
        for forget in _forgetters:
            forget(entity, found.pk, traces)
        wipe_copies(traces)
        record_history(entity.key, found, actor, "anonymize", [])
        announce(entity, found, "anonymize", actor)
    return found


def is_anonymous(entity: Entity, pk: int) -> bool:
    """Say whether somebody has anonymized the record."""
    rows = HistoryEntry.objects.filter(kind=entity.key, object_id=pk, verb="anonymize")
    return bool(rows.exists())


def _blank(entity: Entity, record: Any) -> None:
    person = entity.person
    assert person is not None, "asked before"
    fields = fields_for(entity, None)
    for name in person.fields:
        _empty(record, fields[name])
    label = f"{ANONYMOUS} {record.pk}"
    setattr(record, person.name, label)
    setattr(record, entity.name_field, label)
    if has_custom(entity):
        setattr(record, COLUMN, {})
    if entity.search_column:
        setattr(record, entity.search_column, "")
    fill_keys(entity, record, {})
    record.save()
    bump_version(record)
    record.refresh_from_db(fields=["version"])


def _empty(record: Any, field: Field) -> None:
    if field.kind in CHANNELS:
        getattr(record, field.path).all().delete()
    elif field.kind == "money":
        setattr(record, field.path, None)
        setattr(record, field.currency_path, "")
    else:
        setattr(record, field.path, None if field.nullable else KINDS[field.kind].empty)


def _erase_parts(entity: Entity, pk: int) -> None:
    """Blank or delete what hangs on the record, as each table declares; files go after commit."""
    for model in part_models():
        columns = model.personal  # type: ignore[attr-defined]
        rows = model._base_manager.filter(kind=entity.key, object_id=pk)
        if "*" in columns:
            names = kept_files.names_below(rows)
            rows.delete()
            for name in names:
                transaction.on_commit(partial(kept_files.drop, name))
        elif columns:
            rows.update(**{column: _nothing(model, column) for column in columns})


def _nothing(model: Any, column: str) -> Any:
    field = model._meta.get_field(column)
    return None if field.null else field.get_default() if field.has_default() else ""


def _blank_links(entity: Entity, pk: int) -> None:
    """Take the name out of the history of records that were linked to this one."""
    for other in entities():
        for field in fields_for(other, None).values():
            if field.kind != "link" or field.target != entity.key:
                continue
            for side in ("old", "new"):
                known = [{"field": field.name, f"{side}_id": pk}]
                rows = HistoryEntry.objects.filter(kind=other.key, changes__contains=known)
                changed = [_unnamed(row, field.name, side, pk) for row in rows.select_for_update()]
                HistoryEntry.objects.bulk_update(changed, ["changes"], batch_size=200)


def _unnamed(entry: HistoryEntry, name: str, side: str, pk: int) -> HistoryEntry:
    entry.changes = [
        {**one, side: ""} if (one["field"], one.get(f"{side}_id")) == (name, pk) else one
        for one in entry.changes
    ]
    return entry


def _forget_merges(entity: Entity, pk: int) -> None:
    """A merge that this record took part in cannot be undone any more."""
    runs = MergeRun.objects.filter(kind=entity.key)
    for one in (runs.filter(winner_id=pk), runs.filter(loser_ids__contains=[pk])):
        one.update(journal=None, labels={})
