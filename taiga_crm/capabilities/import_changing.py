"""Change the known records of a chunk's rows, all together, where something differs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.channels import channel_key, read_channels
from taiga_crm.capabilities.draft import CHANNELS, Draft
from taiga_crm.capabilities.history import Change
from taiga_crm.capabilities.import_rows import LINKED, UNCHANGED, UPDATED, Row
from taiga_crm.capabilities.import_values import SEVERAL, Filling, Values, together
from taiga_crm.capabilities.mass_changing import change_many, lock_whole
from taiga_crm.capabilities.mass_writing import tell_many
from taiga_crm.capabilities.plain_edit import is_missing
from taiga_crm.kernel.errors import CrmError
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kinds import KINDS

LINK_KINDS = frozenset({"link", "links"})
CHANNEL_KEYS = ("value", "type", "is_primary")
Act = tuple[Draft, list[Change]]


class Changer:
    """Gives known records what rows say, and says on each row what became of it."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling
        self.entity, self.user, self.fields = filling.entity, filling.user, filling.fields
        self.written = [one for one in self.fields.values() if one.name in filling.sent]

    def change(self, rows: list[Row]) -> dict[int, Any]:
        """Write the rows whose records differ; return the records by their ids."""
        if not rows:
            return {}
        records = self._locked(rows)
        differing: list[tuple[Row, Draft, Values]] = []
        for row in rows:
            record = records.get(row.known or 0)
            if record is None:
                row.refuse("", row.name, _("The record was deleted meanwhile."))
                continue
            row.object_id, row.version = record.pk, record.version
            values = self._values(row, record)
            draft = self._draft(record, values)
            if not row.refused and self._differs(row, draft):
                differing.append((row, draft, values))
        self._write(differing)
        return records

    def _locked(self, rows: list[Row]) -> dict[int, Any]:
        found = rows_for(self.entity, self.user).filter(pk__in=[row.known for row in rows])
        return {one.pk: one for one in lock_whole(found, self.entity, self.user, self.written)}

    def _differs(self, row: Row, draft: Draft) -> bool:
        """Say whether there is something to write, and the person may write it."""
        if not draft.differing():
            row.outcome = UNCHANGED
        elif not draft.record.allowed:
            row.refuse("", "", _("You may not do this."))
        else:
            try:
                require_open(self.user, draft.record.places)
            except CrmError as refusal:
                row.refuse_for(refusal, self.filling.labels)
        return row.outcome == ""

    def _draft(self, record: Any, values: Values) -> Draft:
        draft = Draft(self.entity, record, dict(values), self.user, creating=False)
        draft.known = self.filling.links.rows
        return draft

    def _write(self, differing: list[tuple[Row, Draft, Values]]) -> None:
        wanted = {draft.record.pk: values for _row, draft, values in differing}
        drafts = {draft.record.pk: draft for _row, draft, _values in differing}

        def draft_of(one: Any) -> Draft:
            if one.pk in drafts:
                return drafts.pop(one.pk)
            return self._draft(one, wanted[one.pk])

        written = change_many([draft.record for draft in drafts.values()], draft_of)
        acts: list[Act] = []
        for (row, _draft, _values), one in zip(differing, written, strict=True):
            if isinstance(one, CrmError):
                row.refuse_for(one, self.filling.labels)
            else:
                self._tell(row, one, acts)
        tell_many(self.entity, self.user, "change", acts, self.filling.links.mass)

    def _tell(self, row: Row, draft: Draft, acts: list[Act]) -> None:
        changes = draft.changes()
        row.version = draft.record.version
        if not changes:
            row.outcome = UNCHANGED
            return
        kinds = {draft.fields[one["field"]].kind for one in changes}
        row.outcome = LINKED if kinds <= LINK_KINDS else UPDATED
        row.before = before_of(draft, changes)
        acts.append((draft, changes))

    def _values(self, row: Row, record: Any) -> Values:
        filling = self.filling
        values = {name: one for name, one in row.values.items() if name in self.fields}
        values = {name: one for name, one in values.items() if not self.fields[name].create_only}
        by_name = row.by_name or filling.setting.key == self.entity.name_field
        if by_name:  # a name is no proof: how its people wrote it, and the type, stay
            for name in (*self.entity.name_parts, self.entity.name_field, self.entity.type_field):
                values.pop(name, None)
        else:
            kind = filling.type_of(values) or getattr(record, self.entity.type_field or "pk")
            values.update(filling.name_parts(row, kind))
        for name in [name for name in values if self.fields[name].kind in SEVERAL]:
            values[name] = self._several(record, row, self.fields[name], values[name])
        for name, place in filling.place.items():
            stored = values.get(name, list(getattr(record, self.fields[name].path)))
            values[name] = list(dict.fromkeys([*stored, *place]))
        for name, value in values.items():
            if is_missing(self.fields[name], value):
                row.refuse(filling.labels[name], "", _("This field is required."))
        return values

    def _several(self, record: Any, row: Row, field: Field, written: list[Any]) -> list[Any]:
        """Return the stored values and the new ones after them; the file's alone when it rules.

        A number that is known already gets the type that the file names.
        """
        if self.filling.setting.empty == "clear":
            return together(field, written)
        stored = stored_several(record, field)
        if field.kind not in CHANNELS:
            return list(dict.fromkeys([*stored, *written]))
        known = {channel_key(field, one["value"]): one for one in stored}
        fresh = [one for one in written if channel_key(field, one["value"]) not in known]
        for value, kind in reversed(row.typed.get(field.name, {}).items()):
            if (one := known.get(channel_key(field, value))) is not None:
                one["type"] = kind
        return together(field, [*stored, *({**one, "is_primary": False} for one in fresh)])


def stored_several(record: Any, field: Field) -> list[Any]:
    """Return the stored values of a field that has several, as input would give them."""
    if field.column:
        return list(getattr(record, field.column).get(field.name) or ())
    if field.kind in CHANNELS:
        return [{k: one[k] for k in CHANNEL_KEYS} for one in read_channels(record, field)]
    value = getattr(record, field.path)
    return [one.pk for one in value.all()] if hasattr(value, "all") else list(value or ())


def before_of(draft: Draft, changes: list[Change]) -> Values:
    """Return what the changed fields were, so that an undo can put them back."""
    return {one["field"]: shown_before(draft, one["field"]) for one in changes}


def shown_before(draft: Draft, name: str) -> Any:
    """Return what a field was, as input would give it."""
    field, value = draft.fields[name], draft.before(name)
    if field.kind in CHANNELS:
        return [{k: one[k] for k in CHANNEL_KEYS} for one in value or ()]
    if field.kind in LINK_KINDS:
        return value
    return KINDS[field.kind].show(value)
