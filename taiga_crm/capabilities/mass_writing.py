"""Write many new records at once: every rule is asked, every row has its history and its keys.

The rules are those of a single write: drafts are prepared one by one. What they need is read
for all of them before, and the rows are copied into their tables together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models.base import ModelState

from taiga_crm.capabilities.announcing import Happening, Mass, announce_many
from taiga_crm.capabilities.channels import COLUMNS as CHANNEL_COLUMNS
from taiga_crm.capabilities.channels import fresh_values
from taiga_crm.capabilities.copying import copy_records, copy_values, new_keys
from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.field_rules import standing_before
from taiga_crm.capabilities.history import Change, record_history_many
from taiga_crm.capabilities.links import check_links
from taiga_crm.capabilities.mass_changing import save_alone
from taiga_crm.capabilities.plain_edit import derive, foresee, prepare_draft
from taiga_crm.kernel.errors import CrmError
from taiga_crm.registry.entity import Entity

Known = Mapping[tuple[str, int], Any]
Values = dict[str, Any]


def create_many(
    entity: Entity, user: Any, several: Sequence[Values], known: Known, mass: Mass
) -> list[Any]:
    """Add records of parsed values; return for each the record, or the CrmError that refused it.

    The caller has asked whether the person may add records of the kind.
    """
    like = _copier(entity.model(created_by=user))
    drafts: list[Draft] = []
    for values in several:
        drafts.append(_draft(entity, user, values, known, like(), drafts[0] if drafts else None))
    foresee(drafts)
    results: list[Any] = [_prepared(draft) for draft in drafts]
    good = [draft for draft, error in zip(drafts, results, strict=True) if error is None]
    acts: list[tuple[Draft, list[Change]]] = []
    try:
        with transaction.atomic():
            acts = _insert(entity, good)
    except IntegrityError:
        results = [
            error or _alone(entity, user, values, known, acts)
            for error, values in zip(results, several, strict=True)
        ]
    else:
        records = iter(good)
        results = [next(records).record if error is None else error for error in results]
    tell_many(entity, user, "create", acts, mass)
    return results


def tell_many(
    entity: Entity, user: Any, verb: str, acts: Sequence[tuple[Draft, list[Change]]], mass: Mass
) -> None:
    """Write the history of many acts and announce them."""
    name = "create" if verb == "create" else "update"
    record_history_many(entity.key, [(one.record, how) for one, how in acts], user, name)
    announce_many([Happening(entity, one.record, verb, user, how, mass=mass) for one, how in acts])


def _copier(blank: Any) -> Callable[[], Any]:
    """Return what makes further new records like a blank one: to make each anew takes as long as
    a rule."""
    model: Any = type(blank)
    shared = dict(vars(blank))
    own = {name: value for name, value in shared.items() if isinstance(value, (list, dict))}
    links = blank._state.fields_cache

    def like() -> Any:
        record = model.__new__(model)
        record.__dict__.update(shared)
        for name, value in own.items():
            record.__dict__[name] = copy(value)
        record._state = ModelState()
        record._state.fields_cache = dict(links)
        return record

    return like


def _draft(
    entity: Entity,
    user: Any,
    values: Values,
    known: Known,
    record: Any,
    like: Draft | None = None,
) -> Draft:
    draft = Draft(entity, record, dict(values), user, creating=True, like=like)
    draft.known = known
    return draft


def _prepared(draft: Draft) -> CrmError | None:
    try:
        before = standing_before(draft)
        check_links(draft)
        prepare_draft(draft, before)
        derive(draft)
    except CrmError as refusal:
        return refusal
    return None


def _insert(entity: Entity, drafts: list[Draft]) -> list[tuple[Draft, list[Change]]]:
    """Copy records and what hangs on them; constraints are checked here, not at the very end."""
    if not drafts:
        return []
    for draft, pk in zip(drafts, new_keys(entity.model, len(drafts)), strict=True):
        draft.record.pk = pk
        draft.record._state.adding = False
    copy_records([draft.record for draft in drafts])
    for (model, owner), rows in _channels(drafts).items():
        copy_values(model, (owner, *CHANNEL_COLUMNS), rows)
    for (model, near, far), pairs in _memberships(drafts).items():
        _add_members(model, near, far, pairs)
    if entity.written is not None:
        entity.written(drafts)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return [(draft, draft.changes()) for draft in drafts]


def _channels(drafts: list[Draft]) -> dict[tuple[Any, str], list[tuple[Any, ...]]]:
    """Return e-mails and phones of new records by their table and its link to the record."""
    found: dict[tuple[Any, str], list[tuple[Any, ...]]] = defaultdict(list)
    for draft in drafts:
        for field in draft.channels():
            manager = getattr(draft.record, field.path)
            found[manager.model, manager.field.name] += [
                (draft.record.pk, *values)
                for values in fresh_values(field, draft.values[field.name])
            ]
    return found


def _memberships(drafts: list[Draft]) -> dict[tuple[Any, str, str], list[tuple[int, int]]]:
    """Return several links of new records by their table and its two links."""
    found: dict[tuple[Any, str, str], list[tuple[int, int]]] = defaultdict(list)
    for draft in drafts:
        for field in draft.many_links():
            relation: Any = type(draft.record)._meta.get_field(field.path)
            ends = (relation.m2m_field_name(), relation.m2m_reverse_field_name())
            found[relation.remote_field.through, ends[0], ends[1]] += [
                (draft.record.pk, pk) for pk in draft.values[field.name]
            ]
    return found


def _add_members(model: Any, near: str, far: str, pairs: list[tuple[int, int]]) -> None:
    model._base_manager.bulk_create(
        [model(**{f"{near}_id": one, f"{far}_id": other}) for one, other in pairs],
        batch_size=1_000,
    )


def _alone(
    entity: Entity,
    user: Any,
    values: Values,
    known: Known,
    acts: list[tuple[Draft, list[Change]]],
) -> Any:
    """Add one record by itself, because a rule of the database forbids one of its chunk."""
    written = save_alone(_draft(entity, user, values, known, entity.model(created_by=user)))
    if isinstance(written, CrmError):
        return written
    acts.append((written, written.changes()))
    return written.record
