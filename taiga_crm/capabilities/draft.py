"""Draft: a record on its way into the database, with what it was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from taiga_crm.capabilities.channels import read_channels, same_channels
from taiga_crm.capabilities.custom_values import link_labels, read_value, write_value
from taiga_crm.capabilities.history import (
    SPOKEN_KINDS,
    Change,
    link_change,
    links_change,
    text_change,
    value_change,
)
from taiga_crm.permissions.fields import every_field
from taiga_crm.permissions.row_rules import writable_values
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, Money

CHANNELS = ("emails", "phones")
MANY = frozenset((*CHANNELS, "links"))
EMPTY: tuple[Any, ...] = (None, "", [], False)


class Draft:
    """Holds the parsed values of a write; `changes()` compares with what was stored.

    `like` is a draft of another new record that began as this one does.
    """

    def __init__(
        self,
        entity: Entity,
        record: Any,
        values: dict[str, Any],
        user: Any,
        *,
        creating: bool,
        like: Draft | None = None,
    ) -> None:
        self.entity = entity
        self.record = record
        self.fields = every_field(entity, user)
        self.values = writable_values(entity, record, values, user, creating=creating)
        self.user = user
        self.creating = creating
        # what was read once for many drafts: linked rows that the person may choose, by
        # (target, id), and whatever the entity's `foresee` has found; None until it was asked
        self.known: Mapping[tuple[str, int], Any] = {}
        self.foreseen: dict[str, Any] | None = None
        self._before: dict[str, Any] = {}
        if like is not None and like.values.keys() == self.values.keys():
            self._before.update(like._before)
        else:
            self._before.update((name, self._stored(self.fields[name])) for name in self.values)
        self._labels: dict[str, str] = {}
        self._channels: dict[str, list[dict[str, Any]]] = {}
        if not creating:
            for name in self.values:
                if self.fields[name].kind == "link" and not self.fields[name].column:
                    self._labels[name] = self._label(self.fields[name])

    def assign(self) -> None:
        """Put plain values and links on the record; child rows wait until it is saved."""
        for name, value in self.values.items():
            field = self.fields[name]
            if field.column:
                write_value(self.record, field, value)
            elif field.kind == "money":
                setattr(self.record, field.path, value.amount if value else None)
                setattr(self.record, field.currency_path, value.currency if value else "")
            elif field.kind not in MANY:
                setattr(self.record, field.path, value)

    def differing(self) -> list[str]:
        """Return the sent fields that are stored otherwise; nothing is put on the record."""
        return [name for name, value in self.values.items() if self._differs(name, value)]

    def agrees_on(self, names: Iterable[str]) -> bool:
        """Say whether these fields, as far as they were sent, are stored so already."""
        sent = (name for name in names if name in self.values)
        return not any(self._differs(name, self.values[name]) for name in sent)

    def _differs(self, name: str, value: Any) -> bool:
        kind, before = self.fields[name].kind, self._before[name]
        if kind in CHANNELS:
            return not same_channels(before or [], value or [])
        if kind == "links":
            return set(before or ()) != set(value or ())
        return bool(before != value)

    def before(self, name: str) -> Any:
        """Return what a sent field was before the write; None on a new record."""
        return None if self.creating else self._before.get(name)

    def keeps_link(self, field: Field, value: Any) -> bool:
        """Say whether a link field was sent with what is stored already."""
        return not self.creating and self._before[field.name] == value

    def take_link(self, field: Field, target: Any) -> bool:
        """Put the linked row on the record, so that nobody reads it again; False without one."""
        if target is not None and not field.column:
            setattr(self.record, field.path.removesuffix("_id"), target)
        return target is not None

    def watch(self, name: str) -> None:
        """Follow a plain field that was not sent but is about to change, for the history."""
        if name not in self._before:
            self._before[name] = self._stored(self.fields[name])

    def channels(self) -> list[Field]:
        """Return the e-mail and phone fields that were sent and differ."""
        sent = [self.fields[name] for name in self.values if self.fields[name].kind in CHANNELS]
        return [f for f in sent if not same_channels(self._before[f.name], self.values[f.name])]

    def channel_rows(self, field: Field) -> list[dict[str, Any]]:
        """Return the rows a channel field will have after the write."""
        if field.name in self.values:
            return list(self.values[field.name])
        if self.creating:
            return []
        if field.name not in self._channels:  # searching and comparing both ask
            self._channels[field.name] = read_channels(self.record, field)
        return self._channels[field.name]

    def many_links(self) -> list[Field]:
        """Return the several-links fields that were sent and that the model itself keeps."""
        sent = [self.fields[name] for name in self.values if self.fields[name].kind == "links"]
        mine = [field for field in sent if _is_many_to_many(self.record, field)]
        return [field for field in mine if self.values[field.name] or not self.creating]

    def changes(self) -> list[Change]:
        """Return what differs from what was stored, as texts."""
        found = []
        for name, before in self._before.items():
            field = self.fields[name]
            now = self.values[name] if field.kind in MANY else self._attribute(field)
            if before == now or (self.creating and now in EMPTY):
                continue
            change = self._change(field, before, now)
            if change is not None:
                found.append(change)
        return found

    def _change(self, field: Field, before: Any, now: Any) -> Change | None:
        if field.kind in CHANNELS:
            if same_channels(before or [], now or []):
                return None
        elif field.kind == "links":
            return _links_change(field, set(before or ()), set(now or ()))
        elif field.kind == "link":
            return self._link_change(field, before, now)
        kind = KINDS[field.kind]
        if field.kind in SPOKEN_KINDS:
            return value_change(field.name, None if self.creating else before, now)
        old_text = "" if self.creating else kind.text(field, before)
        return text_change(field.name, old_text, kind.text(field, now))

    def _link_change(self, field: Field, before: Any, now: Any) -> Change:
        if field.column:
            labels = link_labels(field, {before, now} - {None})
            old, new = ((one, labels.get(one, "")) for one in (before, now))
            return link_change(field.name, old, new)
        old = (before, self._labels.get(field.name, ""))
        return link_change(field.name, old, (now, self._label(field)))

    def _stored(self, field: Field) -> Any:
        if field.kind in CHANNELS:
            return [] if self.creating else read_channels(self.record, field)
        if field.kind == "links":
            return [] if self.creating else self._stored_links(field)
        if self.creating and field.kind == "link":
            return None
        return self._attribute(field)

    def _stored_links(self, field: Field) -> list[int]:
        if not _is_many_to_many(self.record, field):
            return sorted(getattr(self.record, field.path))
        return sorted(one.pk for one in getattr(self.record, field.path).all())

    def _attribute(self, field: Field) -> Any:
        if field.column:
            return read_value(self.record, field)
        value = getattr(self.record, field.path)
        if field.kind == "money":
            currency = getattr(self.record, field.currency_path)
            return None if value is None else Money(value, currency)
        return value

    def _label(self, field: Field) -> str:
        relation, _separator, column = field.label_path.rpartition("__")
        target = getattr(self.record, relation) if self._attribute(field) else None
        return "" if target is None else str(getattr(target, column))


def _links_change(field: Field, before: set[int], now: set[int]) -> Change | None:
    """Several links have no order: the same ones sent otherwise are no change."""
    return None if before == now else links_change(field.name, before, now)


def _is_many_to_many(record: Any, field: Field) -> bool:
    return any(one.name == field.path for one in type(record)._meta.many_to_many)
