"""What the administration of custom fields shows: definitions, what there is to choose from,
and a formula tried over a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.custom_admin import (
    MAX_FIELDS,
    MAX_INDEXED,
    checked_formula,
    kind_of,
    kinds,
    known_fields,
    require_keeper,
)
from taiga_crm.capabilities.custom_formulas import RESULTS, evaluated
from taiga_crm.capabilities.custom_input import VALUE_KINDS, languages, targets
from taiga_crm.capabilities.custom_parts import MAX_OPTIONS
from taiga_crm.capabilities.links import linkable
from taiga_crm.capabilities.meta import section_key
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.kernel.formula.functions import ARITIES, ValueRefused
from taiga_crm.kernel.formula.parsing import FormulaFault, names_in
from taiga_crm.models import CustomField
from taiga_crm.permissions.decide import get_visible
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity, Field

ATTRIBUTES = (
    "kind", "name", "label", "labels", "help", "helps", "value_kind", "result_kind", "target",
    "section", "section_labels", "position", "is_required", "is_enabled", "is_shown",
    "is_searched", "is_indexed", "is_going", "options", "default", "minimum", "maximum",
    "max_length", "pattern", "types", "projects", "formula", "version",
)  # fmt: skip


def shown_definition(row: CustomField) -> dict[str, Any]:
    """Return a definition as JSON."""
    return {"id": row.pk, **{name: getattr(row, name) for name in ATTRIBUTES}}


def shown_kinds(user: Any) -> dict[str, Any]:
    """Return what an administrator chooses from."""
    require_keeper(user)
    projects = linkable("project", user).order_by("name", "pk").values_list("pk", "name")[:500]
    return {
        "kinds": [_kind(entity, user) for entity in kinds()],
        "value_kinds": list(VALUE_KINDS),
        "result_kinds": list(RESULTS),
        "targets": targets(),
        "projects": [{"id": pk, "label": name} for pk, name in projects],
        "languages": languages(),
        "functions": sorted(ARITIES),
        "limits": {"fields": MAX_FIELDS, "options": MAX_OPTIONS, "indexed": MAX_INDEXED},
    }


def tried_formula(user: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return {"ok", "message", "position", "value"}; the value over the record that is named."""
    require_keeper(user)
    entity, formula, kind = kind_of(data.get("kind")), data.get("formula"), data.get("result_kind")
    if not isinstance(formula, str):
        raise InvalidInput({"formula": [_("A text is expected.")]})
    if kind not in RESULTS:
        raise InvalidInput({"result_kind": [_("This is not one of the choices.")]})
    try:
        checked_formula(entity, formula)
        value = _value(entity, user, formula, str(kind), data.get("record"))
    except FormulaFault as fault:
        return {"ok": False, "message": fault.message, "position": fault.position, "value": None}
    except ValueRefused as fault:
        return {"ok": False, "message": str(fault), "position": 0, "value": None}
    return {"ok": True, "message": "", "position": None, "value": value}


def _value(entity: Entity, user: Any, formula: str, kind: str, pk: Any) -> Any:
    """Return the result over a visible record, as far as the person sees what it reads."""
    if pk is None:
        return None
    if isinstance(pk, bool) or not isinstance(pk, int):
        raise InvalidInput({"record": [_("Choose one from the list.")]})
    fields = known_fields(entity)
    hidden = (names_in(formula) & fields_of(entity.key).keys()) - fields_for(entity, user).keys()
    if hidden:
        return None
    record = get_visible(entity, user, pk)
    return evaluated(entity, Field("", kind), formula, record, fields)


def _kind(entity: Entity, user: Any) -> dict[str, Any]:
    fields = fields_of(entity.key)
    types = []
    if entity.type_field:
        target = fields[entity.type_field].target or ""
        rows = linkable(target, user).order_by("pk")[:200]
        types = [{"id": row.pk, "label": str(row)} for row in rows]
    return {
        "key": entity.key,
        "label": str(entity.label_plural),
        "sections": [
            {"key": section_key(one), "label": str(one.label)} for one in entity.fieldsets
        ],
        "types": types,
        "in_projects": bool(entity.projects),
        "inputs": [
            {"name": name, "label": str(one.label), "kind": one.kind}
            for name, one in known_fields(entity).items()
        ],
    }
