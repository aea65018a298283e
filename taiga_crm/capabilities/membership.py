"""Put many records under a row and take them out again, as a difference, each told in history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.list_request import read_list_request
from taiga_crm.capabilities.listing import bounded_time, matching_rows
from taiga_crm.capabilities.member_writing import MemberChange
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.permissions.decide import get_visible, outcome_for, rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entity as entity_of
from taiga_crm.registry.entity import Entity, Field

MAX_IDS = 500
MAX_MATCHING = 20_000


def change_members(entity: Entity, user: Any, pk: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """Add and remove members: {"add": ids, "remove": ids, "matching": {…}, "value": bool}.

    `matching` is a list request; all its rows are added, or removed with "value" false. What the
    person may not change is left as it is and counted as skipped; `results` tells it for each
    row that was named, and for rows that only matched where they were refused. Two people at
    once take turns, and each one's difference is applied to what the other left.
    """
    wanted, unwanted = _ids(data, "add"), _ids(data, "remove")
    if wanted & unwanted:
        raise InvalidInput({"remove": [_("The same record cannot be added and removed.")]})
    get_visible(entity, user, pk)
    kind, field = members_of(entity, user)
    _require_known(kind, user, {"add": wanted, "remove": unwanted})
    named = wanted | unwanted
    if data.get("matching") is not None:
        # before the transaction: the time it may take would bound all that follows
        found = _matching(kind, user, data["matching"])
        if data.get("value", True) is False:
            unwanted |= found - wanted
        else:
            wanted |= found - unwanted
    with transaction.atomic():
        group = _locked(entity, user, pk)
        change = MemberChange(kind, field, user, group)
        change.apply(wanted, unwanted)
    return change.answer(named)


def members_of(entity: Entity, user: Any) -> tuple[Entity, Field]:
    """Return the kind whose records the person may put under these rows, and by which field."""
    found = member_field(entity, user)
    if found is None:
        raise NotVisible("Nothing is put under rows of this kind")
    if outcome_for(found[0], user, "change") is False:
        raise Refused(_("You may not do this."), verb="change", kind=found[0].key)
    if found[1].read_only or found[1].locked:
        raise Refused(_("You may not change this field."), verb="change", kind=found[0].key)
    return found


def member_field(entity: Entity, user: Any) -> tuple[Entity, Field] | None:
    """Return the kind and the field of the records put under these rows, if the person sees it."""
    if entity.members is None:
        return None
    key, name = entity.members
    kind = entity_of(key)
    field = fields_for(kind, user).get(name)
    return None if field is None else (kind, field)


def _locked(entity: Entity, user: Any, pk: int) -> Any:
    """Lock the group but not its key: whoever links a record to it meanwhile need not wait."""
    rows = rows_for(entity, user).select_for_update(of=("self",), no_key=True)
    group = rows.filter(pk=pk).first()
    if group is None:
        raise NotVisible(f"No {entity.key} with this id")
    return group


def _ids(data: Mapping[str, Any], name: str) -> set[int]:
    given = data.get(name) or []
    if not isinstance(given, list) or len(given) > MAX_IDS:
        raise InvalidInput({name: [_("A list of at most %d is expected.") % MAX_IDS]})
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 1 for one in given):
        raise InvalidInput({name: [_("Choose one from the list.")]})
    return {min(one, 2**62) for one in given}


def _require_known(kind: Entity, user: Any, sent: Mapping[str, set[int]]) -> None:
    known = set(
        rows_for(kind, user).filter(pk__in=set().union(*sent.values())).values_list("pk", flat=True)
    )
    faults = {name: [_("Choose one from the list.")] for name, ids in sent.items() if ids - known}
    if faults:
        raise InvalidInput(faults)


def _matching(kind: Entity, user: Any, params: Any) -> set[int]:
    if not isinstance(params, dict) or not all(isinstance(one, str) for one in params.values()):
        raise InvalidInput({"matching": [_("The parameters of a list are expected.")]})
    rows = matching_rows(kind, user, read_list_request(kind, user, params))
    with bounded_time():
        found = set(rows.order_by().values_list("pk", flat=True)[: MAX_MATCHING + 1])
    if len(found) > MAX_MATCHING:
        raise InvalidInput({"matching": [_("At most %d at once: narrow the list.") % MAX_MATCHING]})
    return found
