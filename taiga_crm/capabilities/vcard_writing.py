"""Records as vCards: the card a record came with, overlaid by what the record says now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from taiga_crm.capabilities.channels import channel_key
from taiga_crm.capabilities.listing import RowReader
from taiga_crm.capabilities.sources import text
from taiga_crm.capabilities.vcard_cards import write_card
from taiga_crm.capabilities.vcard_channels import channel_line, type_of
from taiga_crm.capabilities.vcard_mapping import (
    ADDRESS,
    CHANNELS,
    NAMES,
    ORGANISATION,
    mapping_of,
)
from taiga_crm.capabilities.vcard_text import Line, escaped, structured
from taiga_crm.capabilities.vcard_uid import own_uid
from taiga_crm.models import VcardKept
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field

CHUNK = 200
OURS = frozenset({"FN", "UID", "KIND", "X-ABSHOWAS", "REV", "PRODID"})
PRODUCT = "-//taiga_crm//Taiga CRM//EN"
Rows = dict[Any, list[dict[str, Any]]]


def cards_of(entity: Entity, user: Any, ids: list[int], version: str) -> Iterator[bytes]:
    """Yield the cards of visible records, in the order of the ids, a chunk at a time."""
    writer = _Writer(entity, user, version)
    for start in range(0, len(ids), CHUNK):
        yield writer.chunk(ids[start : start + CHUNK])


class _Writer:
    """Knows the mapping and the reader of one export."""

    def __init__(self, entity: Entity, user: Any, version: str) -> None:
        self.entity, self.user, self.version = entity, user, version
        fields = fields_for(entity, user)
        self.mapped = mapping_of(entity)
        self.seen = {name: prop for name, prop in self.mapped.items() if name in fields}
        plain = [name for name in self.seen if fields[name].kind not in CHANNELS]
        self.reader = RowReader(entity, user, tuple(dict.fromkeys((*plain, entity.name_field))))
        self.channels = [fields[name] for name in self.seen if fields[name].kind in CHANNELS]

    def chunk(self, ids: list[int]) -> bytes:
        """Return the cards of some records."""
        names = [*self.reader.names, "modified_at"]
        rows = rows_for(self.entity, self.user).filter(pk__in=ids)
        rows = rows.annotate(**self.reader.annotations).values_list(*names)
        found = {row[0]: row for row in rows}
        channels = {field.name: _channel_rows(self.entity, field, ids) for field in self.channels}
        kept = {
            one.object_id: one
            for one in VcardKept.objects.filter(kind=self.entity.key, object_id__in=ids)
        }
        cards = []
        for pk in ids:
            if pk in found:
                flags = self.reader.flags(found[pk])
                own = {
                    name: [] if "hidden" in flags.get(name, ()) else rows[pk]
                    for name, rows in channels.items()
                }
                cards.append(write_card(self._lines(found[pk], own, kept.get(pk)), self.version))
        return b"".join(cards)

    def _lines(self, row: tuple[Any, ...], channels: Rows, kept: VcardKept | None) -> list[Line]:
        former = [line_of(one) for one in kept.lines] if kept is not None else []
        values = self._texts(row)
        name = values[self.entity.name_field]
        by_property = {prop: values.get(field, "") for field, prop in self.seen.items()}
        is_org = self.entity.vcard is not None and self.entity.vcard.kind == "org"
        overlay = _Overlay(former, by_property, set(self.mapped.values()))
        uid = (kept.uid if kept is not None else "") or own_uid(self.entity.key, row[0])
        lines = [Line("PRODID", PRODUCT), Line("UID", escaped(uid))]
        if is_org:
            four = self.version == "4.0"
            lines.append(Line("KIND", "org") if four else Line("X-ABShowAs", "COMPANY"))
        elif self.version == "4.0":
            lines.append(Line("KIND", "individual"))
        lines.append(Line("FN", escaped(overlay.full_name(name))))
        lines += overlay.names(name, is_org=is_org) + overlay.organisation() + overlay.singles()
        for field in self.channels:
            lines += overlay.channels(field, channels[field.name], self.version)
        lines += overlay.address() + overlay.rest()
        return [*lines, Line("REV", f"{row[-1]:%Y%m%dT%H%M%SZ}")]

    def _texts(self, row: tuple[Any, ...]) -> dict[str, str]:
        position, found = self.reader.start, {}
        for spec, source in zip(self.reader.fields, self.reader.sources, strict=True):
            found[spec.name] = text(spec, row[position : position + len(source.names)])
            position += len(source.names)
        return found


class _Overlay:
    """Takes properties of the former card where the record still says the same."""

    def __init__(self, former: list[Line], values: Mapping[str, str], mapped: set[str]) -> None:
        self.former = [line for line in former if line.name not in OURS - {"FN"}]
        self.values, self.mapped = values, mapped

    def full_name(self, name: str) -> str:
        """Return the former full name as long as it is about the same names."""
        line, own = self._take("FN"), [self.values.get(one, "") for one in NAMES[:2]]
        n = next((one for one in self.former if one.name == "N"), None)
        same = n is not None and [*n.parts(), "", ""][:2] == own
        return line.text() if line is not None and same and any(own) else name

    def names(self, name: str, *, is_org: bool) -> list[Line]:
        """Return N; 3.0 needs one for everybody."""
        parts = self._parts("N", NAMES, 5)
        if not any(parts):
            parts = [name, "", "", "", ""]
        return [Line("N", structured(parts))]

    def organisation(self) -> list[Line]:
        """Return ORG with further units of the former card."""
        parts = self._parts("ORG", ORGANISATION, 2)
        while parts and not parts[-1]:
            parts.pop()
        return [Line("ORG", structured(parts))] if parts else []

    def address(self) -> list[Line]:
        """Return the address, when the mapping has one."""
        if not self.mapped & set(ADDRESS):
            return []
        line = self._peek("ADR")
        parts = self._parts("ADR", ADDRESS, 7)
        params = line.params if line is not None else (("TYPE", "WORK"),)
        return [Line("ADR", structured(parts), params)] if any(parts) else []

    def singles(self) -> list[Line]:
        """Return properties that hold one text."""
        lines = []
        for prop in sorted(self.mapped):
            if "." in prop or prop in CHANNELS.values():
                continue
            former, value = self._take(prop), self.values.get(prop, "")
            if prop == "IMPP" and value and ":" not in value:
                value = f"im:{quote(value, safe='')}"
            if value:
                params, group = (former.params, former.group) if former else ((), "")
                lines.append(Line(prop, escaped(value), params, group))
        return lines

    def channels(self, field: Field, rows: list[dict[str, Any]], version: str) -> list[Line]:
        """Return e-mails or phones; one that the former card had keeps its parameters."""
        prop = CHANNELS[field.kind]
        former = {channel_key(field, value_of(line)): line for line in self.former
                  if line.name == prop}  # fmt: skip
        self.former = [line for line in self.former if line.name != prop]
        lines = []
        for row in rows:
            before = former.get(channel_key(field, row["value"]))
            line = channel_line(prop, row, version)
            if before is not None and type_of(prop, before) == row["type"]:
                line = replace(before, value=line.value)
            lines.append(line)
        return lines

    def rest(self) -> list[Line]:
        """Return what the former card has beside; nothing of a field that may be hidden here."""
        hidden = {prop.partition(".")[0] for prop in self.mapped} & {"EMAIL", "TEL", "N", "ORG"}
        return [line for line in self.former if line.name not in hidden and line.name != "FN"]

    def _parts(self, name: str, properties: tuple[str, ...], size: int) -> list[str]:
        line = self._take(name) if any(one in self.mapped for one in properties) else None
        parts = [*(line.parts() if line is not None else ()), *[""] * size]
        parts = parts[: max(size, len(line.parts()) if line is not None else 0)]
        for place, prop in enumerate(properties):
            if prop in self.mapped:
                parts[place] = self.values.get(prop, "")
        return parts

    def _peek(self, name: str) -> Line | None:
        return next((line for line in self.former if line.name == name), None)

    def _take(self, name: str) -> Line | None:
        line = self._peek(name)
        if line is not None:
            self.former.remove(line)
        return line


def line_of(kept: dict[str, Any]) -> Line:
    """Return a line as it was kept."""
    params = tuple((name, value) for name, value in kept["params"])
    return Line(kept["name"], kept["value"], params, kept["group"])


def kept_of(line: Line) -> dict[str, Any]:
    """Return a line as JSON."""
    return {"name": line.name, "value": line.value, "params": [list(one) for one in line.params],
            "group": line.group}  # fmt: skip


def value_of(line: Line) -> str:
    """Return an address or number without its scheme."""
    found = line.text().strip()
    for scheme in ("mailto:", "tel:"):
        if found.lower().startswith(scheme):
            number, _semicolon, rest = found[len(scheme) :].partition(";")
            extension = rest.lower().partition("ext=")[2].partition(";")[0]
            return f"{number} ext. {extension}" if extension else number
    return found


def _channel_rows(entity: Entity, field: Field, ids: list[int]) -> Rows:
    relation: Any = entity.model._meta.get_field(field.path)
    owner = f"{relation.field.name}_id"
    rows = relation.related_model.objects.filter(**{f"{owner}__in": ids})
    found: Any = defaultdict(list)
    for row in rows.order_by("position", "id").values(owner, "value", "type", "is_primary"):
        found[row.pop(owner)].append(row)
    return found  # type: ignore[no-any-return]
