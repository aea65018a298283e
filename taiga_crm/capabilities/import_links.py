"""Links by natural key: names, e-mails and numbers become rows that the person may choose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Mass
from taiga_crm.capabilities.duplicate_keys import KEYS, keys_of
from taiga_crm.capabilities.import_targets import importable, name_key
from taiga_crm.capabilities.links import linkable
from taiga_crm.capabilities.mass_writing import create_many
from taiga_crm.capabilities.plain_edit import parse_values
from taiga_crm.kernel.errors import CrmError, Refused
from taiga_crm.kernel.text import folded
from taiga_crm.permissions.decide import outcome_for, rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity, Field, Same
from taiga_crm.registry.written_names import closest

MAX_NAMES = 20_000
MAX_COMPARED = 500
MAX_OBJECTS = 5_000
PEOPLE, PROJECT = "user", "project"


@dataclass(frozen=True)
class Found:
    """The rows that a text may mean; `reading` is the name it was read as when it is a guess."""

    ids: tuple[int, ...] = ()
    reading: str = ""
    proposal: str = ""


class Links:
    """Looks the texts of a chunk up at once and keeps what was found."""

    def __init__(self, user: Any, create: frozenset[str], project: int | None, mass: Mass) -> None:
        self.user, self.create, self.project, self.mass = user, create, project, mass
        self.rows: dict[tuple[str, int], Any] = {}  # what Draft.known is asked for
        self.made: list[tuple[Entity, Any]] = []
        self._made: dict[tuple[str, str], int] = {}
        self._found: dict[str, dict[str, Found]] = defaultdict(dict)
        self._names: dict[str, tuple[dict[str, list[int]], dict[int, str]]] = {}

    def load(self, wanted: Mapping[str, set[str]]) -> None:
        """Look up {target: texts} in a few queries."""
        for target, texts in wanted.items():
            fresh = texts - self._found[target].keys()
            if len(self._found[target]) > MAX_NAMES:
                self._found[target].clear()
                fresh = texts
            entity = next((one for one in entities() if one.key == target), None)
            if entity is None or entity.scope == "settings":
                self._by_names(target, entity, fresh)
            else:
                self._by_keys(entity, fresh)
        self._load_rows(wanted)

    def know(self, target: str, ids: Iterable[Any]) -> None:
        """Read rows that will be linked to, as far as the person may choose them."""
        wanted = [pk for pk in ids if (target, pk) not in self.rows]
        if wanted:
            for row in linkable(target, self.user).filter(pk__in=wanted):
                self.rows[target, row.pk] = row

    def place_of(self, entity: Entity) -> dict[str, Any]:
        """Return the values that put a record of a kind into the chosen project."""
        if self.project is None:
            return {}
        self.know(PROJECT, [self.project])
        fields = fields_for(entity, self.user).values()
        places = [f.name for f in fields if (f.kind, f.target) == ("links", PROJECT)]
        return dict.fromkeys(places, [self.project])

    def find(self, field: Field, text: str) -> Found:
        """Return what a loaded text means."""
        return self._found[field.target or ""].get(text, Found())

    def makes(self, field: Field) -> bool:
        """Say whether rows that a link names and nobody knows are to be made."""
        entity = next((one for one in entities() if one.key == field.target), None)
        return entity is not None and field.name in self.create and importable(entity)

    def make(self, field: Field, text: str) -> int:
        """Make the row that a link names, once for all rows that name it; CrmError."""
        entity = next(one for one in entities() if one.key == field.target)
        same = name_key(entity)
        key = (entity.key, KEYS[same.how](text) if same is not None else folded(text))
        if key in self._made:
            self._found[entity.key][text] = Found((self._made[key],))
            return self._made[key]
        if outcome_for(entity, self.user, "add") is False:
            raise Refused(_("You may not add this."), verb="add", kind=entity.key)
        values = parse_values(entity, self.user, self._values(entity, text), creating=True)
        record = create_many(entity, self.user, [values], self.rows, self.mass)[0]
        if isinstance(record, CrmError):
            raise record
        self.made.append((entity, record))
        self._made[key] = int(record.pk)
        self.rows[entity.key, record.pk] = record
        self._found[entity.key][text] = Found((record.pk,))
        self._names.pop(entity.key, None)
        return int(record.pk)

    def default(self, field: Field) -> Any:
        """Return the first row of a dictionary, which a new record starts with."""
        rows = linkable(field.target or "", self.user)
        entity = next(one for one in entities() if one.key == field.target)
        row = rows.order_by(*entity.ordering, "pk").first()
        if row is not None:
            self.rows[entity.key, row.pk] = row
        return row

    def _values(self, entity: Entity, text: str) -> dict[str, Any]:
        fields = fields_for(entity, self.user)
        values: dict[str, Any] = {}
        for field in fields.values():
            if field.prefill == "first" and not field.read_only:
                row = self.default(field)
                values[field.name] = None if row is None else row.pk
        kind = self.rows.get((fields[entity.type_field].target or "", values[entity.type_field])) \
            if entity.type_field else None  # fmt: skip
        name = entity.split_name(text, kind) if entity.split_name else {entity.name_field: text}
        return {**values, **name, **self.place_of(entity)}

    def _by_names(self, target: str, entity: Entity | None, texts: Iterable[str]) -> None:
        """Compare with all names: of a dictionary, of people, of projects."""
        if target not in self._names:
            self._names[target] = self._all_names(target, entity)
        names, labels = self._names[target]
        for text in texts:
            ids = names.get(folded(text))
            if ids:
                self._found[target][text] = Found(tuple(dict.fromkeys(ids)))
            elif entity is not None and len(names) <= MAX_COMPARED:
                reading = closest(folded(text), names)
                near = names[reading.proposal] if reading.proposal else []
                label = labels[near[0]] if near else ""
                taken = reading.value is not None and len(near) == 1
                self._found[target][text] = Found(
                    tuple(near) if taken else (), label if taken else "", "" if taken else label
                )
            else:
                self._found[target][text] = Found()

    def _all_names(
        self, target: str, entity: Entity | None
    ) -> tuple[dict[str, list[int]], dict[int, str]]:
        rows = linkable(target, self.user)
        columns = ("name",) if entity is not None else ("full_name", "username", "email")
        if target == PROJECT:
            columns = ("name", "slug")
        names: dict[str, list[int]] = defaultdict(list)
        labels: dict[int, str] = {}
        for pk, *texts in rows.order_by("pk").values_list("pk", *columns)[:MAX_NAMES]:
            labels[pk] = str(texts[0] or "")
            for text in texts:
                if text:
                    names[folded(str(text))].append(pk)
        return dict(names), labels

    def _by_keys(self, entity: Entity, texts: set[str]) -> None:
        """Find records by our number, by name, or by the keys that tell duplicates."""
        ids: dict[str, list[int]] = {text: [] for text in texts}
        numbers = {text: int(text[1:]) for text in texts
                   if text[:1] == "#" and text[1:].isascii() and text[1:].isdigit()
                   and len(text) < 19}  # fmt: skip
        rows = rows_for(entity, self.user)
        if numbers:
            seen = set(rows.filter(pk__in=numbers.values()).values_list("pk", flat=True))
            for text, number in numbers.items():
                ids[text] += [number] if number in seen else []
        for same in _ordered(entity):
            open_texts = [text for text in texts if not ids[text] and _may_be(same, text)]
            for text, pks in find_by(entity, self.user, same, open_texts).items():
                ids[text] += pks
        if name_key(entity) is None:
            for text, pks in _by_plain_name(entity, rows, texts).items():
                ids[text] += [] if ids[text] else pks
        for text, found in ids.items():
            self._found[entity.key][text] = Found(tuple(dict.fromkeys(found)))

    def _load_rows(self, wanted: Mapping[str, set[str]]) -> None:
        """Read the linked rows whole: the rules ask for more than their ids."""
        for one in list(self.rows)[:-MAX_OBJECTS]:
            if one[0] in wanted:
                del self.rows[one]
        for target, texts in wanted.items():
            found = (self._found[target][text].ids for text in texts)
            self.know(target, {one[0] for one in found if len(one) == 1})


def find_by(entity: Entity, user: Any, same: Same, texts: Iterable[str]) -> dict[str, list[int]]:
    """Return {text: ids} of the visible records with the same key, in one query."""
    keys: dict[str, list[str]] = {text: keys_of(same, [text]) for text in texts}
    wanted = {key for found in keys.values() for key in found}
    if not wanted:
        return {}
    by_key = ids_by_key(entity, user, same, wanted)
    return {
        text: list(dict.fromkeys(pk for key in found for pk in by_key.get(key, ())))
        for text, found in keys.items()
    }


def ids_by_key(entity: Entity, user: Any, same: Same, keys: set[str]) -> dict[str, list[int]]:
    """Return {key: ids} of the visible records, the oldest first."""
    rows = rows_for(entity, user)
    if same.column:
        limit = entity.model._meta.get_field(same.column).max_length or 0  # type: ignore[union-attr]
        cut = {key[:limit]: key for key in keys}
        pairs = rows.filter(**{f"{same.column}__in": list(cut)}).values_list(same.column, "pk")
    else:
        cut = {key: key for key in keys}
        relation: Any = getattr(entity.model, fields_for(entity, None)[same.field].path).rel
        owner = relation.field.attname
        channel = relation.related_model.objects.filter(key__in=keys, **{f"{owner}__in": rows})
        pairs = channel.values_list("key", owner)
    found: dict[str, list[int]] = defaultdict(list)
    for key, pk in pairs.order_by("pk"):
        found[cut[key]].append(pk)
    return dict(found)


def describe(found: Found, field: Field) -> str:
    """Return why a text leads to no single row."""
    if len(found.ids) > 1:
        return _("%d records have this name.") % len(found.ids)
    if found.proposal:
        return _("This is not known.") + " " + _("Did you mean %s?") % found.proposal
    return _("This is not known.")


def reason_of(refusal: CrmError) -> str:
    """Return why a linked row could not be made."""
    return _("It could not be made: %s") % refusal.message


def _ordered(entity: Entity) -> list[Same]:
    found = [one for one in entity.duplicate_by if one.how != "domain" and one.how != "phone"]
    return sorted(found, key=lambda one: one.field != entity.name_field)


def _may_be(same: Same, text: str) -> bool:
    if same.how == "email":
        return "@" in text
    return same.how != "number" or any(sign.isdigit() for sign in text)


def _by_plain_name(entity: Entity, rows: Any, texts: set[str]) -> dict[str, list[int]]:
    path = fields_for(entity, None)[entity.name_field].path
    found: dict[str, list[int]] = defaultdict(list)
    for pk, name in rows.filter(**{f"{path}__in": texts}).order_by("pk").values_list("pk", path):
        found[name].append(pk)
    return found
