"""What a row says about a record, new or known: its fields, parts of a name, several values."""

from __future__ import annotations

from typing import Any, Protocol

from taiga_crm.capabilities.channels import channel_key
from taiga_crm.capabilities.draft import CHANNELS
from taiga_crm.capabilities.import_links import Links
from taiga_crm.capabilities.import_rows import Row
from taiga_crm.capabilities.import_texts import one_line
from taiga_crm.capabilities.plain_edit import parse_value, taken_fields
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import ValueFault

SEVERAL = frozenset({"emails", "phones", "links", "tags"})
Values = dict[str, Any]


class Chosen(Protocol):
    """What a writer asks of the settings of an import."""

    mode: str
    key: str
    empty: str


class Filling:
    """Knows for one import which fields rows may fill, and where its records are put."""

    def __init__(
        self, entity: Entity, user: Any, setting: Chosen, links: Links, headers: dict[str, str]
    ) -> None:
        self.entity, self.user, self.setting, self.links = entity, user, setting, links
        self.fields = {one.name: one for one in taken_fields(entity, user, creating=True)}
        self.place = links.place_of(entity)
        self.sent = {*headers, *self.place}
        self.labels = {name: headers.get(name) or str(one.label)
                       for name, one in fields_for(entity, user).items()}  # fmt: skip

    def type_of(self, values: Values) -> Any:
        """Return the row of the type that values name, where the kind has types."""
        name = self.entity.type_field
        if not name or name not in self.fields:
            return None
        target = self.fields[name].target or ""
        return self.links.rows.get((target, values.get(name) or 0))

    def name_parts(self, row: Row, kind: Any) -> Values:
        """Return the parts of a whole name; one that cannot be stored refuses the row."""
        split, part = self.entity.split_name, row.parts.get(self.entity.name_field)
        if split is None or part is None:
            return {}
        column, text = part
        values = {}
        for name, piece in split(one_line(str(text)), kind).items():
            try:
                values[name] = parse_value(self.fields[name], piece)
            except ValueFault as fault:
                row.refuse(column.header, text, str(fault))
        return values


def together(field: Field, values: list[Any]) -> list[Any]:
    """Return several values each once, exactly one address or number of them primary."""
    if field.kind not in CHANNELS:
        return list(dict.fromkeys(values))
    if len(values) == 1:
        return [{**values[0], "is_primary": True}]
    rows: dict[str, Any] = {}
    for one in values:
        rows.setdefault(channel_key(field, one["value"]), {**one})
    primary = next((place for place, one in enumerate(rows.values()) if one["is_primary"]), 0)
    return [{**one, "is_primary": place == primary} for place, one in enumerate(rows.values())]
