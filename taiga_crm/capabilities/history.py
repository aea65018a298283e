"""History: what changed, as texts, written once and shown only as far as the reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model

from taiga_crm.capabilities.copying import copy_values
from taiga_crm.kernel import clock
from taiga_crm.models import HistoryEntry, RecordPart
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import my_projects
from taiga_crm.permissions.row_rules import hidden_names, hides_by_row
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.derive import label_column
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS

MAX_TEXT = 2_000
CUSTOM = "cf_"  # what the names of custom fields begin with, and no other name
SPOKEN_KINDS = frozenset({"boolean", "choice", "country", "tags"})
Change = dict[str, Any]


def value_change(field: str, old: Any, new: Any) -> Change:
    """Return a change of a value whose text depends on the reader's language, as it is stored."""
    return {"field": field, "old": old, "new": new}


def text_change(field: str, old: str, new: str) -> Change:
    """Return one change as stored: field name, old and new text."""
    return {"field": field, "old": old[:MAX_TEXT], "new": new[:MAX_TEXT]}


def link_change(field: str, old: tuple[Any, str], new: tuple[Any, str]) -> Change:
    """Return a change of a link; the ids decide later who may read the texts."""
    change = text_change(field, old[1], new[1])
    return {**change, "old_id": old[0], "new_id": new[0]}


def links_change(field: str, old: Iterable[int], new: Iterable[int]) -> Change:
    """Return a change of several links, as ids: each reader gets the names he may see."""
    return {"field": field, "old": "", "new": "", "old_ids": sorted(old), "new_ids": sorted(new)}


def record_history(
    entity_key: str, record: Any, actor: Any, verb: str, changes: list[Change]
) -> HistoryEntry:
    """Write one entry; `actor` is None for the system."""
    entry = history_entry(entity_key, record, actor, verb, changes)
    entry.save(force_insert=True)
    return entry


def record_history_many(
    entity_key: str, acts: Iterable[tuple[Any, list[Change]]], actor: Any, verb: str
) -> None:
    """Write one entry for each (record, changes), all in one statement."""
    who = (getattr(actor, "pk", None), actor_name(actor), clock.now())
    copy_values(
        HistoryEntry,
        ("kind", "object_id", "label", "verb", "changes", "actor", "actor_name", "at"),
        [(entity_key, one.pk, str(one)[:255], verb, how, *who) for one, how in acts],
    )


def history_entry(
    entity_key: str, record: Any, actor: Any, verb: str, changes: list[Change]
) -> HistoryEntry:
    """Return one entry, not written yet."""
    return HistoryEntry(
        kind=entity_key,
        object_id=record.pk,
        label=str(record)[:255],
        verb=verb,
        changes=changes,
        actor=actor,
        actor_name=actor_name(actor),
    )


def blank_history(entity_key: str, record_id: int) -> None:
    """Take the values out of a record's history: who did what and when stays, as an audit stub."""
    entries = HistoryEntry.objects.filter(kind=entity_key, object_id=record_id)
    for entry in entries.select_for_update():
        entry.label = ""
        entry.changes = [{"field": one["field"], "old": "", "new": ""} for one in entry.changes]
        entry.save(update_fields=["label", "changes"])


def read_history(entity: Entity, record_id: int, user: Any, start: int, size: int) -> list[Any]:
    """Return up to `size` entries of a visible record, newest first."""
    entries = list(
        HistoryEntry.objects.filter(kind=entity.key, object_id=record_id)
        .select_related("actor")
        .order_by("-id")[start : start + size]
    )
    shown = show_history(entity, entries, user)
    # an entry that is about hidden fields alone is none of the reader's business
    return [
        item
        for entry, item in zip(entries, shown, strict=True)
        if item["changes"] or not entry.changes
    ]


def show_history(entity: Entity, entries: list[HistoryEntry], user: Any) -> list[Change]:
    """Return entries of one kind as far as the person sees its fields, in the same order.

    A change of a field that the person may not see is left out.
    """
    visible = _visible_targets(entity, entries, user)
    hidden = _hidden_on(entity, {entry.object_id for entry in entries}, user)
    return [
        _shown(entity, entry, visible, user, hidden.get(entry.object_id, hidden[None]))
        for entry in entries
    ]


def _hidden_on(entity: Entity, ids: set[int], user: Any) -> dict[int | None, frozenset[str]]:
    """Return {record: hidden fields}; None stands for a record that is gone or of no matter."""
    found: dict[int | None, frozenset[str]] = {None: hidden_names(entity, user)}
    if hides_by_row(entity, user):
        for pk, record in entity.model._base_manager.in_bulk(ids).items():
            found[pk] = hidden_names(entity, user, record)
    return found


def _visible_targets(
    entity: Entity, entries: list[HistoryEntry], user: Any
) -> dict[str, dict[int, str]]:
    """Return {target: {id: label}} of the linked rows that the reader may see."""
    wanted: dict[str, set[int]] = defaultdict(set)
    fields = fields_for(entity, user)
    for entry in entries:
        for change in entry.changes:
            field = fields.get(change["field"])
            if field is not None and field.target:
                ids = {change.get("old_id"), change.get("new_id")}
                ids |= {*change.get("old_ids", ()), *change.get("new_ids", ())}
                wanted[field.target] |= ids - {None}  # type: ignore[arg-type]
    return {target: _labels(target, ids, user) for target, ids in wanted.items() if ids}


def _labels(target: str, ids: set[int], user: Any) -> dict[int, str]:
    if target == "user":
        rows = get_user_model().objects.all()
    elif target == "project":
        rows = my_projects(user)
    else:
        rows = rows_for(next(one for one in entities() if one.key == target), user)
    label = label_column(rows.model)
    return dict(rows.filter(pk__in=ids).values_list("pk", label))


def _shown(
    entity: Entity,
    entry: HistoryEntry,
    visible: dict[str, dict[int, str]],
    user: Any,
    hidden: frozenset[str],
) -> dict[str, Any]:
    actor = None
    if entry.actor is not None or entry.actor_name:
        actor = {"id": entry.actor_id, "label": actor_name(entry.actor) or entry.actor_name}
    changes = [
        _shown_change(entity, change, visible, user)
        for change in entry.changes
        if change["field"] not in hidden and not _is_out_of_sight(entity, change, user)
    ]
    return {
        "id": entry.pk,
        "at": KINDS["datetime"].show(entry.at),
        "actor": actor,
        "verb": entry.verb,
        "changes": changes,
    }


def _shown_change(
    entity: Entity, change: Change, visible: dict[str, dict[int, str]], user: Any
) -> Change:
    field = fields_for(entity, user).get(change["field"])
    label = str(field.label) if field is not None else _label_of(change["field"])
    shown = {"field": change["field"], "label": label, "old": change["old"], "new": change["new"]}
    if field is not None and field.kind in SPOKEN_KINDS:
        for side in ("old", "new"):
            shown[side] = _spoken(field, change[side])
    if field is not None and field.target in visible:
        for side in ("old", "new"):
            shown[side] = _seen(change, side, visible[field.target])
    return shown


def _is_out_of_sight(entity: Entity, change: Change, user: Any) -> bool:
    """Say whether a change is about a custom field that the reader does not see, or no more."""
    return change["field"].startswith(CUSTOM) and change["field"] not in fields_for(entity, user)


def _label_of(name: str) -> str:
    """Return the label of a change that is about a row of another kind, or a part of the record."""
    parts = {one._meta.model_name: one._meta.verbose_name for one in RecordPart.__subclasses__()}
    return next(
        (str(one.label) for one in entities() if one.key == name), str(parts.get(name, name))
    )


def _spoken(field: Field, value: Any) -> str:
    return "" if value is None or value == "" else KINDS[field.kind].text(field, value)


def _seen(change: Change, side: str, labels: dict[int, str]) -> str:
    """Return a side of a link change; what the reader may not see becomes one ellipsis."""
    if f"{side}_ids" in change:
        known = [labels[number] for number in change[f"{side}_ids"] if number in labels]
        hidden = len(known) < len(change[f"{side}_ids"])
        return ", ".join([*known, "…"] if hidden else known)
    number = change.get(f"{side}_id")
    return str(change[side]) if number is None or number in labels else "…"


def actor_name(user: Any) -> str:
    """Return the name of who did it, as it is kept beside the link to him."""
    if user is None:
        return ""
    return str(getattr(user, "full_name", "") or user.get_username())
