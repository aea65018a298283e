"""What a new form starts with: defaults, the project at hand, or a copy of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from taiga_crm.capabilities.reading import read_record
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.field_rules import never_hidden
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import crm_project
from taiga_crm.registry.catalog import entity as target_of
from taiga_crm.registry.entity import Entity, Field

IDENTIFYING = ("number", "email", "phone")


def prefill(entity: Entity, user: Any, params: Mapping[str, str]) -> dict[str, Any]:
    """Return {field: value}; `copy=ID` needs a visible record, `project=ID` a CRM project.

    A copy takes what the person sees and may give to a new record, without what is the
    original's own: VAT and registration numbers, e-mails, phones, unique names.
    """
    fields = fields_for(entity, user)
    writable = {name: field for name, field in fields.items() if _starts(entity, field)}
    values = {name: _start(field, user) for name, field in writable.items()}
    values = {name: value for name, value in values.items() if value is not None}
    if _number(params, "copy") is not None:
        record = read_record(entity, user, _number(params, "copy"))
        closed = _closed_on(entity, record)
        values = {
            name: record[name]
            for name, field in writable.items()
            if field.expression is None and name in record and name not in closed
            if not _is_retired(field, record[name]) and not _is_its_own(entity, field)
        }
    project_id = _number(params, "project")
    if project_id is not None:
        project = crm_project(user, project_id)
        own = {"id": project.pk, "label": project.name, "slug": project.slug}
        for name, field in fields.items():
            if field.target == "project" and field.kind == "links" and "copy" not in params:
                values[name] = [own]
    return values


def _closed_on(entity: Entity, record: Mapping[str, Any]) -> set[str]:
    """Return the fields that a rule hides or locks where the record stands: so it will be where
    its copy stands, and the copy could not be saved with them."""
    flags: Mapping[str, Mapping[str, bool]] = record.get("_fields") or {}
    return {name for name, one in flags.items() if not {"hidden", "read_only"}.isdisjoint(one)}


def _is_its_own(entity: Entity, field: Field) -> bool:
    """Say whether the value tells which record it is, so that a copy cannot have it too: a
    number or address by which duplicates are found, or a column that is unique."""
    if any(one.field == field.name and one.how in IDENTIFYING for one in entity.duplicate_by):
        return True
    column: Any = next((c for c in entity.model._meta.fields if c.name == field.path), None)
    return column is not None and column.unique


def _is_retired(field: Field, value: Any) -> bool:
    retired = {one.value for one in field.choices if one.retired}
    return bool(retired) and not retired.isdisjoint(value if isinstance(value, list) else [value])


def _starts(entity: Entity, field: Field) -> bool:
    """Say whether a new record may be given a value for the field."""
    return not field.read_only and (not field.locked or never_hidden(entity, field))


def _start(field: Field, user: Any) -> Any:
    if field.prefill == "me":
        return {"id": user.pk, "label": user.full_name or user.username}
    if field.prefill == "first":
        return _first(target_of(field.target or ""), field, user)
    return field.default


def _first(target: Entity, field: Field, user: Any) -> Any:
    """Return the first row of a dictionary, with the attributes the form asks for."""
    row = rows_for(target, user).order_by(*target.ordering, "pk").first()
    if row is None:
        return None
    extras = {name: getattr(row, path.rpartition("__")[2]) for name, path in field.extras.items()}
    return {"id": row.pk, "label": str(row), **extras}


def _number(params: Mapping[str, str], key: str) -> int | None:
    raw = params.get(key, "")
    if raw == "":
        return None
    if not raw.isascii() or not raw.isdigit() or len(raw) > 15:
        raise InvalidQuery(f"{key} must be a number")
    return int(raw)
