"""History: what changed, as texts, written once and shown only as far as the reader may see."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from taiga_crm.models import HistoryEntry
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entities, fields_of
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.kinds import KINDS

MAX_TEXT = 2_000
Change = dict[str, Any]


def text_change(field: str, old: str, new: str) -> Change:
    """Return one change as stored: field name, old and new text."""
    return {"field": field, "old": old[:MAX_TEXT], "new": new[:MAX_TEXT]}


def link_change(field: str, old: tuple[Any, str], new: tuple[Any, str]) -> Change:
    """Return a change of a link; the ids decide later who may read the texts."""
    change = text_change(field, old[1], new[1])
    return {**change, "old_id": old[0], "new_id": new[0]}


def record_history(
    entity_key: str, record: Any, actor: Any, verb: str, changes: list[Change]
) -> HistoryEntry:
    """Write one entry; `actor` is None for the system."""
    return HistoryEntry.objects.create(
        kind=entity_key,
        object_id=record.pk,
        label=str(record)[:255],
        verb=verb,
        changes=changes,
        actor=actor,
        actor_name=_name(actor),
    )


def read_history(entity: Entity, record_id: int, user: Any, start: int, size: int) -> list[Any]:
    """Return up to `size` entries of a visible record, newest first."""
    entries = list(
        HistoryEntry.objects.filter(kind=entity.key, object_id=record_id)
        .select_related("actor")
        .order_by("-id")[start : start + size]
    )
    visible = _visible_targets(entity, entries, user)
    return [_shown(entity, entry, visible) for entry in entries]


def _visible_targets(entity: Entity, entries: list[HistoryEntry], user: Any) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    fields = fields_of(entity.key)
    for entry in entries:
        for change in entry.changes:
            field = fields.get(change["field"])
            if field is not None and field.target and "old_id" in change:
                wanted[field.target] |= {change["old_id"], change["new_id"]} - {None}
    targets = {one.key: one for one in entities()}
    return {
        key: set(rows_for(targets[key], user).filter(pk__in=ids).values_list("pk", flat=True))
        for key, ids in wanted.items()
        if key in targets
    }


def _shown(entity: Entity, entry: HistoryEntry, visible: dict[str, set[int]]) -> dict[str, Any]:
    actor = None
    if entry.actor is not None or entry.actor_name:
        actor = {"id": entry.actor_id, "label": _name(entry.actor) or entry.actor_name}
    changes = [_shown_change(entity, change, visible) for change in entry.changes]
    return {
        "id": entry.pk,
        "at": KINDS["datetime"].show(entry.at),
        "actor": actor,
        "verb": entry.verb,
        "changes": changes,
    }


def _shown_change(entity: Entity, change: Change, visible: dict[str, set[int]]) -> Change:
    field = fields_of(entity.key).get(change["field"])
    label = str(field.label) if field is not None else change["field"]
    shown = {"field": change["field"], "label": label, "old": change["old"], "new": change["new"]}
    if field is not None and field.target in visible:
        for side in ("old", "new"):
            number = change.get(f"{side}_id")
            if number is not None and number not in visible[field.target]:
                shown[side] = "…"
    return shown


def _name(user: Any) -> str:
    if user is None:
        return ""
    return str(getattr(user, "full_name", "") or user.get_username())
