"""Write the rows of a chunk: new records together, known ones where something differs."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.channels import channel_key
from taiga_crm.capabilities.draft import CHANNELS, Draft
from taiga_crm.capabilities.history import Change
from taiga_crm.capabilities.import_links import Links
from taiga_crm.capabilities.import_rows import CREATED, LINKED, UNCHANGED, UPDATED, Row
from taiga_crm.capabilities.mass_writing import create_many, tell_many
from taiga_crm.capabilities.plain_edit import is_missing, parse_value, save_draft, taken_fields
from taiga_crm.kernel.errors import CrmError
from taiga_crm.permissions.decide import outcome_for, rows_for, with_flag
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, ValueFault

LINK_KINDS = frozenset({"link", "links"})
SEVERAL = frozenset({"emails", "phones", "links", "tags"})
Values = dict[str, Any]


class Chosen(Protocol):
    """What a writer asks of the settings of an import."""

    mode: str
    key: str
    empty: str


class Writer:
    """Writes rows that have been read and recognized, and says on each what became of it."""

    def __init__(
        self, entity: Entity, user: Any, setting: Chosen, links: Links, headers: dict[str, str]
    ) -> None:
        self.entity, self.user, self.setting, self.links = entity, user, setting, links
        self.headers = headers
        self.records: dict[int, Any] = {}  # of the last chunk
        self.may_add = outcome_for(entity, user, "add") is not False
        self.fields = {one.name: one for one in taken_fields(entity, user, creating=True)}
        self.place = links.place_of(entity)
        self.base = self._base()
        self.needed = [one for one in self.fields.values() if is_missing(one, None)]
        self.labels = {name: headers.get(name) or str(one.label)
                       for name, one in fields_for(entity, user).items()}  # fmt: skip

    def write(self, rows: list[Row]) -> None:
        """Write a chunk."""
        self.records = {}
        for row in rows:
            if not row.refused:
                self._check_mode(row)
        self._create([row for row in rows if not row.refused and row.known is None])
        self._change([row for row in rows if not row.refused and row.known is not None])

    def _check_mode(self, row: Row) -> None:
        if row.known is None and self.setting.mode == "update":
            row.refuse("", row.name, _("No record matches this row."))
        elif row.known is not None and self.setting.mode == "create":
            row.refuse("", row.name, _("This record exists already."))
        elif row.known is None and not self.may_add:
            row.refuse("", "", _("You may not add this."))

    def _base(self) -> Values:
        """Return what a new record has where the file says nothing."""
        values = {name: parse_value(field, field.default) for name, field in self.fields.items()}
        for name, field in self.fields.items():
            if field.prefill == "first" and field.required:
                row = self.links.default(field)
                values[name] = None if row is None else row.pk
        for name, place in self.place.items():
            if name in values:
                values[name] = place
        return values

    def _create(self, rows: list[Row]) -> None:
        several = []
        for row in rows:
            values = self._new_values(row)
            if not row.refused:
                several.append((row, values))
        found = create_many(
            self.entity, self.user, [v for _row, v in several], self.links.rows, self.links.mass
        )
        for (row, _values), record in zip(several, found, strict=True):
            if isinstance(record, CrmError):
                row.refuse_for(record, self.labels)
                continue
            row.outcome, row.object_id, row.version = CREATED, record.pk, record.version
            self.records[record.pk] = record

    def _new_values(self, row: Row) -> Values:
        values = {**self.base, **row.values}
        for name, place in self.place.items():
            if name in row.values:
                values[name] = [*row.values[name], *place]
        kind = self._type(values)
        values.update(self._name_parts(row, kind))
        for name, value in row.values.items():
            if value and self.fields[name].kind in SEVERAL:
                values[name] = _together(self.fields[name], values[name])
        for field in self.needed:
            if values[field.name] in (None, "", []) and not row.refused:
                row.refuse(self.labels[field.name], "", _("This field is required."))
        return values

    def _type(self, values: Values) -> Any:
        name = self.entity.type_field
        if not name or name not in self.fields:
            return None
        target = self.fields[name].target or ""
        return self.links.rows.get((target, values.get(name) or 0))

    def _name_parts(self, row: Row, kind: Any) -> Values:
        """Return the parts of a whole name; one that cannot be stored refuses the row."""
        split, part = self.entity.split_name, row.parts.get(self.entity.name_field)
        if split is None or part is None:
            return {}
        column, text = part
        values = {}
        for name, piece in split(str(text), kind).items():
            try:
                values[name] = parse_value(self.fields[name], piece)
            except ValueFault as fault:
                row.refuse(column.header, text, str(fault))
        return values

    def _change(self, rows: list[Row]) -> None:
        if not rows:
            return
        records = self._locked(rows)
        acts: list[tuple[Draft, list[Change]]] = []
        for row in rows:
            record = records.get(row.known or 0)
            if record is None:
                row.refuse("", row.name, _("The record was deleted meanwhile."))
                continue
            row.object_id, row.version = record.pk, record.version
            self.records[record.pk] = record
            draft = self._changed_draft(row, record)
            if draft is None:
                continue
            if not record.allowed:
                row.refuse("", "", _("You may not do this."))
                continue
            self._save(row, draft, acts)
        tell_many(self.entity, self.user, "change", acts, self.links.mass)

    def _save(self, row: Row, draft: Draft, acts: list[tuple[Draft, list[Change]]]) -> None:
        try:
            with transaction.atomic():
                save_draft(draft)
        except CrmError as refusal:
            row.refuse_for(refusal, self.labels)
            return
        except IntegrityError:
            row.refuse("", row.name, _("This is not possible or exists already."))
            return
        changes = draft.changes()
        row.version = draft.record.version
        if not changes:
            row.outcome = UNCHANGED
            return
        kinds = {draft.fields[one["field"]].kind for one in changes}
        row.outcome = LINKED if kinds <= LINK_KINDS else UPDATED
        row.before = {one["field"]: shown_before(draft, one["field"]) for one in changes}
        acts.append((draft, changes))

    def _locked(self, rows: list[Row]) -> dict[int, Any]:
        """Return the records with all that is compared, in a few queries."""
        found = with_flag(rows_for(self.entity, self.user), self.entity, self.user, "change")
        fields = fields_for(self.entity, None).values()
        relations = [one.path.removesuffix("_id") for one in fields
                     if one.kind == "link" and one.name in self.fields]  # fmt: skip
        children = [one.path for one in fields
                    if one.kind in CHANNELS or self._is_many(one)]  # fmt: skip
        found = found.filter(pk__in=[row.known for row in rows]).order_by("pk")
        found = found.select_related(*relations) if relations else found
        found = found.prefetch_related(*children).select_for_update(of=("self",))
        return {one.pk: one for one in found}

    def _is_many(self, field: Field) -> bool:
        options: Any = self.entity.model._meta
        many = {one.name for one in options.many_to_many}
        return field.kind == "links" and field.path in many

    def _changed_draft(self, row: Row, record: Any) -> Draft | None:
        """Return the draft of a record that differs; None, with the outcome told, otherwise."""
        values = self._values_for(row, record)
        if row.refused:
            return None
        draft = Draft(self.entity, record, values, self.user, creating=False)
        draft.known = self.links.rows
        if not draft.differing():
            row.outcome = UNCHANGED
            return None
        return draft

    def _values_for(self, row: Row, record: Any) -> Values:
        values = {name: one for name, one in row.values.items() if name in self.fields}
        values = {name: one for name, one in values.items() if not self.fields[name].create_only}
        by_name = row.by_name or self.setting.key == self.entity.name_field
        if by_name:  # a name is no proof: how its people wrote it, and the type, stay
            for name in (*self.entity.name_parts, self.entity.name_field, self.entity.type_field):
                values.pop(name, None)
        else:
            kind = self._type(values) or getattr(record, self.entity.type_field or "pk")
            values.update(self._name_parts(row, kind))
        for name, field in self.fields.items():
            if field.kind in SEVERAL and name in values:
                values[name] = self._several(record, field, values[name])
        for name, place in self.place.items():
            stored = values.get(name, list(getattr(record, self.fields[name].path)))
            values[name] = list(dict.fromkeys([*stored, *place]))
        for name, value in values.items():
            if is_missing(self.fields[name], value):
                row.refuse(self.labels[name], "", _("This field is required."))
        return values

    def _several(self, record: Any, field: Field, written: list[Any]) -> list[Any]:
        """Return the stored values and the new ones after them; the file's alone when it rules."""
        if self.setting.empty == "clear":
            return _together(field, written)
        stored = stored_several(record, field)
        if field.kind not in CHANNELS:
            return list(dict.fromkeys([*stored, *written]))
        known = {channel_key(field, one["value"]) for one in stored}
        fresh = [one for one in written if channel_key(field, one["value"]) not in known]
        return _together(field, [*stored, *({**one, "is_primary": False} for one in fresh)])


def stored_several(record: Any, field: Field) -> list[Any]:
    """Return the stored values of a field that has several, as input would give them."""
    draft_value = getattr(record, field.path) if not field.column else None
    if field.column:
        return list(getattr(record, field.column).get(field.name) or ())
    if field.kind in CHANNELS:
        return [
            {"value": one.value, "type": one.type, "is_primary": one.is_primary}
            for one in draft_value.all()
        ]
    if hasattr(draft_value, "all"):
        return [one.pk for one in draft_value.all()]
    return list(draft_value or ())


def shown_before(draft: Draft, name: str) -> Any:
    """Return what a field was, as input would give it."""
    field, value = draft.fields[name], draft.before(name)
    if field.kind in CHANNELS:
        return [{k: one[k] for k in ("value", "type", "is_primary")} for one in value or ()]
    if field.kind in LINK_KINDS:
        return value
    return KINDS[field.kind].show(value)


def _together(field: Field, values: list[Any]) -> list[Any]:
    if field.kind not in CHANNELS:
        return list(dict.fromkeys(values))
    if len(values) == 1:
        return [{**values[0], "is_primary": True}]
    rows: dict[str, Any] = {}
    for one in values:
        rows.setdefault(channel_key(field, one["value"]), {**one})
    primary = next((place for place, one in enumerate(rows.values()) if one["is_primary"]), 0)
    return [{**one, "is_primary": place == primary} for place, one in enumerate(rows.values())]
