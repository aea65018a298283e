"""Field rules of one person: which fields are hidden, read-only or required, and on which rows.

The strictest rule wins: one that hides is not undone by another role that does not.
Superusers and holders of the settings key see every field, because they administer the rules;
what is read-only or required for everybody is so for them too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from taiga_crm.models import FieldRule
from taiga_crm.models.field_rule import HIDDEN, READ_ONLY, REQUIRED, VISIBLE_TO
from taiga_crm.permissions.access import Access
from taiga_crm.permissions.keys import MANAGE_SETTINGS
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.masks import Mask


@dataclass(frozen=True)
class Rule:
    """A stored rule as it is asked about."""

    field: str
    effect: str
    roles: frozenset[int]
    user_types: frozenset[int]
    users: frozenset[int]
    states: frozenset[str]
    project: int | None

    def names(self, access: Access) -> bool:
        """Say whether the person is among the people of the rule."""
        return bool(
            self.roles & access.roles
            or self.user_types & access.user_types
            or access.user_id in self.users
        )

    def is_for_everybody(self) -> bool:
        """Say whether the rule names nobody."""
        return not (self.roles or self.user_types or self.users)


@dataclass
class Effects:
    """What the rules do to one field of one person: everywhere, or on the rows of masks."""

    everywhere: set[str] = field(default_factory=set)
    somewhere: dict[str, list[Mask]] = field(default_factory=lambda: defaultdict(list))

    def masks(self, effect: str) -> tuple[Mask, ...]:
        """Return the rows where the effect holds; none when it holds everywhere."""
        return () if effect in self.everywhere else tuple(self.somewhere[effect])

    def on(self, one: Field, *, fixed: bool) -> Field | None:
        """Return the field with its effects; None when it is hidden everywhere.

        A fixed field can neither be hidden nor locked when a record is made.
        """
        if HIDDEN in self.everywhere and not fixed:
            return None
        locked = READ_ONLY in self.everywhere
        required = one.required or (REQUIRED in self.everywhere and not one.read_only)
        return replace(
            one,
            locked=locked,
            required=required and (fixed or not locked),
            hidden_where=() if fixed else self.masks(HIDDEN),
            locked_where=self.masks(READ_ONLY),
            required_where=() if one.read_only else self.masks(REQUIRED),
        )


def never_hidden(entity: Entity, one: Field) -> bool:
    """Say whether a field is always shown: the name, what it is made of, and what every record
    must have from the start."""
    return one.name in ("id", entity.name_field, *entity.name_parts) or (
        one.required and one.default in (None, "")
    )


def effects_of(entity: Entity, access: Access) -> dict[str, Effects]:
    """Return {field name: effects} of all rules that touch the person."""
    found: dict[str, Effects] = defaultdict(Effects)
    rules = rules_of(access.fields_stamp).get(entity.key, ()) if access.fields_stamp else ()
    sees_all = access.has_key(MANAGE_SETTINGS)
    for rule in rules:
        effect = _effect(rule, access, sees_all=sees_all)
        if effect and not (rule.states or rule.project):
            found[rule.field].everywhere.add(effect)
        elif effect:
            found[rule.field].somewhere[effect].append(_mask(entity, rule))
    return found


@lru_cache(maxsize=8)
def rules_of(stamp: int) -> Mapping[str, tuple[Rule, ...]]:
    """Return {kind: rules}, read once for every stamp."""
    found: dict[str, list[Rule]] = defaultdict(list)
    for row in FieldRule.objects.select_related("rule_set").order_by("pk"):
        found[row.rule_set.kind].append(
            Rule(
                row.field,
                row.effect,
                frozenset(row.roles),
                frozenset(row.user_types),
                frozenset(row.users),
                frozenset(row.states),
                row.rule_set.project_id,
            )
        )
    return {kind: tuple(rules) for kind, rules in found.items()}


def _effect(rule: Rule, access: Access, *, sees_all: bool) -> str:
    """Return what the rule does to the person; "" when it does nothing."""
    if rule.effect == VISIBLE_TO:
        return "" if sees_all or rule.names(access) else HIDDEN
    if not (rule.is_for_everybody() or rule.names(access)):
        return ""
    return "" if sees_all and rule.effect == HIDDEN else rule.effect


def _mask(entity: Entity, rule: Rule) -> Mask:
    return Mask(
        states=rule.states,
        project=rule.project,
        state_path=state_path(entity),
        projects_path=entity.projects,
    )


def state_path(entity: Entity) -> str:
    """Return the ORM path of the state; "" where the kind has none."""
    return fields_of(entity.key)[entity.state_field].path if entity.state_field else ""
