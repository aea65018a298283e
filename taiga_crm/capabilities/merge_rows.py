"""Move what hangs on some records to another one: every link and every part, none by name.

A row that would stand twice is folded into the one that is there: deleted, but kept in the
journal. A flag that only one row may carry steps back, or goes over to the row that stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from taiga_crm.capabilities.journal import Journal
from taiga_crm.capabilities.putting_back import uniques
from taiga_crm.capabilities.stored_rows import Model, Values, columns, part_models
from taiga_crm.registry.entity import Entity


@dataclass(frozen=True)
class Hook:
    """One way in which rows hang on a record: a link, or kind and id of a part."""

    model: Model
    attname: str
    kind: str = ""

    def rows(self, ids: list[int]) -> Any:
        """Return the rows that hang on these records."""
        found = self.model._base_manager.filter(**{f"{self.attname}__in": ids})
        return found.filter(kind=self.kind) if self.kind else found


def hooks(entity: Entity) -> Iterator[Hook]:
    """Yield every way in which rows of our tables and of hidden ones hang on a kind."""
    options: Any = entity.model._meta
    for relation in options.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            yield Hook(relation.related_model, relation.field.attname)
    for part in part_models():
        yield Hook(part, "object_id", entity.key)


@dataclass
class Mover:
    """Moves rows from losers to the winner and writes the journal."""

    entity: Entity
    winner_id: int
    loser_ids: list[int]
    journal: Journal
    moved: Counter[Model] = field(default_factory=Counter)
    folded: Counter[Model] = field(default_factory=Counter)

    def move_everything(self) -> None:
        """Move the rows of every hook."""
        for hook in hooks(self.entity):
            self._move(hook)

    def _move(self, hook: Hook) -> None:
        lines = self._lines(hook)
        if not lines:
            return
        plan = _Plan(hook, self.merged, self.winner_id)
        for line in lines:
            plan.place(line)
        self.journal.delete(hook.model, plan.folded)
        for attname, pks in plan.raised.items():
            self.journal.update(hook.model, dict.fromkeys(pks, {attname: True}))
        self.journal.update(hook.model, plan.changes)
        self.moved[hook.model] += len(plan.changes)
        self.folded[hook.model] += len(plan.folded)

    @property
    def merged(self) -> set[int]:
        """Return the ids of all records that become one."""
        return {self.winner_id, *self.loser_ids}

    def _lines(self, hook: Hook) -> list[Values]:
        names = [column.attname for column in columns(hook.model)]
        rows = hook.rows(self.loser_ids).order_by("pk").select_for_update()
        lines = list(rows.values(*names))
        if hook.model is self.entity.model:  # the records themselves are settled by the choices
            lines = [line for line in lines if line[_key(hook.model)] not in self.merged]
        order = {pk: place for place, pk in enumerate(self.loser_ids)}
        return sorted(lines, key=lambda line: order[line[hook.attname]])


class _Plan:
    """Where the rows of one hook go: moved, folded, or moved without their flag."""

    def __init__(self, hook: Hook, merged: set[int], winner_id: int) -> None:
        self.hook, self.merged, self.winner_id = hook, merged, winner_id
        self.key = _key(hook.model)
        self.rules = _rules(hook)
        self.changes: dict[Any, Values] = {}
        self.folded: list[Any] = []
        self.raised: dict[str, list[Any]] = defaultdict(list)
        self.flags = [
            (names, flag)
            for names, flag in _flags(hook.model)
            if not {hook.attname, *_pair(hook.model)} & set(names)
        ]
        self.pool = self._around()

    def place(self, line: Values) -> None:
        """Decide about one row."""
        target = self._target(line)
        if target is None:
            self.folded.append(line[self.key])
            return
        new = {**line, **target}
        for names, condition in self.rules:
            if not _applies(new, names, condition):
                continue
            there = self._there(new, names, condition)
            if there is None:
                continue
            if not condition:
                self._fold(line, there)
                return
            target.update(dict.fromkeys(condition, False))
            new.update(target)
        self.pool.append(new)
        self.changes[line[self.key]] = target

    def _target(self, line: Values) -> Values | None:
        """Return the columns a moved row gets; None when it would point to itself."""
        pair = _pair(self.hook.model)
        if self.hook.attname not in pair:
            return {self.hook.attname: self.winner_id}
        other = next(line[name] for name in pair if name != self.hook.attname)
        if other in self.merged:
            return None
        return dict(zip(pair, sorted((other, self.winner_id)), strict=True))

    def _fold(self, line: Values, there: Values) -> None:
        self.folded.append(line[self.key])
        for _names, flag in self.flags:
            if line.get(flag) is True and there.get(flag) is False:
                there[flag] = True
                self.raised[flag].append(there[self.key])

    def _there(self, new: Values, names: tuple[str, ...], condition: Values) -> Values | None:
        wanted = tuple(new[name] for name in names)
        for row in self.pool:
            if tuple(row[name] for name in names) == wanted and _applies(row, names, condition):
                return row
        return None

    def _around(self) -> list[Values]:
        """Return the rows that hang on the winner already, along this hook or its pair."""
        names = [column.attname for column in columns(self.hook.model)]
        found: dict[Any, Values] = {}
        for attname in _pair(self.hook.model) or (self.hook.attname,):
            rows = Hook(self.hook.model, attname, self.hook.kind).rows([self.winner_id])
            for line in rows.select_for_update().order_by("pk").values(*names):
                found[line[self.key]] = line
        return list(found.values())


def _rules(hook: Hook) -> list[tuple[tuple[str, ...], Values]]:
    """Return the uniquenesses that a move can break, those without a condition first."""
    model: Any = hook.model
    touched = {hook.attname, *_pair(model)}
    found = [(_attnames(model, names), condition) for names, condition in uniques(model)]
    if hook.kind and model.on_merge == "drop":
        found.append((("object_id",), {}))
    if hook.kind and model.once:
        found.append((("object_id", *_attnames(model, model.once)), {}))
    found = [(names, condition) for names, condition in found if touched & set(names)]
    return sorted(found, key=lambda rule: bool(rule[1]))


def _flags(model: Model) -> list[tuple[tuple[str, ...], str]]:
    return [
        (_attnames(model, names), flag)
        for names, condition in uniques(model)
        for flag, value in condition.items()
        if value is True
    ]


def _attnames(model: Model, names: tuple[str, ...]) -> tuple[str, ...]:
    options: Any = model._meta
    return tuple(options.get_field(name).attname for name in names)


def _pair(model: Model) -> tuple[str, ...]:
    """Return the two links of a row that stands for a pair, the lower id first."""
    return _attnames(model, getattr(model, "pair", ()))


def _applies(line: Values, names: tuple[str, ...], condition: Values) -> bool:
    filled = all(line.get(name) is not None for name in names)
    return filled and all(line.get(name) == value for name, value in condition.items())


def _key(model: Model) -> str:
    return str(model._meta.pk.attname)  # type: ignore[union-attr]
