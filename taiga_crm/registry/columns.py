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
