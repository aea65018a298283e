"""Write the rows of a chunk: new records together, known ones where something differs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.import_changing import Changer
from taiga_crm.capabilities.import_links import Links
from taiga_crm.capabilities.import_rows import CREATED, Row
from taiga_crm.capabilities.import_values import SEVERAL, Chosen, Filling, Values, together
from taiga_crm.capabilities.mass_writing import create_many
from taiga_crm.capabilities.plain_edit import is_missing, parse_value
from taiga_crm.kernel.errors import CrmError
from taiga_crm.permissions.decide import outcome_for
from taiga_crm.registry.entity import Entity


class Writer:
    """Writes rows that have been read and recognized, and says on each what became of it."""

    def __init__(
        self, entity: Entity, user: Any, setting: Chosen, links: Links, headers: dict[str, str]
    ) -> None:
        self.entity, self.user, self.setting, self.links = entity, user, setting, links
        self.records: dict[int, Any] = {}  # of the last chunk
        self.may_add = outcome_for(entity, user, "add") is not False
        self.filling = Filling(entity, user, setting, links, headers)
        self.changer = Changer(self.filling)
        self.base = self._base()
        fields = self.filling.fields.values()
        self.needed = [one for one in fields if is_missing(one, None)]

    def write(self, rows: list[Row]) -> None:
        """Write a chunk."""
        for row in rows:
            if not row.refused:
                self._check_mode(row)
        good = [row for row in rows if not row.refused]
        self.records = self._create([row for row in good if row.known is None])
        self.records.update(self.changer.change([row for row in good if row.known is not None]))

    def _check_mode(self, row: Row) -> None:
        if row.known is None and self.setting.mode == "update":
            row.refuse("", row.name, _("No record matches this row."))
        elif row.known is not None and self.setting.mode == "create":
            row.refuse("", row.name, _("This record exists already."))
        elif row.known is None and not self.may_add:
            row.refuse("", "", _("You may not add this."))

    def _base(self) -> Values:
        """Return what a new record has where the file says nothing."""
        fields = self.filling.fields
        values = {name: parse_value(field, field.default) for name, field in fields.items()}
        for name, field in fields.items():
            if field.prefill == "first" and field.required:
                row = self.links.default(field)
                values[name] = None if row is None else row.pk
        for name, place in self.filling.place.items():
            if name in values:
                values[name] = place
        return values

    def _create(self, rows: list[Row]) -> dict[int, Any]:
        several = []
        for row in rows:
            values = self._new_values(row)
            if not row.refused:
                several.append((row, values))
        found = create_many(
            self.entity, self.user, [v for _row, v in several], self.links.rows, self.links.mass
        )
        records = {}
        for (row, _values), record in zip(several, found, strict=True):
            if isinstance(record, CrmError):
                row.refuse_for(record, self.filling.labels)
                continue
            row.outcome, row.object_id, row.version = CREATED, record.pk, record.version
            records[record.pk] = record
        return records

    def _new_values(self, row: Row) -> Values:
        filling = self.filling
        values = {**self.base, **row.values}
        for name, place in filling.place.items():
            if name in row.values:
                values[name] = [*row.values[name], *place]
        values.update(filling.name_parts(row, filling.type_of(values)))
        for name, value in row.values.items():
            if value and filling.fields[name].kind in SEVERAL:
                values[name] = together(filling.fields[name], values[name])
        for field in self.needed:
            if values[field.name] in (None, "", []) and not row.refused:
                row.refuse(filling.labels[field.name], "", _("This field is required."))
        return values
