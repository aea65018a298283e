"""Put stored rows back into the database, mending what the world no longer allows.

A link to a row that is gone becomes empty where it may, a flag that only one row may carry
steps back, a row whose owner is gone stays out. What was left out is told, never hidden;
`waiting` lists (table, id) that a row waits for, with the row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from taiga_crm.capabilities.stored_rows import Model, Values, decode, decoded, model_of
from taiga_crm.kernel.errors import WrongState

FLAGS = frozenset({True})


@dataclass
class PutBack:
    """Rows on their way back; `main` are the keys of the rows that may not stay out."""

    stored: dict[str, list[Values]]
    main: set[tuple[Model, Any]]
    left_out: Counter[str] = field(default_factory=Counter)
    rows: dict[Model, list[Values]] = field(default_factory=dict)
    waiting: list[tuple[Model, Any, Model, Values]] = field(default_factory=list)

    def insert(self) -> dict[str, int]:
        """Insert the rows; return {label of a table: rows left out}. WrongState for `main`."""
        self.rows = self._decoded()
        self._mend_links()
        for model in self.rows:
            self._skip_existing(model)
            self._mend_uniques(model)
        self._mend_links()  # what hangs on a row that stays out stays out too
        for model, lines in self.rows.items():
            model._base_manager.bulk_create([model(**line) for line in lines], batch_size=1_000)
        return dict(self.left_out)

    def _decoded(self) -> dict[Model, list[Values]]:
        found: dict[Model, list[Values]] = {}
        for label, lines in self.stored.items():
            model = model_of(label)
            if model is None:
                self.left_out[label] += len(lines)
            else:
                found[model] = [decode(model, line) for line in lines]
        return found

    def _mend_links(self) -> None:
        """Repeat until nothing more stays out: what hangs on a row that stays out does too."""
        while any(self._mend_column(model, column) for model, column in self._links()):
            pass

    def _links(self) -> list[tuple[Model, Any]]:
        return [
            (model, column)
            for model in self.rows
            for column in model._meta.fields
            if column.remote_field is not None
        ]

    def _mend_column(self, model: Model, column: Any) -> bool:
        """Empty or drop the links of a column whose target is gone; True when rows stay out."""
        target = column.related_model._meta.concrete_model
        name = column.target_field.attname
        wanted = {line[column.attname] for line in self.rows[model] if line.get(column.attname)}
        wanted -= {line.get(name) for line in self.rows.get(target, ())}
        if not wanted:
            return False
        found = target._base_manager.filter(**{f"{name}__in": wanted})
        missing = wanted - set(found.values_list(name, flat=True))
        if not missing:
            return False
        if column.null and column.remote_field.on_delete is models.SET_NULL:
            for line in self.rows[model]:
                if line[column.attname] in missing:
                    line[column.attname] = None
            return False
        text = _("It belongs to something that is gone: %s. Restore that first.")
        broken = [line for line in self.rows[model] if line[column.attname] in missing]
        self.waiting += [(target, line[column.attname], model, line) for line in broken]
        return self._leave_out(model, broken, text % column.verbose_name)

    def _skip_existing(self, model: Model) -> None:
        """Leave out rows that are there already."""
        key = str(model._meta.pk.attname)  # type: ignore[union-attr]
        ids = [line[key] for line in self.rows[model]]
        there = set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
        double = [line for line in self.rows[model] if line[key] in there]
        self._leave_out(model, double, _("It is there already."), silently=True)

    def _mend_uniques(self, model: Model) -> None:
        for names, condition in uniques(model):
            attnames = [str(model._meta.get_field(name).attname) for name in names]  # type: ignore[union-attr]
            lines = [one for one in self.rows[model] if _applies(one, attnames, condition)]
            taken = _taken(model, attnames, lines, condition)
            clashing = [one for one in lines if tuple(one[name] for name in attnames) in taken]
            if condition and len(condition) == 1 and set(condition.values()) <= FLAGS:
                for line in clashing:
                    line.update(dict.fromkeys(condition, False))
            else:
                labels = ", ".join(
                    str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                    for name in names
                )
                text = _("Another one has taken its place meanwhile: %s.") % labels
                self._leave_out(model, clashing, text)

    def _leave_out(
        self, model: Model, lines: list[Values], text: str, *, silently: bool = False
    ) -> bool:
        if not lines:
            return False
        key = str(model._meta.pk.attname)  # type: ignore[union-attr]
        if any((model, line[key]) in self.main for line in lines):
            raise WrongState(text)
        gone = {id(line) for line in lines}
        self.rows[model] = [line for line in self.rows[model] if id(line) not in gone]
        if not silently:
            self.left_out[str(model._meta.verbose_name_plural)] += len(lines)
        return True


def uniques(model: Model) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Return (columns, {column: value} of the condition) of every uniqueness but the key's.

    A condition that is more than plain values is left to the database.
    """
    options: Any = model._meta
    found: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        ((column.name,), {})
        for column in options.concrete_fields
        if column.unique and not column.primary_key
    ]
    found += [(tuple(names), {}) for names in options.unique_together]
    for rule in options.constraints:
        if isinstance(rule, models.UniqueConstraint):
            condition = _plain(rule.condition)
            if condition is not None:
                found.append((tuple(rule.fields), condition))
    return found


def relink(unlinks: dict[str, list[list[Any]]]) -> int:
    """Fill the links that a delete emptied, where they still are empty; return how many.

    A row above one that came back is not put below it again: that would be a circle.
    """
    number = 0
    for name, pairs in unlinks.items():
        label, _dot, attname = name.rpartition(".")
        target = model_of(label)
        column = _column(target, attname)
        if target is None or column is None:
            continue
        by_value: dict[Any, list[Any]] = defaultdict(list)
        for pk, value in pairs:
            by_value[decoded(column, value)].append(pk)
        for value, ids in by_value.items():
            above = _above(target, column, value) if column.related_model is target else set()
            rows = target._base_manager.filter(pk__in=set(ids) - above, **{attname: None})
            number += rows.update(**{attname: value})
    return number


def _above(model: Model, column: Any, pk: Any) -> set[Any]:
    """Return the keys of a row and of all rows above it along a link to the same table."""
    found: set[Any] = set()
    while pk is not None and pk not in found:
        found.add(pk)
        pk = model._base_manager.filter(pk=pk).values_list(column.attname, flat=True).first()
    return found


def _column(model: Model | None, attname: str) -> Any:
    known = model._meta.fields if model is not None else ()
    return next((one for one in known if one.attname == attname), None)


def _plain(condition: models.Q | None) -> dict[str, Any] | None:
    """Return {column: value} of a condition; {} without one; None when it is more than that.

    "is not null" adds nothing here: an empty column is never taken.
    """
    if condition is None:
        return {}
    if condition.connector != models.Q.AND or condition.negated:
        return None
    found = {}
    for child in condition.children:
        if not isinstance(child, tuple):
            return None
        name, value = child
        if name.endswith("__isnull") and value is False:
            continue
        if "__" in name:
            return None
        found[name] = value
    return found


def _applies(line: Values, attnames: list[str], condition: dict[str, Any]) -> bool:
    filled = all(line.get(name) is not None for name in attnames)
    return filled and all(line.get(name) == value for name, value in condition.items())


def _taken(
    model: Model, attnames: list[str], lines: list[Values], condition: dict[str, Any]
) -> set[tuple[Any, ...]]:
    if not lines:
        return set()
    wanted = {f"{name}__in": {line[name] for line in lines} for name in attnames}
    rows = model._base_manager.filter(**wanted, **condition)
    return set(rows.values_list(*attnames))
