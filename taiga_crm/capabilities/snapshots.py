"""Snapshots: what a delete takes along, found by the database's own rules and kept as JSON.

The links of the models say which rows go and which lose a link, as Django's collector has it;
parts that hang on a record by its kind and id go with it. Nothing here knows a table by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from taiga_crm.capabilities.hanging import Hook, by_model, hooks_on
from taiga_crm.capabilities.stored_rows import Model, Values, encode, label_of, rows_where
from taiga_crm.models import RecordPart
from taiga_crm.registry.catalog import entities

Key = tuple[Model, Any]
Snapshot = dict[str, Any]


class Doomed:
    """The rows that go with some records of one model; finding them locks them.

    `snapshots()` returns for each id {"rows": {table: [row]}, "unlinks": {"table.column":
    [[id, value]]}}; `delete()` then removes everything. Raises ProtectedError where a row
    forbids it.
    """

    def __init__(self, records: Iterable[Any]) -> None:
        self.roots = {one.pk: type(one) for one in records}
        self.rows: dict[Model, dict[Any, Values]] = defaultdict(dict)
        self.links: dict[tuple[Model, Any], dict[Any, Any]] = defaultdict(dict)
        fresh: dict[Model, list[Any]] = {}
        for model in set(self.roots.values()):
            fresh |= self._take(model, Q(pk__in=list(self.roots)))
        while fresh:
            hooks = hooks_on(fresh)
            fresh = {}
            for model, condition in by_model(hooks).items():
                fresh |= self._take(model, condition)
            for hook in hooks:
                if hook.on_delete is models.SET_NULL:
                    self._loosen(hook)

    def snapshots(self) -> dict[Any, Snapshot]:
        """Return what each record takes along; a row that two of them hold is in both."""
        owners = self._owners({model: list(lines.values()) for model, lines in self.rows.items()})
        found: dict[Any, Snapshot] = {pk: {"rows": {}, "unlinks": {}} for pk in self.roots}
        for model, lines in self.rows.items():
            for pk, line in lines.items():
                encoded = encode(line)
                for root in owners[(model, pk)]:
                    found[root]["rows"].setdefault(label_of(model), []).append(encoded)
        for name, pk, target in self._unlinks():
            for root in owners[target]:
                found[root]["unlinks"].setdefault(name, []).append(
                    [pk, encode({"": target[1]})[""]]
                )
        return found

    def delete(self) -> None:
        """Empty the links to the rows and delete them; foreign keys are checked at the end."""
        for (model, column), values in self.links.items():
            kept = [pk for pk in values if pk not in self.rows.get(model, {})]
            if kept:
                model._base_manager.filter(pk__in=kept).update(**{column.name: None})
        for model, lines in self.rows.items():
            rows = model._base_manager.filter(pk__in=list(lines))
            rows._raw_delete(rows.db)  # type: ignore[attr-defined]

    def _take(self, model: Model, condition: Q) -> dict[Model, list[Any]]:
        """Lock and read rows; return the ids of those that were not known."""
        known, key = self.rows[model], _key_of(model)
        lines = {line[key]: line for line in rows_where(model, condition) if line[key] not in known}
        known.update(lines)
        return {model: list(lines)} if lines else {}

    def _loosen(self, hook: Hook) -> None:
        rows = hook.model._base_manager.filter(hook.condition).order_by("pk")
        pairs = rows.select_for_update(no_key=True).values_list("pk", hook.column.attname)
        self.links[(hook.model, hook.column)].update(pairs)

    def _owners(self, rows: dict[Model, list[Values]]) -> dict[Key, set[Any]]:
        """Return which of the records each row goes with: along links that cascade."""
        below: dict[Key, list[Key]] = defaultdict(list)
        for model, lines in rows.items():
            for line in lines:
                for above in _holders(model, line):
                    below[above].append((model, line[_key_of(model)]))
        owners: dict[Key, set[Any]] = defaultdict(set)
        for root, of in self.roots.items():
            waiting: list[Key] = [(of, root)]
            while waiting:
                key = waiting.pop()
                if root not in owners[key]:
                    owners[key].add(root)
                    waiting.extend(below[key])
        return owners

    def _unlinks(self) -> Iterator[tuple[str, Any, Key]]:
        """Yield (table.column, id, what it pointed to) of the links that become empty."""
        for (model, column), values in self.links.items():
            target: Model = column.related_model._meta.concrete_model
            for pk, value in values.items():
                if pk not in self.rows.get(model, {}):
                    yield f"{label_of(model)}.{column.attname}", pk, (target, value)


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


def _key_of(model: Model) -> str:
    return str(model._meta.pk.attname)  # type: ignore[union-attr]
