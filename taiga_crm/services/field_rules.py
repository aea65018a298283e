"""Field rules as administrators keep them: read as a matrix, replaced as one (F125, F214)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.history import record_history
from taiga_crm.capabilities.plain_edit import check_version
from taiga_crm.capabilities.security_log import About
from taiga_crm.host import current_host
from taiga_crm.kernel.errors import NotVisible, Refused
from taiga_crm.models import FieldRule, FieldRuleSet, HistoryEntry, UserType
from taiga_crm.models.field_rule import EFFECTS
from taiga_crm.permissions.access import access_of, forget_access
from taiga_crm.permissions.fields import every_field, fields_changed
from taiga_crm.permissions.keys import MANAGE_SETTINGS
from taiga_crm.permissions.projects import member_project, my_projects
from taiga_crm.registry.catalog import entities, entity
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.services.field_rule_input import checked_rules
from taiga_crm.services.field_rule_shown import as_values, described_fields, inherited_rules
from taiga_crm.services.field_rule_texts import changes_between

KIND = "field_rules"
LIMIT = 200


def ruled_kinds() -> list[Entity]:
    """Return the kinds whose fields may have rules: all but dictionaries."""
    return [one for one in entities() if one.scope != "settings"]


def overview(actor: Any) -> dict[str, Any]:
    """Return the kinds, and where the person may set rules: everywhere, or in projects."""
    access = access_of(actor)
    mine = [one.project_id for one in access.memberships if one.is_admin]
    rows = my_projects(actor).filter(pk__in=access.enabled)
    if not access.is_superuser:
        rows = rows.filter(pk__in=mine)
    return {
        "kinds": [{"key": one.key, "label": str(one.label_plural)} for one in ruled_kinds()],
        "global": access.has_key(MANAGE_SETTINGS),
        "projects": [
            {"id": pk, "label": name}
            for pk, name in rows.order_by("name", "pk").values_list("pk", "name")[:LIMIT]
        ],
        "effects": [{"key": key, "label": str(label)} for key, label in EFFECTS],
    }


def rules_in(kind: str, project_id: int | None, actor: Any) -> dict[str, Any]:
    """Return the rules of a kind in one place, with all that a matrix of them needs."""
    one = _administered(kind, project_id, actor)
    return _shown(one, project_id, _rule_set(kind, project_id), actor)


def replace_rules(
    kind: str, project_id: int | None, data: Mapping[str, Any], actor: Any
) -> dict[str, Any]:
    """Put the given rules in the place of the old ones; a stale version is refused."""
    one = _administered(kind, project_id, actor)
    kept = _rules_of(_rule_set(kind, project_id))
    rules = checked_rules(one, project_id, data.get("rules"), actor, kept=kept)
    with transaction.atomic():
        if project_id is not None:
            current_host().check_writable(member_project(actor, project_id))
        FieldRuleSet.objects.get_or_create(
            kind=kind, project_id=project_id, defaults={"created_by": actor}
        )
        row = FieldRuleSet.objects.select_for_update().get(kind=kind, project_id=project_id)
        check_version(row, data)
        before = _rules_of(row)
        states = _states(one, actor)
        labels = {value["value"]: value["label"] for value in states["values"]} if states else {}
        changes = changes_between(every_field(one, actor), before, rules, labels)
        if changes:
            row.rules.all().delete()
            FieldRule.objects.bulk_create(FieldRule(rule_set=row, **rule) for rule in rules)
            row.version += 1
            row.save()
            record_history(KIND, row, actor, "update", changes)
            fields_changed()
            about = About(KIND, row.pk, details={"kind": kind, "project": project_id})
            security_log.note(security_log.RIGHTS, actor, about)
    forget_access(actor)
    return _shown(one, project_id, row, actor)


def changes_of(kind: str, project_id: int | None, actor: Any) -> list[dict[str, Any]]:
    """Return who changed the rules of a kind when, newest first."""
    one = _administered(kind, project_id, actor)
    row = _rule_set(kind, project_id)
    if row is None:
        return []
    labels = {name: str(field.label) for name, field in every_field(one, actor).items()}
    entries = HistoryEntry.objects.filter(kind=KIND, object_id=row.pk).order_by("-pk")[:LIMIT]
    return [
        {
            "id": entry.pk,
            "at": entry.at,
            "actor": {"id": entry.actor_id, "label": entry.actor_name},
            "verb": entry.verb,
            "changes": [
                {**change, "label": labels.get(change["field"], change["field"])}
                for change in entry.changes
            ],
        }
        for entry in entries
    ]


def _rule_set(kind: str, project_id: int | None) -> FieldRuleSet | None:
    place: dict[str, Any] = {"kind": kind, "project": project_id}
    found: FieldRuleSet | None = FieldRuleSet.objects.filter(**place).first()
    return found


def _administered(kind: str, project_id: int | None, actor: Any) -> Entity:
    """Return the kind when the person may set its rules in this place."""
    one = next((one for one in ruled_kinds() if one.key == kind), None)
    if one is None:
        raise NotVisible("No such kind")
    access = access_of(actor)
    if project_id is None:
        if not access.has_key(MANAGE_SETTINGS):
            raise Refused(_("Only holders of the settings key set rules for all projects."))
        return one
    member_project(actor, project_id)
    if not access.is_project_admin(project_id):
        raise Refused(_("Only project admins set the field rules of a project."))
    if not one.projects:
        raise NotVisible("Records of this kind belong to no project")
    return one


def _shown(
    one: Entity, project_id: int | None, row: FieldRuleSet | None, actor: Any
) -> dict[str, Any]:
    rules = _rules_of(row)
    inherited = inherited_rules(one.key, project_id) if project_id is not None else []
    users = {pk for rule in (*rules, *inherited) for pk in rule["users"]}
    people = get_user_model().objects.filter(pk__in=users).order_by("full_name", "pk")
    return {
        "kind": one.key,
        "project": project_id,
        "version": row.version if row else 1,
        "fields": described_fields(one, actor),
        "state": _states(one, actor),
        "roles": _roles(project_id),
        "user_types": [
            {"id": pk, "label": name} for pk, name in UserType.objects.values_list("pk", "name")
        ],
        "users": [{"id": one.pk, "label": one.full_name or one.username} for one in people],
        "rules": rules,
        "inherited": inherited,
    }


def _states(one: Entity, actor: Any) -> dict[str, Any] | None:
    if not one.state_field:
        return None
    field = every_field(one, actor)[one.state_field]
    return {"field": field.name, "label": str(field.label), "values": state_values(field)}


def state_values(field: Field) -> list[dict[str, Any]]:
    """Return the values of a state field as [{"value": text, "label": text}]."""
    if field.choices:
        return [{"value": one.value, "label": str(one.label)} for one in field.choices]
    target = entity(field.target or "")
    rows = target.model._base_manager.order_by(*target.ordering, "pk")[:LIMIT]
    return [{"value": str(row.pk), "label": str(row)} for row in rows]


def _roles(project_id: int | None) -> list[dict[str, Any]]:
    """Return the roles of the project; of all CRM projects where the rules hold everywhere."""
    rows = apps.get_model("users", "Role").objects.select_related("project")
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    else:
        rows = rows.filter(project__crm_settings__is_enabled=True)
    return [
        {"id": one.pk, "label": one.name, "project": one.project.name}
        for one in rows.order_by("project__name", "order", "pk")[: LIMIT * 5]
    ]


def _rules_of(row: FieldRuleSet | None) -> list[dict[str, Any]]:
    return [as_values(rule) for rule in row.rules.order_by("pk")] if row else []
