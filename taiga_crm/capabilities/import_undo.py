"""Undo an import: what it made goes into the bin, what it changed is put back, later work stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Mass
from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.history import Change
from taiga_crm.capabilities.import_links import Links
from taiga_crm.capabilities.import_rows import CREATED, LINKED, UPDATED
from taiga_crm.capabilities.importing import Progress
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.capabilities.mass_changing import change_many, lock_whole
from taiga_crm.capabilities.mass_writing import tell_many
from taiga_crm.capabilities.plain_edit import parse_values
from taiga_crm.capabilities.removing import delete_rows
from taiga_crm.capabilities.stored_rows import part_models
from taiga_crm.capabilities.vcard_kept import CARD, put_back_cards
from taiga_crm.kernel.errors import CrmError, WrongState
from taiga_crm.models import Import, ImportRow
from taiga_crm.permissions.decide import rows_for, with_flag
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.catalog import entity as entity_named
from taiga_crm.registry.catalog import entity_of_model, fields_of
from taiga_crm.registry.entity import Entity

BATCH = 500
MAX_TOLD = 200
Json = dict[str, Any]


def undo_import(run: Import, user: Any, progress: Progress) -> Json:
    """Take back what nobody touched since; tell what is kept and why.

    Those that lie below others were written last and go first.
    """
    rows = ImportRow.objects.filter(run=run, outcome__in=(CREATED, UPDATED, LINKED))
    rows = rows.filter(version__isnull=False)
    tally = Tally()
    total, done = rows.count(), 0
    for entity in _kinds(rows):
        lock_in_transaction(f"crm.import.{entity.key}", 0)
        undo = _Undo(run, entity, user, tally)
        for batch in _batches(rows.filter(kind=entity.key)):
            undo.remove([row for row in batch if row.outcome == CREATED])
            undo.put_back([row for row in batch if row.outcome != CREATED])
            done += len(batch)
            progress(done, total)
    _Undo(run, entity_named(run.kind), user, tally).remove_made()
    rows.update(before=None)
    return {"undone": tally.undone, "kept": tally.kept[:MAX_TOLD], "kept_count": len(tally.kept)}


@dataclass
class Tally:
    """What an undo has done: all its writes are one act."""

    mass: Mass = field(default_factory=lambda: Mass(action="undo_import"))
    undone: int = 0
    kept: list[Json] = field(default_factory=list)


class _Undo:
    """Takes back batch after batch of one kind and remembers what is kept."""

    def __init__(self, run: Import, entity: Entity, user: Any, tally: Tally) -> None:
        self.run, self.entity, self.user, self.tally = run, entity, user, tally
        self.mass = tally.mass

    def remove(self, rows: list[ImportRow]) -> None:
        """Move records that the import made into the bin."""
        records = self._locked(rows, "delete")
        doomed: dict[int, Any] = {}
        again = self._written_again(rows)
        for row, record in _pairs(rows, records):
            if record.version != row.version or record.pk in again:
                self._keep(record, _("It was edited since."))
            elif not record.allowed:
                self._keep(record, _("You may not delete it."))
            else:
                doomed[record.pk] = record
        while used := in_use(self.entity, doomed):
            for pk in sorted(used):
                self._keep(doomed.pop(pk), _("Other records or comments hang on it."))
        self._delete(list(doomed.values()))

    def put_back(self, rows: list[ImportRow]) -> None:
        """Give records that the import changed the values they had, all together."""
        wanted: dict[int, tuple[Any, Json]] = {}
        again = self._written_again(rows)
        for row, record in _pairs(rows, self._whole(rows)):
            if record.version != row.version or record.pk in again:
                self._keep(record, _("It was edited since."))
            elif not record.allowed:
                self._keep(record, _("You may not change it."))
            else:
                self._want(row, record, wanted)
        done = self._restore(wanted)
        cards = {row.object_id: row.before[CARD] for row in rows if CARD in (row.before or {})}
        put_back_cards(self.entity.key, {pk: cards[pk] for pk in sorted(done & cards.keys())})

    def remove_made(self) -> None:
        """Delete rows that were made because links named them, where nobody uses them."""
        by_kind: dict[str, list[int]] = {}
        for one in self.run.made:
            by_kind.setdefault(one["kind"], []).append(one["id"])
        for kind, ids in by_kind.items():
            entity = entity_named(kind)
            rows = rows_for(entity, self.user, "delete").filter(pk__in=ids, version=1)
            records = {one.pk: one for one in rows.select_for_update(of=("self",))}
            used = in_use(entity, records)
            unused = [one for pk, one in records.items() if pk not in used]
            if unused:
                delete_rows(entity, unused, self.user, self.mass)

    def _locked(self, rows: list[ImportRow], verb: str) -> dict[int, Any]:
        found = with_flag(rows_for(self.entity, self.user), self.entity, self.user, verb)
        found = found.filter(pk__in=[row.object_id for row in rows]).order_by("pk")
        return {one.pk: one for one in found.select_for_update(of=("self",))}

    def _whole(self, rows: list[ImportRow]) -> dict[int, Any]:
        names = {name for row in rows for name in row.before or ()}
        fields = [one for one in fields_for(self.entity, self.user).values() if one.name in names]
        found = rows_for(self.entity, self.user).filter(pk__in=[row.object_id for row in rows])
        return {one.pk: one for one in lock_whole(found, self.entity, self.user, fields)}

    def _written_again(self, rows: list[ImportRow]) -> set[int | None]:
        """Return the records that a later import has written, were it only their cards."""
        later = ImportRow.objects.filter(
            kind=self.entity.key, object_id__in=[row.object_id for row in rows],
            run__gt=self.run.pk, run__state=Import.DONE, outcome__in=(UPDATED, LINKED),
        )  # fmt: skip
        return set(later.values_list("object_id", flat=True))

    def _keep(self, record: Any, reason: str) -> None:
        self._tell_kept(record.pk, str(record), reason)

    def _tell_kept(self, pk: int, label: str, reason: str) -> None:
        one = {"kind": self.entity.key, "id": pk, "label": label[:255], "reason": reason}
        self.tally.kept.append(one)

    def _delete(self, records: list[Any]) -> None:
        if not records:
            return
        ids = [one.pk for one in records]
        try:
            with transaction.atomic():
                delete_rows(self.entity, records, self.user, self.mass)
        except WrongState:
            self._delete_each(ids)
        else:
            self.tally.undone += len(ids)

    def _delete_each(self, ids: list[int]) -> None:
        for pk in ids:
            # read again: the attempt to delete all took the id from the objects
            record = rows_for(self.entity, self.user, "delete").get(pk=pk)
            try:
                with transaction.atomic():
                    delete_rows(self.entity, [record], self.user, self.mass)
            except WrongState as refusal:
                record.pk = pk
                self._keep(record, refusal.message)
            else:
                self.tally.undone += 1

    def _want(self, row: ImportRow, record: Any, wanted: dict[int, tuple[Any, Json]]) -> None:
        before = row.before or {}
        try:
            require_open(self.user, record.places)
            values = parse_values(self.entity, self.user, before, creating=False)
        except CrmError as refusal:
            self._keep(record, refusal.message)
        else:
            wanted[record.pk] = (record, values)

    def _restore(self, wanted: dict[int, tuple[Any, Json]]) -> set[int]:
        """Write the former values; return the records that have them now."""
        done: set[int] = set()
        links = Links(self.user, frozenset(), None, self.mass)
        for target, ids in _linked(self.entity, (values for _one, values in wanted.values())):
            links.know(target, ids)

        def draft_of(record: Any) -> Draft:
            values = wanted[record.pk][1]
            draft = Draft(self.entity, record, dict(values), self.user, creating=False)
            draft.known = links.rows
            return draft

        records = [record for record, _values in wanted.values()]
        labels = [str(record) for record in records]  # a refused change may alter them
        acts: list[tuple[Draft, list[Change]]] = []
        for record, label, one in zip(records, labels, change_many(records, draft_of), strict=True):
            if isinstance(one, CrmError):
                self._tell_kept(record.pk, label, one.message)
                continue
            self.tally.undone += 1
            done.add(record.pk)
            if changes := one.changes():
                acts.append((one, changes))
        tell_many(self.entity, self.user, "change", acts, self.mass)
        return done


def _linked(entity: Entity, several: Iterable[Json]) -> Iterator[tuple[str, set[int]]]:
    """Yield the targets of links with the ids that values name."""
    fields = fields_for(entity, None)
    found: dict[str, set[int]] = {}
    for values in several:
        for name, value in values.items():
            if name in fields and fields[name].kind in ("link", "links") and value:
                ids = value if isinstance(value, (list, tuple)) else [value]
                found.setdefault(fields[name].target or "", set()).update(ids)
    yield from found.items()


def in_use(entity: Entity, records: dict[int, Any]) -> set[int]:
    """Return the records that others point to, or on which people have left something."""
    used: set[int] = set()
    if not records:
        return used
    options: Any = entity.model._meta
    for relation in options.related_objects:
        if relation.many_to_many:
            used |= _members(relation, records)
        elif entity_of_model(relation.related_model) is not None:
            used |= _pointed_to(relation, records)
    for model in part_models():
        if model.personal and model.is_work:  # type: ignore[attr-defined]
            rows = model._base_manager.filter(kind=entity.key, object_id__in=list(records))
            used.update(rows.values_list("object_id", flat=True))
    return used


def _pointed_to(relation: Any, records: dict[int, Any]) -> set[int]:
    """Return the records that rows of a kind point to, themselves left aside."""
    column = relation.field.attname
    rows = relation.related_model._base_manager.filter(**{f"{column}__in": list(records)})
    if relation.related_model is relation.model:
        rows = rows.exclude(pk__in=list(records))
    return set(rows.values_list(column, flat=True))


def _members(relation: Any, records: dict[int, Any]) -> set[int]:
    """Return the rows that records are put under."""
    through = relation.field.remote_field.through
    name = relation.field.m2m_reverse_field_name()
    rows = through._base_manager.filter(**{f"{name}__in": list(records)})
    return set(rows.values_list(f"{name}_id", flat=True))


def _batches(rows: Any) -> Iterator[list[ImportRow]]:
    last = None
    while True:
        wanted = rows if last is None else rows.filter(pk__lt=last)
        batch = list(wanted.order_by("-pk")[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        yield batch


def _kinds(rows: Any) -> list[Entity]:
    """Return the kinds of the rows, those that link to others of them first."""
    kinds = set(rows.values_list("kind", flat=True))
    found = [entity_named(one) for one in sorted(kinds)]
    return sorted(found, key=lambda one: -len(kinds & {f.target for f in fields_of(one.key).values()
                                                       if f.target != one.key}))  # fmt: skip


def _pairs(rows: list[ImportRow], records: dict[int, Any]) -> Iterator[tuple[ImportRow, Any]]:
    """Yield the rows whose records still exist; what is gone needs no undo."""
    for row in rows:
        record = records.get(row.object_id or 0)
        if record is not None:
            yield row, record
