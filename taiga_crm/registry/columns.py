"""Ready-made parts of declarations: primary addresses, choices, columns over ticket kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from taiga_crm.registry.entity import Choice


def choices(pairs: Any) -> tuple[Choice, ...]:
    """Return Django choices as registry choices."""
    return tuple(Choice(value, label) for value, label in pairs)


def primary(model: Any, owner: str) -> Callable[[int], Any]:
    """Return the expression of the primary e-mail or phone of a row."""

    def expression(user_id: int) -> Any:
        rows = model.objects.filter(**{owner: OuterRef("pk"), "is_primary": True}).order_by()
        return Coalesce(Subquery(rows.values("value")[:1]), Value(""), output_field=CharField())

    return expression


@dataclass(frozen=True)
class FirstOf:
    """The expression of a column that stands on one of several relations."""

    relations: tuple[str, ...]
    path: str

    def __call__(self, user_id: int) -> Any:
        """Return the first that is there; rows have exactly one of the relations."""
        return Coalesce(*(f"{relation}__{self.path}" for relation in self.relations))

    def looked_up(self, model: Any) -> Any:
        """Return the same value for a few rows, a subquery in place of each further join.

        PostgreSQL plans 17 joined tables in 15 ms and nine in 3 ms. `path` must cross a link.
        """
        link, _separator, column = self.path.partition("__")
        near = [model._meta.get_field(relation).related_model for relation in self.relations]
        targets = [one._meta.get_field(link).related_model for one in near]
        keys = [OuterRef(f"{relation}__{link}_id") for relation in self.relations]
        if len(set(targets)) == 1:
            return _one(targets[0], Coalesce(*keys), column)
        return Coalesce(*(_one(*pair, column) for pair in zip(targets, keys, strict=True)))


def _one(model: Any, key: Any, column: str) -> Any:
    rows = model._base_manager.filter(pk=key)  # one row: an order would only join what it sorts by
    return Subquery(rows.order_by().values(column))
