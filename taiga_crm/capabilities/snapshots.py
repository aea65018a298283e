"""Snapshots: what a delete takes along, found by the database's own rules and kept as JSON.

Django's collector says which rows go and which lose a link; parts that hang on a record by its
kind and id go with it. Nothing here knows a table by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector

from taiga_crm.capabilities.stored_rows import (
    Model,
    Values,
    encode,
    label_of,
    part_models,
    read_rows,
)
from taiga_crm.models import RecordPart
from taiga_crm.registry.catalog import entities, entity_of_model

Key = tuple[Model, Any]
Snapshot = dict[str, Any]


class Doomed:
    """The rows that go with some records of one model; reading them locks them.

    `snapshots()` returns for each id {"rows": {table: [row]}, "unlinks": {"table.column":
    [[id, value]]}}; `delete()` then removes everything. Raises ProtectedError where a row
    forbids it.
    """

    def __init__(self, records: Iterable[Any]) -> None:
        self.roots = list(records)
        self.collector: Any = Collector(using=DEFAULT_DB_ALIAS)
        self.collector.collect(self.roots)
        self._collect_parts()

    def snapshots(self) -> dict[Any, Snapshot]:
        """Return what each record takes along; a row that two of them hold is in both."""
        rows = {model: read_rows(model, ids) for model, ids in self._ids().items()}
        owners = self._owners(rows)
        found: dict[Any, Snapshot] = {root.pk: {"rows": {}, "unlinks": {}} for root in self.roots}
        for model, lines in rows.items():
            for line in lines:
                for root in owners[(model, line[_key_of(model)])]:
                    found[root]["rows"].setdefault(label_of(model), []).append(encode(line))
        for name, pk, target in self._unlinks():
            for root in owners[target]:
                found[root]["unlinks"].setdefault(name, []).append(
                    [pk, encode({"": target[1]})[""]]
                )
        return found

    def delete(self) -> None:
        """Delete the rows and empty the links to them."""
        self.collector.delete()

    def _collect_parts(self) -> None:
        """Collect comments, stars …: of the records, and of the records that go with them."""
        done: set[tuple[str, Any]] = set()
        while True:
            fresh = {
                (entity.key, pk)
                for model, ids in self._ids().items()
                if (entity := entity_of_model(model)) is not None
                for pk in ids
            } - done
            if not fresh:
                return
            done |= fresh
            for part in part_models():
                for kind, ids in _by_kind(fresh).items():
                    self._collect(part._base_manager.filter(kind=kind, object_id__in=ids))

    def _collect(self, rows: models.QuerySet[Any]) -> None:
        found = list(rows)
        if found:
            self.collector.collect(found)

    def _ids(self) -> dict[Model, set[Any]]:
        found: dict[Model, set[Any]] = defaultdict(set)
        for model, instances in self.collector.data.items():
            found[model] |= {one.pk for one in instances}
        for rows in self.collector.fast_deletes:
            found[rows.model] |= set(rows.values_list("pk", flat=True))
        return found

    def _owners(self, rows: dict[Model, list[Values]]) -> dict[Key, set[Any]]:
        """Return which of the records each row goes with: along links that cascade."""
        below: dict[Key, list[Key]] = defaultdict(list)
        for model, lines in rows.items():
            for line in lines:
                for above in _holders(model, line):
                    below[above].append((model, line[_key_of(model)]))
        owners: dict[Key, set[Any]] = defaultdict(set)
        for root in self.roots:
            waiting: list[Key] = [(type(root), root.pk)]
            while waiting:
                key = waiting.pop()
                if root.pk not in owners[key]:
                    owners[key].add(root.pk)
                    waiting.extend(below[key])
        return owners

    def _unlinks(self) -> Iterator[tuple[str, Any, Key]]:
        """Yield (table.column, id, what it pointed to) of the links that become empty."""
        gone = self._ids()
        for model, changes in self.collector.field_updates.items():
            ids: dict[Any, set[Any]] = defaultdict(set)
            for (column, _value), instances in changes.items():
                ids[column] |= {one.pk for one in instances} - gone.get(model, set())
            for column, pks in ids.items():
                pairs = model._base_manager.filter(pk__in=pks).values_list("pk", column.attname)
                for pk, value in pairs:
                    name = f"{label_of(model)}.{column.attname}"
                    yield name, pk, (column.related_model._meta.concrete_model, value)


def contents(entity_model: Model, snapshot: Snapshot) -> dict[str, int]:
    """Return {table: number of rows} of what went along with the record."""
    counts = {label: len(rows) for label, rows in snapshot["rows"].items()}
    counts[label_of(entity_model)] -= 1
    return {label: number for label, number in counts.items() if number}


def _holders(model: Model, line: Values) -> Iterator[Key]:
    for column in model._meta.fields:
        remote: Any = column.remote_field
        if remote is not None and remote.on_delete is models.CASCADE:
            yield remote.model._meta.concrete_model, line[column.attname]
    if issubclass(model, RecordPart):
        for entity in entities():
            if entity.key == line["kind"]:
                yield entity.model, line["object_id"]


def _by_kind(keys: set[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for kind, pk in sorted(keys):
        found[kind].append(pk)
    return found


def _key_of(model: Model) -> str:
    return str(model._meta.pk.attname)  # type: ignore[union-attr]
