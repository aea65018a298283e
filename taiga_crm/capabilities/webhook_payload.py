"""What a webhook tells: built when it is sent, with the rights its owner has at that moment."""

from __future__ import annotations

from typing import Any

import orjson
from django.utils import translation

from taiga_crm.capabilities.history import show_history
from taiga_crm.capabilities.listing import in_project
from taiga_crm.capabilities.reading import read_record
from taiga_crm.capabilities.webhook_events import CHANGED, DELETED, IMPORTED, PING, told_kinds
from taiga_crm.models import Comment, HistoryEntry, RecordPart, Webhook, WebhookDelivery
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.decide import hidden_from_everybody, outcome_for, rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import my_projects
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.kinds import KINDS

VERSION = 1
MAX_BYTES = 65_536
CUT_TEXT = 4_000
LANGUAGE = "en"  # for programs: the same whoever owns the webhook
Json = dict[str, Any]


def build_body(webhook: Webhook, delivery: WebhookDelivery) -> str | None:
    """Return the JSON of a delivery; None when nothing of it is for the owner to tell."""
    with translation.override(LANGUAGE):
        told = _told(webhook, delivery)
    if told is None:
        return None
    name = f"{delivery.kind}.{delivery.event}" if delivery.kind else delivery.event
    actor = {"id": delivery.actor_id, "name": delivery.actor_name}
    payload = {
        "version": VERSION,
        "id": str(delivery.number),
        "event": name,
        "action": delivery.action or delivery.event,
        "at": KINDS["datetime"].show(delivery.at),
        "kind": delivery.kind or None,
        "actor": actor if delivery.actor_name else None,
        "webhook": {"id": webhook.pk, "name": webhook.name},
        **told,
    }
    return _bounded(payload)


def _told(webhook: Webhook, delivery: WebhookDelivery) -> Json | None:
    if delivery.event == PING:
        return {"record": None, "changes": [], "project_ids": _only_ours(webhook, [])}
    entity = next((one for one in told_kinds() if one.key == delivery.kind), None)
    if entity is None or outcome_for(entity, webhook.owner, "view") is False:
        return None
    if delivery.event == IMPORTED:
        return _of_many(entity, webhook, delivery)
    if delivery.event == DELETED:
        return {
            "record": {"id": delivery.object_id},
            "changes": [],
            "project_ids": _only_ours(webhook, delivery.project_ids),
        }
    return _of_record(entity, webhook, delivery)


def _of_many(entity: Entity, webhook: Webhook, delivery: WebhookDelivery) -> Json:
    """Counts are for those who see all that was counted."""
    owner = webhook.owner
    if webhook.project_id is None:
        sees_all = access_of(owner).has_key("view_everything")
    else:
        sees_all = access_of(owner).scope_in(entity.key, webhook.project_id) == "all"
    return {
        "record": None,
        "changes": [],
        "counts": delivery.counts if sees_all else None,
        "project_ids": _only_ours(webhook, []),
    }


def _of_record(entity: Entity, webhook: Webhook, delivery: WebhookDelivery) -> Json | None:
    """Private records never go out, not even those of the owner."""
    owner, pk = webhook.owner, delivery.object_id
    rows = rows_for(entity, owner).filter(pk=pk)
    if webhook.project_id is not None:
        rows = rows.filter(in_project(entity, webhook.project_id))
    place = rows.values_list(entity.projects or "pk", flat=True).first()
    if place is None or hidden_from_everybody(entity, [pk] if pk is not None else []):
        return None
    changes = _changes(entity, webhook, delivery)
    if delivery.event == CHANGED and delivery.changes and not changes:
        return None  # it is about hidden fields alone
    projects = place if isinstance(place, (list, tuple)) else [place] if entity.projects else []
    told: Json = {
        "record": _record(entity, owner, pk),
        "changes": changes,
        "project_ids": _only_ours(webhook, projects),
    }
    if delivery.part is not None:
        told["comment"] = _comment(entity, delivery)
    return told


def _record(entity: Entity, owner: Any, pk: Any) -> Json:
    record = read_record(entity, owner, pk)
    hidden = {name for name, flags in record.get("_fields", {}).items() if "hidden" in flags}
    return {
        name: value
        for name, value in record.items()
        if not name.startswith("_") and name not in hidden
    }


def _changes(entity: Entity, webhook: Webhook, delivery: WebhookDelivery) -> list[Json]:
    """Return the changes as the owner reads them in the history, of fields and parts alone.

    A merge also has lines that name the records that went: those have events of their own.
    """
    entry = HistoryEntry(
        kind=delivery.kind, object_id=delivery.object_id or 0, changes=delivery.changes
    )
    (shown,) = show_history(entity, [entry], webhook.owner)
    known = {*fields_for(entity, webhook.owner), *_part_names()}
    return [
        {"field": one["field"], "old": one["old"], "new": one["new"]}
        for one in shown["changes"]
        if one["field"] in known
    ]


def _part_names() -> set[str]:
    return {str(one._meta.model_name) for one in RecordPart.__subclasses__()}


def _comment(entity: Entity, delivery: WebhookDelivery) -> Json | None:
    about: Json = {"pk": delivery.part, "kind": entity.key, "object_id": delivery.object_id}
    found = Comment.objects.filter(**about).first()
    if found is None:
        return None
    gone = found.deleted_at is not None
    return {"id": found.pk, "text": None if gone else found.text, "is_deleted": gone}


def _only_ours(webhook: Webhook, ids: Any) -> list[int]:
    """Return the project of the webhook, or those of the record that its owner belongs to."""
    if webhook.project_id is not None:
        return [webhook.project_id]
    found = my_projects(webhook.owner).filter(pk__in=list(ids)).order_by("pk") if ids else None
    return [] if found is None else list(found.values_list("pk", flat=True))


def _bounded(payload: Json) -> str:
    """Return JSON of at most MAX_BYTES: first the record shrinks, then the texts."""
    body = _dumped(payload)
    if len(body) <= MAX_BYTES:
        return body.decode()
    record = payload["record"] or {}
    payload["truncated"] = True
    payload["record"] = {name: record[name] for name in ("id", "version") if name in record}
    if len(_dumped(payload)) > MAX_BYTES:
        payload["changes"] = [
            {**one, "old": str(one["old"])[:100], "new": str(one["new"])[:100]}
            for one in payload["changes"][:100]
        ]
        if payload.get("comment"):
            text = payload["comment"]["text"] or ""
            payload["comment"] = {**payload["comment"], "text": text[:CUT_TEXT]}
    return _dumped(payload).decode()


def _dumped(payload: Json) -> bytes:
    return orjson.dumps(payload, default=str)
