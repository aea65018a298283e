"""Targets: what a column of a file can be, for one kind and one person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import CHANNELS
from taiga_crm.kernel.errors import NotVisible
from taiga_crm.models.dictionary import DictionaryModel
from taiga_crm.permissions.decide import outcome_for
from taiga_crm.permissions.field_rules import never_hidden
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity, Field, Same

ID = "id"
CURRENCY = ":currency"
SEVERAL = frozenset({"emails", "phones", "links", "tags"})
KEY_KINDS = frozenset({"text", "email", "integer", "url"})
Json = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """One thing that a column can be: a field, our number, a whole name, an amount's currency."""

    name: str
    label: str
    kind: str
    field: Field | None = None
    required: bool = False
    can_create: bool = False

    @property
    def several(self) -> bool:
        """Say whether several columns, or several values in a cell, are taken together."""
        return self.kind in SEVERAL

    def shown(self) -> Json:
        """Return the target as JSON."""
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "required": self.required,
            "help": str(self.field.help) if self.field is not None else "",
            "link": self.kind in ("link", "links"),
            "can_create": self.can_create,
            "units": self.kind == "money",
            "dates": self.kind in ("date", "datetime"),
            "types": self._types(),
        }

    def _types(self) -> list[Json]:
        if self.field is None or self.kind not in CHANNELS:
            return []
        return [{"value": one.value, "label": str(one.label)} for one in self.field.choices]


def importable(entity: Entity) -> bool:
    """Say whether files can be imported as rows of a kind: records, and lists of names."""
    return "add" in entity.rules and (entity.is_record or issubclass(entity.model, DictionaryModel))


def kinds_to_import(user: Any) -> list[Entity]:
    """Return the kinds of which the person may add rows."""
    return [
        one for one in entities() if importable(one) and outcome_for(one, user, "add") is not False
    ]


def kind_to_import(user: Any, key: Any) -> Entity:
    """Return a kind of which the person may add rows; NotVisible for any other."""
    found = next((one for one in kinds_to_import(user) if one.key == key), None)
    if found is None:
        raise NotVisible("No such kind")
    return found


def targets_of(entity: Entity, user: Any) -> dict[str, Target]:
    """Return the targets by name, in the order of the form, as far as the person may write."""
    found = {ID: Target(ID, _("Number in the CRM"), "integer")}
    if is_composed(entity):
        label = str(fields_for(entity, user)[entity.name_field].label)
        found[entity.name_field] = Target(entity.name_field, label, "text", required=True)
    for field in fields_for(entity, user).values():
        if not _is_written(entity, field):
            continue
        found[field.name] = Target(
            field.name, str(field.label), field.kind, field,
            required=field.required and not field.prefill and field.default in (None, "", []),
            can_create=_can_create(field, user),
        )  # fmt: skip
        if field.kind == "money":
            name = f"{field.name}{CURRENCY}"
            found[name] = Target(name, _("%s (currency)") % field.label, "text", field)
    return found


def is_composed(entity: Entity) -> bool:
    """Say whether the name of a record is made of parts, so that a whole one must be split."""
    return entity.split_name is not None


def missing_targets(
    entity: Entity, targets: Mapping[str, Target], mapped: Collection[str]
) -> list[str]:
    """Return the required targets that no column is mapped to."""
    missing = [one.name for one in targets.values() if one.required and one.name not in mapped]
    if is_composed(entity) and any(part in mapped for part in entity.name_parts):
        missing = [name for name in missing if name != entity.name_field]
    return missing


def name_key(entity: Entity) -> Same | None:
    """Return how names of a kind are compared; None where only equal names are the same."""
    return next((one for one in entity.duplicate_by if one.field == entity.name_field), None)


def keys_of(
    entity: Entity, targets: Mapping[str, Target], mapped: Collection[str]
) -> dict[str, str]:
    """Return {target: label} of what existing records can be recognized by, the best first."""
    names = [ID, *_telling(entity, mapped)]
    names += [one.name for one in targets.values()
              if one.field is not None and one.field.column and one.kind in KEY_KINDS]  # fmt: skip
    parts = is_composed(entity) and any(part in mapped for part in entity.name_parts)
    return {
        name: targets[name].label
        for name in dict.fromkeys(names)
        if name in targets and (name in mapped or (name == entity.name_field and parts))
    }


def _telling(entity: Entity, mapped: Collection[str]) -> list[str]:
    """Return the declared keys: people are told apart by an e-mail sooner than by a name."""
    names = [one.field for one in entity.duplicate_by if one.how != "domain"]
    same = name_key(entity)
    if same is None:
        return [entity.name_field, *names]
    if same.how == "person" and "emails" in mapped:
        names.sort(key=lambda name: name != "emails")
    return names


def _is_written(entity: Entity, field: Field) -> bool:
    if field.read_only or field.expression is not None or "__" in field.path and not field.column:
        return False
    return not field.locked or never_hidden(entity, field)


def _can_create(field: Field, user: Any) -> bool:
    if field.kind not in ("link", "links"):
        return False
    target = next((one for one in entities() if one.key == field.target), None)
    if target is None or not importable(target):
        return False
    return outcome_for(target, user, "add") is not False
