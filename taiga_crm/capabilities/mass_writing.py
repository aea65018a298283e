"""Write many new records at once: every rule is asked, every row has its history and its keys.

The rules are those of a single write: drafts are prepared one by one. What they need is read
for all of them before, and the rows are copied into their tables together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening, Mass, announce_many
from taiga_crm.capabilities.channels import fresh_rows
from taiga_crm.capabilities.copying import copy_new, copy_records, new_keys
from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.field_rules import standing_before
from taiga_crm.capabilities.history import Change, history_entry
from taiga_crm.capabilities.links import check_links
from taiga_crm.capabilities.plain_edit import derive, foresee, prepare_draft, save_draft
from taiga_crm.kernel.errors import CrmError, WrongState
from taiga_crm.registry.entity import Entity

Known = Mapping[tuple[str, int], Any]
Values = dict[str, Any]


def create_many(
    entity: Entity, user: Any, several: Sequence[Values], known: Known, mass: Mass
) -> list[Any]:
    """Add records of parsed values; return for each the record, or the CrmError that refused it.

    The caller has asked whether the person may add records of the kind.
    """
    drafts = [_draft(entity, user, values, known) for values in several]
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
    entries = [history_entry(entity.key, one.record, user, name, how) for one, how in acts]
    copy_new(entries)
    announce_many([Happening(entity, one.record, verb, user, how, mass=mass) for one, how in acts])


def _draft(entity: Entity, user: Any, values: Values, known: Known) -> Draft:
    draft = Draft(entity, entity.model(created_by=user), dict(values), user, creating=True)
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
    for rows in _hanging(drafts).values():
        copy_new(rows)
    if entity.written is not None:
        entity.written(drafts)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return [(draft, draft.changes()) for draft in drafts]


def _hanging(drafts: list[Draft]) -> dict[Any, list[Any]]:
    """Return e-mails, phones and several links of new records as rows of their tables."""
    found: dict[Any, list[Any]] = {}
    for draft in drafts:
        for field in draft.channels():
            rows = fresh_rows(draft.record, field, draft.values[field.name])
            found.setdefault(getattr(draft.record, field.path).model, []).extend(rows)
        for field in draft.many_links():
            relation: Any = type(draft.record)._meta.get_field(field.path)
            through = relation.remote_field.through
            near, far = relation.m2m_field_name(), relation.m2m_reverse_field_name()
            found.setdefault(through, []).extend(
                through(**{f"{near}_id": draft.record.pk, f"{far}_id": pk})
                for pk in draft.values[field.name]
            )
    return found


def _alone(
    entity: Entity,
    user: Any,
    values: Values,
    known: Known,
    acts: list[tuple[Draft, list[Change]]],
) -> Any:
    """Add one record by itself, because a rule of the database forbids one of its chunk."""
    draft = _draft(entity, user, values, known)
    try:
        with transaction.atomic():
            save_draft(draft)
    except CrmError as refusal:
        return refusal
    except IntegrityError:
        return WrongState(_("This is not possible or exists already."))
    acts.append((draft, draft.changes()))
    return draft.record
