"""Journal: rows that were changed or deleted, with what they were, so that it can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F

from taiga_crm.capabilities.putting_back import PutBack, relink, uniques
from taiga_crm.capabilities.snapshots import Doomed
from taiga_crm.capabilities.stored_rows import (
    Model,
    Values,
    columns,
    decoded,
    encode,
    label_of,
    model_of,
    read_rows,
)

Conflict = dict[str, Any]
COUNTED = "version"


class Journal:
    """Writes while it notes: {"changed": [[table, id, {column: [old, new]}]], "deleted": …}."""

    def __init__(self) -> None:
        self.changed: list[list[Any]] = []
        self.deleted: dict[str, list[Values]] = {}
        self.unlinks: dict[str, list[list[Any]]] = {}

    def update(self, model: Model, changes: Mapping[Any, Values]) -> None:
        """Write {id: {column: value}}, in as few statements as there are different values."""
        before = {line[_key(model)]: line for line in read_rows(model, changes)}
        groups: dict[tuple[tuple[str, Any], ...], list[Any]] = defaultdict(list)
        for pk, values in changes.items():
            self.note(model, pk, before[pk], {**before[pk], **values})
            groups[tuple(sorted(values.items()))].append(pk)
        counted = {COUNTED: F(COUNTED) + 1} if _has(model, COUNTED) else {}
        # flags step back before others are raised
        for group in sorted(groups, key=lambda pairs: True in dict(pairs).values()):
            rows = model._base_manager.filter(pk__in=groups[group])
            rows.update(**dict(group), **counted)

    def note(self, model: Model, pk: Any, before: Values, after: Values) -> None:
        """Note a change that was written otherwise."""
        old, new = encode(before), encode(after)
        pairs = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
        if pairs:
            self.changed.append([label_of(model), pk, pairs])

    def delete(self, model: Model, ids: Iterable[Any]) -> None:
        """Delete rows with all that goes with them."""
        records = list(model._base_manager.filter(pk__in=list(ids)))
        if not records:
            return
        doomed = Doomed(records)
        for snapshot in doomed.snapshots().values():
            for label, lines in snapshot["rows"].items():
                known = self.deleted.setdefault(label, [])
                known += [line for line in lines if line not in known]
            for name, pairs in snapshot["unlinks"].items():
                self.unlinks.setdefault(name, []).extend(pairs)
        doomed.delete()

    def as_json(self) -> dict[str, Any]:
        """Return what `Undo` takes."""
        return {"changed": self.changed, "deleted": self.deleted, "unlinks": self.unlinks}


class Undo:
    """Takes a journal back: newest change first; `conflicts()` says what it would destroy."""

    def __init__(self, journal: Mapping[str, Any], main: set[tuple[Model, Any]]) -> None:
        self.journal = journal
        self.main = main
        self._now = self._read()

    def conflicts(self) -> list[Conflict]:
        """Return the rows and columns that somebody changed since; deleted rows are none."""
        found = []
        latest: dict[tuple[str, Any, str], Any] = {}
        for label, pk, pairs in self.journal["changed"]:
            for name, (_old, new) in pairs.items():
                latest[(label, pk, name)] = new
        for (label, pk, name), new in latest.items():
            line = self._now.get((label, pk))
            if line is not None and encode({name: line[name]})[name] != new:
                found.append({"table": label, "id": pk, "column": name})
        return found

    def apply(self) -> dict[str, int]:
        """Write the former values, then put the deleted rows back; return what was left out."""
        former: dict[tuple[str, Any], Values] = defaultdict(dict)
        for label, pk, pairs in reversed(self.journal["changed"]):
            former[(label, pk)].update({name: old for name, (old, _new) in pairs.items()})
        for (label, pk), values in former.items():
            model = model_of(label)
            if model is not None and (label, pk) in self._now:
                self._write(model, pk, values)
        back = PutBack(self.journal["deleted"], self.main)
        left_out = back.insert()
        relink(self.journal["unlinks"])
        return left_out

    def _write(self, model: Model, pk: Any, stored: Values) -> None:
        known = {column.attname: column for column in columns(model)}
        values = {
            name: decoded(known[name], value) for name, value in stored.items() if name in known
        }
        values = {**values, **self._without_taken_flags(model, pk, values)}
        if _has(model, COUNTED):
            values[COUNTED] = F(COUNTED) + 1
        model._base_manager.filter(pk=pk).update(**values)

    def _without_taken_flags(self, model: Model, pk: Any, values: Values) -> Values:
        """Return flags that another row carries by now: they stay down."""
        line = {**self._now[(label_of(model), pk)], **values}
        options: Any = model._meta
        down: Values = {}
        for names, condition in uniques(model):
            flags = [flag for flag, value in condition.items() if value is True]
            attnames = [options.get_field(name).attname for name in names]
            if not flags or not all(line.get(flag) is True for flag in flags):
                continue
            rows = model._base_manager.filter(**{name: line[name] for name in attnames})
            if rows.filter(**condition).exclude(pk=pk).exists():
                down.update(dict.fromkeys(flags, False))
        return down

    def _read(self) -> dict[tuple[str, Any], Values]:
        """Return the rows as they are now, locked, by table and id."""
        ids: dict[str, set[Any]] = defaultdict(set)
        for label, pk, _pairs in self.journal["changed"]:
            ids[label].add(pk)
        found = {}
        for label in sorted(ids):
            model = model_of(label)
            for line in read_rows(model, ids[label]) if model is not None else ():
                found[(label, line[_key(model)])] = line  # type: ignore[arg-type]
        return found


def _has(model: Model, attname: str) -> bool:
    return any(column.attname == attname for column in columns(model))


def _key(model: Model) -> str:
    return str(model._meta.pk.attname)  # type: ignore[union-attr]
