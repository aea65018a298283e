"""Values of custom fields on a record: read, written, checked for where the field applies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils.translation import gettext as _

from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.derive import label_column
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS

EMPTY: tuple[Any, ...] = (None, "", [], ())


def read_value(record: Any, field: Field) -> Any:
    """Return the value of a custom field as its kind has it."""
    return KINDS[field.kind].load(getattr(record, field.column).get(field.name))


def write_value(record: Any, field: Field, value: Any) -> None:
    """Put a value on the record; an empty one is left out of the column."""
    kept = {name: one for name, one in getattr(record, field.column).items() if name != field.name}
    if value not in EMPTY:
        kept[field.name] = KINDS[field.kind].show(value)
    setattr(record, field.column, kept)


def write_columns(model: Any, column: str, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the column of many rows in one query; the caller holds their locks."""
    if not values:
        return
    table, place = model._meta.db_table, model._meta.get_field(column).column
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {table} AS kept SET "{place}" = fresh.value::jsonb'
            " FROM unnest(%s::bigint[], %s::text[]) AS fresh(id, value) WHERE kept.id = fresh.id",
            [list(values), [json.dumps(one, ensure_ascii=False) for one in values.values()]],
        )


def applies(entity: Entity, field: Field, record: Any, project_ids: Iterable[int]) -> bool:
    """Say whether a field is meant for records of this type and in these projects."""
    types = field.only_types if entity.type_field else ()
    if types and getattr(record, f"{entity.type_field}_id") not in types:
        return False
    return not field.only_projects or not set(field.only_projects).isdisjoint(project_ids)


def check_custom(draft: Any, project_ids: list[int]) -> None:
    """Raise InvalidInput for a value where the field does not apply, a retired option that is
    chosen anew, and a required field without a value where it applies."""
    faults: dict[str, list[str]] = {}
    for field in draft.fields.values():
        if not field.column or field.read_only:
            continue
        text = _fault(draft, field, project_ids)
        if text:
            faults[field.name] = [text]
    if faults:
        raise InvalidInput(faults)


def link_labels(field: Field, ids: Iterable[int]) -> dict[int, str]:
    """Return {id: label} of linked rows, whoever may see them: for the history, which asks."""
    wanted = sorted(set(ids))
    model = target_model(field.target or "")
    if not wanted:
        return {}
    return dict(model._base_manager.filter(pk__in=wanted).values_list("pk", label_column(model)))


def target_model(target: str) -> Any:
    """Return the model that a link leads to."""
    if target == "user":
        return get_user_model()
    if target == "project":
        return apps.get_model("projects", "Project")
    return next(one.model for one in entities() if one.key == target)


def searched_parts(record: Any, fields: Mapping[str, Field]) -> list[str]:
    """Return the texts of the custom fields that are searched."""
    found = [one for one in fields.values() if one.column and one.searched]
    return [str(read_value(record, one) or "") for one in found]


def _fault(draft: Any, field: Field, project_ids: list[int]) -> str:
    sent = field.name in draft.values
    value, before = read_value(draft.record, field), draft.before(field.name)
    if not applies(draft.entity, field, draft.record, project_ids):
        if not sent or value in EMPTY or value is False or (value == before and not draft.creating):
            return ""
        if draft.creating and value == KINDS[field.kind].load(field.default):
            write_value(draft.record, field, None)  # nobody sent it: the default put it there
            return ""
        return _("This field does not apply to this record.")
    if field.required and value in EMPTY and (sent or draft.creating or _moved(draft)):
        return _("This field is required.")
    retired = {one.value for one in field.choices if one.retired}
    kept = set(before if isinstance(before, (list, tuple)) else [before])
    chosen = set(value if isinstance(value, (list, tuple)) else [value]) if sent else set()
    if retired and (chosen & retired) - kept:
        return _("This option is no longer offered.")
    return ""


def _moved(draft: Any) -> bool:
    """Say whether the record changes to a type or to projects where other fields apply."""
    name = draft.entity.type_field
    if name in draft.values and draft.values[name] != draft.before(name):
        return True
    places = [one.name for one in draft.fields.values() if one.target == "project"]
    return any(
        name in draft.values
        and sorted(draft.values[name] or ()) != sorted(draft.before(name) or ())
        for name in places
    )
