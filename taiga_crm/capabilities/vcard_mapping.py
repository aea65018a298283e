"""Which field stands in which property of a vCard: the declared mapping, or the settings' own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.plain_edit import check_version
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.models import VcardMapping
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.keys import MANAGE_SETTINGS
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity

NAMES = ("N.family", "N.given", "N.additional", "N.prefix", "N.suffix")
ADDRESS = ("ADR.box", "ADR.extended", "ADR.street", "ADR.city", "ADR.region", "ADR.code",
           "ADR.country")  # fmt: skip
ORGANISATION = ("ORG.name", "ORG.unit")
SINGLE = ("NICKNAME", "TITLE", "ROLE", "IMPP", "URL", "BDAY", "ANNIVERSARY", "CATEGORIES", "NOTE",
          "TZ", "LANG", "GEO")  # fmt: skip
PROPERTIES = (*NAMES, *ORGANISATION, *ADDRESS, "EMAIL", "TEL", *SINGLE)
OWN = re.compile(r"X-[A-Z0-9][A-Z0-9-]{0,40}")
CHANNELS = {"emails": "EMAIL", "phones": "TEL"}
UNFIT = frozenset({"links", "tags", "color"})


def with_cards() -> list[Entity]:
    """Return the kinds of records that can be vCards."""
    return [entity for entity in entities() if entity.vcard is not None]


def mapping_of(entity: Entity) -> dict[str, str]:
    """Return {field: property} as the settings say, else as declared."""
    row = VcardMapping.objects.filter(kind=entity.key).first()
    return dict(row.fields if row is not None else _declared(entity))


def settings_of(user: Any) -> dict[str, Any]:
    """Return the mapping of every kind with what can be chosen, for its page."""
    rows = {row.kind: row for row in VcardMapping.objects.all()}
    return {
        "can_change": access_of(user).has_key(MANAGE_SETTINGS),
        "properties": list(PROPERTIES),
        "kinds": [_shown(entity, user, rows.get(entity.key)) for entity in with_cards()],
    }


def save_mapping(key: str, data: Mapping[str, Any], user: Any) -> dict[str, Any]:
    """Keep the mapping of one kind; an empty property leaves a field out of cards."""
    if not access_of(user).has_key(MANAGE_SETTINGS):
        raise Refused(_("You may not change settings."))
    entity = next((one for one in with_cards() if one.key == key), None)
    if entity is None:
        raise NotVisible("No such kind of card")
    wanted = _checked(entity, data.get("fields"), user)
    with transaction.atomic():
        row, _made = VcardMapping.objects.get_or_create(
            kind=key, defaults={"created_by": user, "fields": _declared(entity)}
        )
        row = VcardMapping.objects.select_for_update().get(pk=row.pk)
        check_version(row, data)
        hidden = {n: p for n, p in row.fields.items() if n not in fields_for(entity, user)}
        row.fields, row.modified_at, row.version = (
            {**hidden, **wanted}, clock.now(), row.version + 1,
        )  # fmt: skip
        row.save()
    return settings_of(user)


def _declared(entity: Entity) -> dict[str, str]:
    return dict(entity.vcard.fields) if entity.vcard is not None else {}


def _shown(entity: Entity, user: Any, row: VcardMapping | None) -> dict[str, Any]:
    fields = row.fields if row is not None else _declared(entity)
    declared = _declared(entity)
    return {
        "kind": entity.key,
        "label": str(entity.label_plural),
        "version": row.version if row is not None else 1,
        "fields": [
            {
                "name": field.name,
                "label": str(field.label),
                "kind": field.kind,
                "property": fields.get(field.name, ""),
                "default": declared.get(field.name, ""),
            }
            for field in fields_for(entity, user).values()
            if _fits(field.kind, field.expression)
        ],
    }


def _fits(kind: str, expression: Any) -> bool:
    return kind not in UNFIT and expression is None


def _checked(entity: Entity, given: Any, user: Any) -> dict[str, str]:
    """Return the wanted mapping; each property once, e-mails and phones only where they fit."""
    if not isinstance(given, dict):
        raise InvalidInput({"fields": [_("A property for each field is expected.")]})
    fields, wanted, faults = fields_for(entity, user), {}, {}
    taken: set[str] = set()
    for name, target in given.items():
        target = target.strip() if isinstance(target, str) else None
        target = target.upper() if target and target.upper().startswith("X-") else target
        if name not in fields or not _fits(fields[name].kind, fields[name].expression):
            faults[str(name)[:100]] = [_("Unknown column: %s") % str(name)[:100]]
        elif target is None or (target and not _allowed(fields[name].kind, target)):
            faults[name] = [_("This property does not fit the field.")]
        elif target in taken:
            faults[name] = [_("Another field has this property already.")]
        elif target:
            wanted[name] = target
            taken.add(target)
    if faults:
        raise InvalidInput(faults)
    return wanted


def _allowed(kind: str, target: str) -> bool:
    if kind in CHANNELS or target in CHANNELS.values():
        return CHANNELS.get(kind) == target
    return target in PROPERTIES or OWN.fullmatch(target) is not None
