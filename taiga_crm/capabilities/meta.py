"""Meta: everything a front needs to draw lists, forms and pages of any entity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from taiga_crm import __version__
from taiga_crm.capabilities.duplicates import compared_fields
from taiga_crm.capabilities.import_targets import importable
from taiga_crm.capabilities.membership import member_field
from taiga_crm.conf import conf
from taiga_crm.permissions.decide import kind_verbs
from taiga_crm.permissions.field_rules import never_hidden
from taiga_crm.permissions.fields import fields_for, list_columns
from taiga_crm.permissions.row_rules import effects_by_row
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity, Field, Section, Tab, When
from taiga_crm.registry.operators import is_columnar, operators_of


def describe_all(user: Any = None) -> dict[str, Any]:
    """Return the meta of all entities, labels in the active language, verbs of the person."""
    return {
        "version": __version__,
        "map_url": conf().map_url,
        "order": [entity.key for entity in entities()],
        "entities": {entity.key: describe(entity, user) for entity in entities()},
    }


def describe(entity: Entity, user: Any = None) -> dict[str, Any]:
    """Return the meta of one entity."""
    fields = fields_for(entity, user)
    return {
        "key": entity.key,
        "path": entity.path,
        "label": str(entity.label),
        "label_plural": str(entity.label_plural),
        "icon": entity.icon,
        "scope": entity.scope,
        "name_field": entity.name_field,
        "state_field": entity.state_field or None,
        "projects_field": _projects_field(fields),
        "writable": entity.writable,
        "tree": entity.tree or None,
        "members": _members(entity, user),
        "compared": list(compared_fields(entity, user)),
        "fields": [describe_field(entity, field) for field in fields.values()],
        "type_field": entity.type_field,
        "list_display": list(list_columns(entity, fields)),
        "list_filter": [field.name for field in fields.values() if field.filterable],
        "ordering": [name for name in entity.ordering if name.lstrip("-") in fields],
        "group_by": [
            _group(fields, name) for name in entity.group_by if name.partition(":")[0] in fields
        ]
        + [_group(fields, _by(one)) for one in fields.values() if one.column and one.groupable],
        "totals": [field.name for field in fields.values() if field.totalable],
        "searchable": bool(entity.search_column),
        "fieldsets": sections(entity, fields),
        "actions": [
            {
                "name": action.name,
                "label": str(action.label),
                "verb": action.verb,
                "question": str(action.question),
                "danger": action.danger,
                "when": _when(action.when, "field", "is"),
            }
            for action in entity.actions
            if action.offered is None or action.offered(fields)
        ],
        "tabs": [_tab(tab) for tab in entity.tabs],
        "address": [name for name in entity.address if name in fields],
        "tickets_of": entity.tickets_of,
        "has_cards": entity.vcard is not None,
        "can_import": importable(entity),
        "verbs": kind_verbs(entity, user) if user is not None else [],
    }


def _projects_field(fields: Mapping[str, Field]) -> str | None:
    """Return the field that puts a record into projects; None where another record does it."""
    found = (f.name for f in fields.values() if f.kind == "links" and f.target == "project")
    return next(found, None)


def _tab(tab: Tab) -> dict[str, Any]:
    return {
        "key": tab.key,
        "label": str(tab.label),
        "kind": tab.kind,
        "entity": tab.entity or None,
        "filter": dict(tab.filter),
        "note": str(tab.note),
        "parts": [_tab(part) for part in tab.parts],
    }


def _members(entity: Entity, user: Any) -> dict[str, str] | None:
    """Return which records are put under a row, by which of their fields."""
    found = member_field(entity, user)
    return None if found is None else {"entity": found[0].key, "field": found[1].name}


def describe_field(entity: Entity, field: Field) -> dict[str, Any]:
    """Return the meta of one field."""
    columnar = is_columnar(field)
    writable = entity.writable and not (
        field.read_only or field.locked or field.expression is not None
    )
    return {
        "name": field.name,
        "label": str(field.label),
        "kind": field.kind,
        "help": str(field.help),
        "required": field.required,
        "read_only": not writable,
        "locked": field.locked,
        "fixed": never_hidden(entity, field),
        "create_only": field.create_only,
        "editable_inline": writable and field.inline and columnar and not field.create_only,
        "sortable": field.sortable and columnar,
        "filterable": field.filterable,
        "operators": list(operators_of(field)) if field.filterable else [],
        "groupable": field.groupable,
        "totalable": field.totalable,
        "columnar": columnar,
        "nullable": field.nullable,
        "max_length": field.max_length,
        "min": field.minimum,
        "max": field.maximum,
        "choices": [
            {
                "value": choice.value,
                "label": str(choice.label),
                "color": choice.color,
                **({"retired": True} if choice.retired else {}),
            }
            for choice in field.choices
        ]
        or None,
        "target": field.target,
        "default": field.default,
        "visible_if": _when(field.visible_if, "attribute", "is"),
        "rules": [
            {"effect": effect, "states": sorted(mask.states), "project": mask.project}
            for effect, masks in effects_by_row(field)
            for mask in masks
        ],
        **(_custom(field) if field.column else {}),
    }


def sections(entity: Entity, fields: Mapping[str, Field]) -> list[dict[str, Any]]:
    """Return the titled blocks of fields; a custom field joins the block its section names, by
    the English title, or opens one of its own at the end."""
    found = {
        section_key(one): {
            "label": str(one.label),
            "fields": [name for name in one.fields if name in fields],
        }
        for one in entity.fieldsets
    }
    for field in fields.values():
        if field.column:
            key = getattr(field.section, "text", "").casefold()
            title = str(field.section) or _("More fields")
            block: dict[str, Any] = found.setdefault(key, {"label": title, "fields": []})
            block["fields"].append(field.name)
    return list(found.values())


def section_key(section: Section) -> str:
    """Return what names a block whatever the reader's language."""
    with translation.override("en"):
        return str(section.label).casefold()


def _custom(field: Field) -> dict[str, Any]:
    return {
        "custom": True,
        "pattern": field.pattern,
        "only_types": list(field.only_types),
        "only_projects": list(field.only_projects),
        "computed": field.read_only,
    }


def _by(field: Field) -> str:
    return f"{field.name}:month" if field.kind in ("date", "datetime") else field.name


def _when(condition: When | None, name: str, value: str) -> dict[str, Any] | None:
    if condition is None:
        return None
    field, _dot, attribute = condition.field.partition(".")
    if name == "attribute":
        return {"field": field, "attribute": attribute, value: condition.value}
    return {name: condition.field, value: condition.value}


def _group(fields: Mapping[str, Field], name: str) -> dict[str, str | None]:
    field, _colon, unit = name.partition(":")
    label = str(fields[field].label)
    return {"name": field, "unit": unit or None, "label": label}
