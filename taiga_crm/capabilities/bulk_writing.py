"""Write the same values to many locked records: at once where possible, else one by one."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.bulk_answers import Result, refusal
from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.field_rules import standing_before
from taiga_crm.capabilities.links import check_links
from taiga_crm.capabilities.plain_edit import derive, prepare_draft, save_draft
from taiga_crm.capabilities.stored_rows import columns, write_columns_of
from taiga_crm.kernel.errors import CrmError, WrongState
from taiga_crm.registry.entity import Entity


class Shared:
    """The values of a bulk change, and the linked rows that all its records get."""

    def __init__(self, entity: Entity, user: Any, values: dict[str, Any]) -> None:
        self.entity, self.user, self.values = entity, user, values
        self._targets: dict[str, Any] = {}

    def look_up(self) -> None:
        """Read the linked rows once; InvalidInput for the whole change when one is not there.

        A record without links asks, so that nothing passes because it is linked already.
        """
        probe = Draft(self.entity, self.entity.model(), dict(self.values), self.user, creating=True)
        check_links(probe)
        self._targets = {
            name: getattr(probe.record, probe.fields[name].path.removesuffix("_id"))
            if value
            else None
            for name, value in self.values.items()
            if probe.fields[name].kind == "link" and not probe.fields[name].column
        }

    def draft(self, record: Any) -> Draft:
        """Return the draft of one record."""
        return Draft(self.entity, record, dict(self.values), self.user, creating=False)

    def give_links(self, draft: Draft) -> None:
        """Put the linked rows on a record, so that nobody reads them again."""
        for name, target in self._targets.items():
            draft.take_link(draft.fields[name], target)


def write_all(rows: list[Any], shared: Shared, results: dict[int, Result]) -> list[Draft]:
    """Write all rows in a few statements; return the drafts of those that changed."""
    changed: list[tuple[Draft, dict[str, Any]]] = []
    for row in rows:
        stored = {column.attname: getattr(row, column.attname) for column in columns(type(row))}
        draft = shared.draft(row)
        try:
            before = standing_before(draft)
            shared.give_links(draft)
            prepare_draft(draft, before)
        except CrmError as error:
            results[row.pk] = refusal(row.pk, error)
            continue
        if not draft.changes():
            results[row.pk] = {"id": row.pk, "status": "unchanged", "version": row.version}
            continue
        derive(draft)
        row.version += 1
        changed.append((draft, stored))
    _update(changed)
    drafts = [draft for draft, _stored in changed]
    if drafts and shared.entity.written is not None:
        shared.entity.written(drafts)
    for draft in drafts:
        results[draft.record.pk] = _changed(draft.record)
    return drafts


def write_each(rows: list[Any], shared: Shared, results: dict[int, Result]) -> list[Draft]:
    """Write one row after the other, each refused or written for itself."""
    drafts = []
    for row in rows:
        try:
            with transaction.atomic():
                draft = shared.draft(row)
                version = row.version
                save_draft(draft)
        except CrmError as error:
            results[row.pk] = refusal(row.pk, error)
        except IntegrityError:
            taken = WrongState(_("This is not possible or exists already."))
            results[row.pk] = refusal(row.pk, taken)
        else:
            if row.version == version:
                results[row.pk] = {"id": row.pk, "status": "unchanged", "version": version}
                continue
            results[row.pk] = _changed(row)
            drafts.append(draft)
    return drafts


def _update(changed: list[tuple[Draft, dict[str, Any]]]) -> None:
    """Write the columns that changed, the same values and different ones, in one statement."""
    if not changed:
        return
    records = [draft.record for draft, _stored in changed]
    model = type(records[0])
    touched = {
        name
        for draft, stored in changed
        for name, old in stored.items()
        if getattr(draft.record, name) != old
    }
    touched -= {"version", "modified_at"}
    same = {
        name: getattr(records[0], name)
        for name in touched
        if len({_hashable(getattr(one, name)) for one in records}) == 1
    }
    varied = sorted(touched - set(same))
    same["modified_at"] = records[0].modified_at
    write_columns_of(model, records, same, varied)


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, (list, dict)) else value


def _changed(record: Any) -> Result:
    return {"id": record.pk, "status": "changed", "version": record.version}
