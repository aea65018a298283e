"""Change many locked records at once: every rule is asked of each, all are written together.

The rules are those of a single write: drafts are prepared one by one, after what they need was
read for all of them. Rows that move in a tree, and fields that an entity names in `one_by_one`,
ask the database for each row anew: those records are saved one after the other, in the same
transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.channels import COLUMNS as CHANNEL_COLUMNS
from taiga_crm.capabilities.channels import KEPT, fresh_values, keep_channels
from taiga_crm.capabilities.copying import copy_values
from taiga_crm.capabilities.draft import CHANNELS, Draft
from taiga_crm.capabilities.field_rules import standing_before
from taiga_crm.capabilities.links import check_links
from taiga_crm.capabilities.plain_edit import derive, foresee, prepare_draft, save_draft
from taiga_crm.capabilities.stored_rows import columns, write_columns_of
from taiga_crm.kernel.errors import CrmError, WrongState
from taiga_crm.permissions.decide import locked, with_flag, with_places
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field

Values = dict[str, Any]
Written = Draft | CrmError
MakeDraft = Callable[[Any], Draft]
COUNTED = frozenset({"version", "modified_at"})  # written with every change


def lock_whole(rows: Any, entity: Entity, user: Any, fields: Iterable[Field]) -> list[Any]:
    """Return locked rows in the order of their keys with all that a change of these fields
    compares, and with `allowed` and `places`, in a number of queries that does not grow."""
    rows = with_flag(with_places(rows, entity), entity, user, "change").order_by("pk")
    options: Any = entity.model._meta
    several = {one.name for one in options.many_to_many}
    changed = list(fields)
    many = [one.path for one in changed if one.kind == "links" and one.path in several]
    found = list(locked(rows.prefetch_related(*many), "change"))
    for one in changed:
        if one.kind == "link" and not one.column:
            _give_links(found, one.path.removesuffix("_id"))
    channels = [one for one in fields_for(entity, None).values() if one.kind in CHANNELS]
    keep_channels(found, channels)
    return found


def change_many(records: Sequence[Any], draft_of: MakeDraft) -> list[Written]:
    """Write the drafts of locked records of one kind; return for each the draft, or the CrmError
    that refused it. A draft without changes has written nothing. The caller tells the history."""
    drafts = [draft_of(record) for record in records]
    alone = [_goes_alone(draft) for draft in drafts]
    together = [draft for draft, single in zip(drafts, alone, strict=True) if not single]
    written = iter(_written(together, draft_of))
    return [
        save_alone(draft) if single else next(written)
        for draft, single in zip(drafts, alone, strict=True)
    ]


def _give_links(records: list[Any], name: str) -> None:
    """Put the linked rows on the records: read once, however many records name them."""
    relation: Any = type(records[0])._meta.get_field(name) if records else None
    wanted = {getattr(one, relation.attname) for one in records} - {None}
    if wanted:
        found = relation.related_model._base_manager.in_bulk(wanted)
        for one in records:
            relation.set_cached_value(one, found.get(getattr(one, relation.attname)))


def _goes_alone(draft: Draft) -> bool:
    return not draft.agrees_on((*draft.entity.one_by_one, draft.entity.tree))


def _written(drafts: list[Draft], draft_of: MakeDraft) -> list[Written]:
    """Write all at once; one after the other when a rule of the database forbids one of them."""
    try:
        with transaction.atomic():
            return _write(drafts)
    except IntegrityError:
        for draft in drafts:
            draft.record.refresh_from_db()
        return [save_alone(draft_of(draft.record)) for draft in drafts]


def _write(drafts: list[Draft]) -> list[Written]:
    if not drafts:
        return []
    foresee(drafts)
    names = [column.attname for column in columns(type(drafts[0].record))]
    results: list[Written] = []
    changed: list[tuple[Draft, Values]] = []
    for draft in drafts:
        record = draft.record
        stored = {name: getattr(record, name) for name in names}
        try:
            before = standing_before(draft)
            check_links(draft)
            prepare_draft(draft, before)
        except CrmError as refusal:
            results.append(refusal)
            continue
        results.append(draft)
        if draft.changes():
            derive(draft, stored)
            record.version += 1
            changed.append((draft, stored))
    _update(changed)
    return results


def save_alone(draft: Draft) -> Written:
    """Write the draft by itself; return it, or the CrmError that refused it."""
    try:
        with transaction.atomic():
            save_draft(draft)
    except CrmError as refusal:
        return refusal
    except IntegrityError:
        return WrongState(_("This is not possible or exists already."))
    return draft


def _update(changed: list[tuple[Draft, Values]]) -> None:
    """Write the columns that changed in one statement, then what hangs on the records."""
    if not changed:
        return
    drafts = [draft for draft, _stored in changed]
    touched = _touched(changed)
    _write_columns([draft.record for draft in drafts], touched)
    _write_channels(drafts)
    moved = _write_members(drafts)
    if drafts[0].entity.written is not None:
        drafts[0].entity.written(drafts)
    relations = {one.attname for one in columns(type(drafts[0].record)) if one.is_relation}
    if moved or relations & touched:
        with connection.cursor() as cursor:  # a row that is gone refuses one record, not all
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _touched(changed: list[tuple[Draft, Values]]) -> set[str]:
    found: set[str] = set()
    for draft, stored in changed:
        record = draft.record
        found.update(name for name, old in stored.items()
                     if name not in found and getattr(record, name) != old)  # fmt: skip
    return found - COUNTED


def _write_columns(records: list[Any], touched: set[str]) -> None:
    same = {
        name: getattr(records[0], name)
        for name in touched
        if len({_hashable(getattr(one, name)) for one in records}) == 1
    }
    varied = sorted(touched - set(same))
    same["modified_at"] = records[0].modified_at
    write_columns_of(type(records[0]), records, same, varied)


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, (list, dict)) else value


def _write_channels(drafts: list[Draft]) -> None:
    """Put e-mails and phones that differ in the place of the former ones."""
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    owners: dict[str, list[int]] = defaultdict(list)
    for draft in drafts:
        for field in draft.channels():
            owners[field.path].append(draft.record.pk)
            fresh = fresh_values(field, draft.values[field.name])
            rows[field.path] += [(draft.record.pk, *values) for values in fresh]
            draft.record.__dict__.pop(KEPT, None)
    for path, ids in owners.items():
        manager: Any = getattr(drafts[0].record, path)
        owner = manager.field.name
        manager.model.objects.filter(**{f"{owner}__in": ids}).delete()
        copy_values(manager.model, (owner, *CHANNEL_COLUMNS), rows[path])


def _write_members(drafts: list[Draft]) -> bool:
    """Bring several links that the model keeps in line; say whether any was sent."""
    wanted: dict[str, dict[int, set[int]]] = defaultdict(dict)
    for draft in drafts:
        for field in draft.many_links():
            wanted[field.path][draft.record.pk] = set(draft.values[field.name])
    for path, members in wanted.items():
        relation: Any = type(drafts[0].record)._meta.get_field(path)
        ends = (f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id")
        model = relation.remote_field.through
        gone, new = _differences(model, ends, members)
        model._base_manager.filter(pk__in=gone).delete()
        model._base_manager.bulk_create(model(**dict(zip(ends, pair, strict=True))) for pair in new)
    return bool(wanted)


def _differences(
    model: Any, ends: tuple[str, str], members: dict[int, set[int]]
) -> tuple[list[int], list[tuple[int, int]]]:
    """Return the keys of the rows that go, and the pairs that come."""
    gone: list[int] = []
    known: set[tuple[int, int]] = set()
    rows = model._base_manager.filter(**{f"{ends[0]}__in": list(members)})
    for pk, near, far in rows.values_list("pk", *ends):
        known.add((near, far))
        if far not in members[near]:
            gone.append(pk)
    pairs = [(near, far) for near, fars in members.items() for far in sorted(fars)]
    return gone, [pair for pair in pairs if pair not in known]
