"""Show what an administrator of field rules chooses from: the fields, and what holds anyway."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model

from taiga_crm.capabilities.meta import sections
from taiga_crm.models import FieldRule
from taiga_crm.models.field_rule import VISIBLE_TO
from taiga_crm.permissions.field_rules import never_hidden
from taiga_crm.permissions.fields import every_field
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.services.field_rule_input import PEOPLE


def described_fields(one: Entity, actor: Any) -> list[dict[str, Any]]:
    """Return the fields of a kind with what rules may do to each, in the order of the form."""
    fields = every_field(one, actor)
    places = {
        name: (number, block["label"])
        for number, block in enumerate(sections(one, fields))
        for name in block["fields"]
    }
    last = (len(places), "")
    ordered = sorted(fields.values(), key=lambda field: places.get(field.name, last)[0])
    return [_field(one, field, places.get(field.name, last)[1]) for field in ordered]


def inherited_rules(kind: str, project_id: int) -> list[dict[str, Any]]:
    """Return the rules of all projects as far as they touch the people of one: who administers
    a project must know that they hold, and nothing about roles and people elsewhere."""
    roles = apps.get_model("users", "Role").objects.filter(project_id=project_id)
    users = get_user_model().objects.filter(memberships__project_id=project_id)
    here = {
        "roles": set(roles.values_list("pk", flat=True)),
        "users": set(users.values_list("pk", flat=True)),
    }
    found = []
    for rule in FieldRule.objects.filter(rule_set__kind=kind, rule_set__project=None).order_by(
        "pk"
    ):
        shown = as_values(rule)
        was_for_some = any(shown[name] for name in PEOPLE)
        shown.update({name: [pk for pk in shown[name] if pk in here[name]] for name in here})
        is_for_some = any(shown[name] for name in PEOPLE)
        if is_for_some or not was_for_some or rule.effect == VISIBLE_TO:
            found.append(shown)
    return found


def as_values(rule: FieldRule) -> dict[str, Any]:
    """Return a stored rule as it is sent."""
    return {
        "field": rule.field,
        "effect": rule.effect,
        "states": list(rule.states),
        **{name: list(getattr(rule, name)) for name in PEOPLE},
    }


def _field(one: Entity, field: Field, section: str) -> dict[str, Any]:
    derived = field.read_only or field.expression is not None or not one.writable
    return {
        "name": field.name,
        "label": str(field.label),
        "section": str(section),
        "custom": bool(field.column),
        "required": field.required,
        "may_hide": not never_hidden(one, field),
        "may_write": not derived,
        "may_require": not derived and field.kind != "boolean",
        "is_state": field.name == one.state_field,
        "made_from": list(field.inputs),
    }
