"""What became of merged records, and taking a merge back where nothing later is destroyed."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening, announce_many
from taiga_crm.capabilities.history import record_history_many
from taiga_crm.capabilities.journal import Undo
from taiga_crm.capabilities.plain_edit import refresh_derived
from taiga_crm.capabilities.stored_rows import model_of
from taiga_crm.conf import conf
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import NotVisible, Refused, WrongState
from taiga_crm.models import MergeRun
from taiga_crm.permissions.decide import get_allowed, get_visible, rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entity_of_model
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.kinds import KINDS

CHAIN = 10
SHOWN = 20
COUNTED = frozenset({"version", "modified_at"})


def undo_merge(entity: Entity, user: Any, pk: Any, run_id: Any) -> MergeRun:
    """Separate merged records again; WrongState with `conflicts` when later edits would go."""
    with transaction.atomic():
        winner = get_allowed(entity, user, "change", pk, lock=True)
        runs = MergeRun.objects.select_for_update().filter(kind=entity.key, winner_id=winner.pk)
        run = runs.filter(pk=run_id).first()
        if run is None:
            raise NotVisible("No such merge")
        if run.undone_at is not None or run.journal is None:
            raise WrongState(_("This merge can no longer be undone."))
        _take_back(entity, user, winner, run)
    return run


def merges_of(entity: Entity, user: Any, pk: Any) -> list[dict[str, Any]]:
    """Return the merges into a visible record, the latest first."""
    record = get_visible(entity, user, pk)
    runs = MergeRun.objects.filter(kind=entity.key, winner_id=record.pk).order_by("-pk")
    named = entity.name_field in fields_for(entity, user)
    return [_shown(run, user, named) for run in runs.select_related("made_by")[:SHOWN]]


def merged_into(entity: Entity, user: Any, pk: int) -> int | None:
    """Return the visible record that a deleted one was merged into; None for everybody else."""
    for _step in range(CHAIN):
        runs = MergeRun.objects.filter(kind=entity.key, loser_ids__contains=[pk], undone_at=None)
        winner = runs.order_by("-pk").values_list("winner_id", flat=True).first()
        if winner is None:
            return None
        if rows_for(entity, user).filter(pk=winner).exists():
            return int(winner)
        pk = winner
    return None


def forget_journals(now: datetime.datetime) -> int:
    """Empty the journals of merges that are too old to be undone; return how many."""
    limit = now - datetime.timedelta(days=conf().bin_days)
    old = MergeRun.objects.filter(made_at__lt=limit, journal__isnull=False)
    return int(old.update(journal=None))


def _take_back(entity: Entity, user: Any, winner: Any, run: MergeRun) -> None:
    model = entity.model
    undo = Undo(_without_derived(entity, run.journal), {(model, pk) for pk in run.loser_ids})
    conflicts = undo.conflicts()
    if conflicts:
        message = _("Later changes would be lost.")
        raise WrongState(message, conflicts=[_told(one, user) for one in conflicts])
    undo.apply()
    losers = list(rows_for(entity, user, "delete").filter(pk__in=run.loser_ids))
    if len(losers) < len(run.loser_ids):
        raise Refused(_("You may not undo this merge."), verb="delete", kind=entity.key)
    if entity.settle is not None:
        entity.settle([winner.pk, *run.loser_ids])
    winner = rows_for(entity, user).get(pk=winner.pk)
    refresh_derived(entity, winner)
    run.undone_at, run.undone_by, run.journal = clock.now(), user, None
    run.save(update_fields=["undone_at", "undone_by", "journal"])
    record_history_many(entity.key, [(one, []) for one in [winner, *losers]], user, "unmerge")
    announce_many(
        [
            Happening(entity, winner, "change", user),
            *(Happening(entity, one, "restore", user) for one in losers),
        ]
    )


def _without_derived(entity: Entity, journal: Any) -> dict[str, Any]:
    """Leave out columns that are computed from others: they are computed again."""
    derived = {*COUNTED, entity.search_column, *entity.key_columns}
    own = entity.model._meta.label_lower
    changed = []
    for label, pk, pairs in journal["changed"]:
        left = {n: v for n, v in pairs.items() if n not in (derived if label == own else COUNTED)}
        if left:
            changed.append([label, pk, left])
    return {**journal, "changed": changed}


def _told(conflict: dict[str, Any], user: Any) -> dict[str, Any]:
    """Return a conflict as a person reads it; a hidden row or field stays unnamed."""
    model = model_of(conflict["table"])
    entity = entity_of_model(model) if model is not None else None
    if entity is None:
        return {"kind": "", "id": None, "label": "", "field": ""}
    fields = fields_for(entity, user)
    record = rows_for(entity, user).filter(pk=conflict["id"]).first()
    field = next((one for one in fields.values() if one.path == conflict["column"]), None)
    return {
        "kind": entity.key,
        "id": None if record is None else record.pk,
        "label": str(record) if record is not None and entity.name_field in fields else "",
        "field": "" if field is None else str(field.label),
    }


def _shown(run: MergeRun, user: Any, named: bool) -> dict[str, Any]:
    known = {
        pk: one["label"]
        for pk, one in run.labels.items()
        if named and (not one["is_private"] or run.made_by_id == user.pk)
    }
    who = run.made_by
    return {
        "id": run.pk,
        "made_at": KINDS["datetime"].show(run.made_at),
        "made_by": None
        if who is None
        else {"id": who.pk, "label": getattr(who, "full_name", "") or who.get_username()},
        "merged": [{"id": pk, "label": known.get(str(pk), "")} for pk in run.loser_ids],
        "undone": run.undone_at is not None,
        "can_undo": run.undone_at is None and run.journal is not None,
    }
