"""What hangs on rows: the links to them by the database's own rules, and their parts.

All places are looked at in one query; only tables that have something there are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import ProtectedError, Q
from django.db.models.deletion import get_candidate_relations_to_delete

from taiga_crm.capabilities.stored_rows import Model, part_models
from taiga_crm.registry.catalog import entity_of_model


@dataclass(frozen=True)
class Hook:
    """Rows of `model` that hang on rows with these ids: by a link, or as parts of a kind."""

    model: Model
    column: Any
    ids: tuple[Any, ...]
    on_delete: Any = models.CASCADE
    kind: str = ""

    @property
    def condition(self) -> Q:
        """Return the rows."""
        found = Q(**{f"{self.column.name}__in": self.ids})
        return found & Q(kind=self.kind) if self.kind else found

    def probe(self) -> tuple[str, list[Any]]:
        """Return SQL that says whether there are any."""
        table, column = self.model._meta.db_table, self.column.column
        sql, params = f'SELECT 1 FROM "{table}" WHERE "{column}" = ANY(%s)', [list(self.ids)]
        if not self.kind:
            return f"EXISTS({sql})", params
        return f"EXISTS({sql} AND kind = %s)", [*params, self.kind]


def hooks_on(rows: Mapping[Model, Iterable[Any]]) -> list[Hook]:
    """Return the hooks on rows, {model: ids}, that have something on them.

    Raises ProtectedError where a row forbids that the one it points to goes.
    """
    every = [hook for model, ids in rows.items() for hook in _hooks(model, tuple(ids))]
    found = [hook for hook, is_used in zip(every, _used(every), strict=True) if is_used]
    for hook in found:
        if hook.on_delete is models.PROTECT:
            raise ProtectedError(f"{hook.model} {hook.column}", set())
    return found


def by_model(hooks: Iterable[Hook]) -> dict[Model, Q]:
    """Return the rows that go along, by their model."""
    found: dict[Model, Q] = defaultdict(Q)
    for hook in hooks:
        if hook.on_delete is models.CASCADE:
            found[hook.model] |= hook.condition
    return found


def _hooks(model: Model, ids: tuple[Any, ...]) -> list[Hook]:
    found = []
    relations: Any = get_candidate_relations_to_delete(model._meta)
    for relation in relations:
        if relation.on_delete not in (models.CASCADE, models.SET_NULL, models.PROTECT):
            raise NotImplementedError(f"{relation.field}: {relation.on_delete}")
        near = relation.related_model._meta.concrete_model
        found.append(Hook(near, relation.field, ids, relation.on_delete))
    entity = entity_of_model(model)
    if entity is not None:
        for part in part_models():
            column = part._meta.get_field("object_id")
            found.append(Hook(part, column, ids, kind=entity.key))
    return found


def _used(hooks: list[Hook]) -> list[bool]:
    if not hooks:
        return []
    probes = [hook.probe() for hook in hooks]
    with connection.cursor() as cursor:
        sql = "SELECT " + ", ".join(one for one, _params in probes)
        cursor.execute(sql, [param for _one, params in probes for param in params])
        return list(cursor.fetchone())
