"""What can be asked of a field, and whether it can stand in a list."""

from __future__ import annotations

from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kinds import KINDS

SEVERAL = ("exact", "not", "empty")
LISTED = frozenset({"exact", "not"})  # operators that take several values
NEGATIVE = {"not": "exact", "excludes": "contains"}


def is_columnar(field: Field) -> bool:
    """Say whether the field can be a column: several links only where it is declared."""
    return KINDS[field.kind].columnar or (field.kind == "links" and field.columnar)


def operators_of(field: Field) -> tuple[str, ...]:
    """Return the comparisons of a field; "below" where the targets are a tree."""
    several = field.kind == "links" and field.columnar
    found = SEVERAL if several else KINDS[field.kind].operators
    return (*found[:-1], "below", found[-1]) if _leads_to_a_tree(field) else found


def _leads_to_a_tree(field: Field) -> bool:
    if field.kind not in ("link", "links"):
        return False
    return any(one.key == field.target and one.tree for one in entities())
