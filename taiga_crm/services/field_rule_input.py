"""Read field rules as they are sent; refuse what would lock people out or mean nothing."""

from __future__ import annotations

from typing import Any, NoReturn

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from taiga_crm.capabilities.links import linkable_users
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import UserType
from taiga_crm.models.field_rule import EFFECTS, HIDDEN, READ_ONLY, REQUIRED, VISIBLE_TO
from taiga_crm.permissions.field_rules import never_hidden
from taiga_crm.permissions.fields import every_field
from taiga_crm.registry.catalog import entity as entity_of
from taiga_crm.registry.entity import Entity, Field

PEOPLE = ("roles", "user_types", "users")
MAX_RULES = 2_000
MAX_PEOPLE = 200
Row = dict[str, Any]


def checked_rules(
    entity: Entity, project_id: int | None, raw: Any, actor: Any, *, kept: list[Row]
) -> list[Row]:
    """Return the rules as columns; raise InvalidInput with a sentence for the first fault.

    What the stored rules name may stay though it is gone by now: else nothing could be saved any
    more, and taking it out for the person would open a field whose last viewer has left.
    """
    if not isinstance(raw, list) or len(raw) > MAX_RULES:
        _refuse(_("A list of at most %d rules is expected.") % MAX_RULES)
    rules = [_columns(entity, one, actor) for one in raw]
    places = [(one["field"], one["effect"]) for one in rules if one["effect"] == VISIBLE_TO]
    if len(places) != len(set(places)):
        _refuse(_("Say only once who may see a field."))
    _check_people(project_id, rules, actor, kept=kept)
    _check_states(entity, rules, actor, kept=kept)
    return rules


def _columns(entity: Entity, one: Any, actor: Any) -> Row:
    if not isinstance(one, dict):
        _refuse(_("A rule is an object."))
    field = every_field(entity, actor).get(str(one.get("field", "")))
    effect = one.get("effect")
    if field is None or effect not in dict(EFFECTS):
        _refuse(_("A rule needs a known field and a known effect."))
    row = {"field": field.name, "effect": effect, "states": _texts(one.get("states", []))}
    row.update({name: _ids(one.get(name, [])) for name in PEOPLE})
    _check_sense(entity, field, row)
    return row


def _check_sense(entity: Entity, field: Field, row: Row) -> None:
    label = {"field": field.label}
    if row["effect"] in (HIDDEN, VISIBLE_TO) and never_hidden(entity, field):
        _refuse(_("“%(field)s” cannot be hidden: no record can do without it.") % label)
    if row["effect"] in (READ_ONLY, REQUIRED):
        if field.read_only or field.expression is not None or not entity.writable:
            _refuse(_("“%(field)s” is not written by people.") % label)
        if row["effect"] == READ_ONLY and field.name == entity.state_field and row["states"]:
            _refuse(_("“%(field)s” decides which rules hold: lock it in every state.") % label)
    if row["effect"] == REQUIRED and field.kind == "boolean":
        _refuse(_("“%(field)s” is yes or no: it always has a value.") % label)
    if row["effect"] == VISIBLE_TO and not any(row[name] for name in PEOPLE):
        _refuse(_("Choose who may see “%(field)s”.") % label)
    if row["effect"] == VISIBLE_TO and row["states"]:
        _refuse(_("Who may see “%(field)s” does not depend on a state.") % label)


def _check_people(project_id: int | None, rules: list[Row], actor: Any, *, kept: list[Row]) -> None:
    """Every id must be known here; one of another project is as unknown as an absent one."""
    roles = apps.get_model("users", "Role").objects.all()
    users = get_user_model().objects.filter(pk__in=linkable_users(actor).values("pk"))
    if project_id is not None:
        roles = roles.filter(project_id=project_id)
        users = users.filter(memberships__project_id=project_id)
    known = {"roles": roles, "user_types": UserType.objects.all(), "users": users}
    for name, rows in known.items():
        wanted = _named(rules, name) - _named(kept, name)
        if wanted and wanted - set(rows.filter(pk__in=wanted).values_list("pk", flat=True)):
            _refuse(_("Choose people from the list."))


def _check_states(entity: Entity, rules: list[Row], actor: Any, *, kept: list[Row]) -> None:
    if _named(rules, "states") and not entity.state_field:
        _refuse(_("Records of this kind have no states."))
    wanted = _named(rules, "states") - _named(kept, "states")
    if not wanted:
        return
    field = every_field(entity, actor)[entity.state_field]
    if field.choices:
        known = {one.value for one in field.choices}
    else:
        numbers = [one for one in wanted if one.isascii() and one.isdigit() and len(one) < 10]
        rows = entity_of(field.target or "").model._base_manager.filter(pk__in=numbers)
        known = {str(pk) for pk in rows.values_list("pk", flat=True)}
    if wanted - known:
        _refuse(_("Choose a state from the list."))


def _named(rules: list[Row], name: str) -> set[Any]:
    return {one for rule in rules for one in rule[name]}


def _ids(raw: Any) -> list[int]:
    fine = isinstance(raw, list) and len(raw) <= MAX_PEOPLE
    if not fine or any(type(one) is not int or not 0 < one < 2**31 for one in raw):
        _refuse(_("Choose people from the list."))
    return sorted(set(raw))


def _texts(raw: Any) -> list[str]:
    if not isinstance(raw, list) or len(raw) > MAX_PEOPLE:
        _refuse(_("Choose a state from the list."))
    if any(not isinstance(one, str) or not 0 < len(one) <= 60 for one in raw):
        _refuse(_("Choose a state from the list."))
    return sorted(set(raw))


def _refuse(message: str) -> NoReturn:
    raise InvalidInput({"rules": [message]})
