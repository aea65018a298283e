"""Custom fields as fields like any other: read once for every stamp, kept in the process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model

from taiga_crm.kernel.formula.parsing import names_in
from taiga_crm.models import CustomField
from taiga_crm.models.base import CustomRecord
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.derive import label_column
from taiga_crm.registry.entity import Choice, Entity, Field
from taiga_crm.registry.kinds import KINDS
from taiga_crm.registry.spoken import Spoken

COLUMN = "custom"
COMPUTED = "computed"
PATHS = {
    **dict.fromkeys(("text", "long_text", "url", "email", "phone", "choice", "country"), "text"),
    "integer": "integer",
    "link": "integer",
    "decimal": "number",
    "money": "amount",
    "boolean": "flag",
    "date": "day",
    "datetime": "moment",
    "tags": "list",
}
SORTABLE = frozenset(PATHS) - {"tags", "long_text"}
GROUPABLE = frozenset({"choice", "country", "boolean", "date", "datetime", "text", "link"})
TOTALABLE = frozenset({"integer", "decimal", "money"})
SEARCHED = frozenset({"text", "long_text", "url", "email", "phone"})
LENGTHS = {"text": 255, "url": 500, "email": 254, "phone": 40, "long_text": 20_000}


def has_custom(entity: Entity) -> bool:
    """Say whether records of the kind can have custom fields."""
    return issubclass(entity.model, CustomRecord)


def custom_fields(entity: Entity, stamp: int) -> Mapping[str, Field]:
    """Return the enabled custom fields of a kind by name, in order."""
    if not stamp or not has_custom(entity):
        return {}
    return _by_kind(stamp).get(entity.key, {})


def formulas(entity: Entity, stamp: int) -> Mapping[str, str]:
    """Return {name: formula} of the enabled computed fields of a kind."""
    if not stamp or not has_custom(entity):
        return {}
    return _formulas(stamp).get(entity.key, {})


def field_of(row: CustomField, inputs: tuple[str, ...] = ()) -> Field:
    """Return a definition as a field."""
    computed = row.value_kind == COMPUTED
    kind = row.result_kind if computed else row.value_kind
    label_path = label_column(_model_of(row.target)) if kind == "link" else ""
    return Field(
        name=row.name,
        kind=kind,
        label=Spoken(row.label, _variants(row.labels)),
        path=f"{COLUMN}__{row.name}__crm_{PATHS[kind]}",
        label_path=label_path,
        target=row.target or None,
        help=Spoken(row.help, _variants(row.helps)),
        required=row.is_required and not computed and kind != "boolean",
        read_only=computed,
        nullable=KINDS[kind].empty is None or kind == "choice",
        sortable=kind in SORTABLE,
        filterable=True,
        groupable=kind in GROUPABLE,
        totalable=kind in TOTALABLE,
        max_length=row.max_length or LENGTHS.get(kind),
        minimum=_bound(kind, row.minimum),
        maximum=_bound(kind, row.maximum),
        pattern=row.pattern,
        choices=tuple(_choice(one) for one in row.options),
        default=_default(row),
        column=COLUMN,
        section=Spoken(row.section, _variants(row.section_labels)),
        shown=row.is_shown,
        searched=row.is_searched and kind in SEARCHED,
        only_types=tuple(row.types),
        only_projects=tuple(row.projects),
        inputs=inputs,
    )


@lru_cache(maxsize=8)
def _rows(stamp: int) -> dict[str, list[CustomField]]:
    found: dict[str, list[CustomField]] = defaultdict(list)
    rows = CustomField.objects.filter(is_enabled=True, is_going=False)
    for row in rows.order_by("kind", "position", "pk"):
        found[row.kind].append(row)
    return found


@lru_cache(maxsize=8)
def _by_kind(stamp: int) -> dict[str, dict[str, Field]]:
    return {
        kind: {
            row.name: field_of(row, tuple(sorted(names_in(row.formula))) if row.formula else ())
            for row in rows
        }
        for kind, rows in _rows(stamp).items()
    }


@lru_cache(maxsize=8)
def _formulas(stamp: int) -> dict[str, dict[str, str]]:
    return {
        kind: {row.name: row.formula for row in rows if row.value_kind == COMPUTED}
        for kind, rows in _rows(stamp).items()
    }


def _model_of(target: str) -> Any:
    if target == "user":
        return get_user_model()
    return next(one.model for one in entities() if one.key == target)


def _choice(option: Mapping[str, Any]) -> Choice:
    label = Spoken(option["label"], _variants(option.get("labels") or {}))
    color, retired = option.get("color") or None, bool(option.get("retired"))
    return Choice(option["value"], label, color, retired)


def _variants(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(texts.items()))


def _bound(kind: str, text: str) -> int | Decimal | None:
    if not text:
        return None
    return int(text) if kind == "integer" else Decimal(text)


def _default(row: CustomField) -> Any:
    """Return what a new record starts with; an option that was retired since is none."""
    retired = {one["value"] for one in row.options if one.get("retired")}
    if isinstance(row.default, list):
        return [one for one in row.default if one not in retired] or None
    return None if row.default in retired else row.default
