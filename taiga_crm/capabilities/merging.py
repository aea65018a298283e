"""Merge records of one kind into one of them: values by choice, everything else moved.

Whoever merges must see and may change all of them, and may delete those that go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening, announce_many, projects_of
from taiga_crm.capabilities.channels import read_channels, same_channels
from taiga_crm.capabilities.draft import CHANNELS, Draft
from taiga_crm.capabilities.history import Change, links_change, record_history, text_change
from taiga_crm.capabilities.journal import Journal
from taiga_crm.capabilities.merge_rows import Mover
from taiga_crm.capabilities.merge_values import (
    carry_unseen,
    chosen_values,
    raise_flags,
    unite_projects,
)
from taiga_crm.capabilities.plain_edit import check_version, save_draft
from taiga_crm.capabilities.stored_rows import read_rows
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.models import MergeRun
from taiga_crm.permissions.decide import hidden_from_everybody, rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS

MOST = 5


@dataclass(frozen=True)
class MergeRequest:
    """Which records become one: `choices` maps a field to the record whose value it gets."""

    ids: list[int]
    winner: int
    versions: Mapping[str, Any]
    choices: Mapping[str, Any]


def records_to_merge(entity: Entity, user: Any, ids: list[int], *, lock: bool = False) -> list[Any]:
    """Return the records in the order of the ids, all visible and all allowed to be merged."""
    if not 2 <= len(ids) <= MOST:
        raise InvalidInput({"ids": [_("Choose two to five records.")]})
    rows = rows_for(entity, user).filter(pk__in=ids).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = {one.pk: one for one in rows}
    if len(found) < len(ids):
        raise NotVisible(f"No {entity.key} with this id")
    return [found[pk] for pk in ids]


def require_merge_rights(entity: Entity, user: Any, ids: list[int], losers: list[int]) -> None:
    """Raise Refused unless all may be changed and those that go may be deleted."""
    for verb, wanted in (("change", ids), ("delete", losers)):
        allowed = rows_for(entity, user, verb).filter(pk__in=wanted).values_list("pk", flat=True)
        refused = sorted(set(wanted) - set(allowed))
        if refused:
            raise Refused(_("You may not merge these records."), verb=verb, ids=refused)


def merge(entity: Entity, user: Any, asked: MergeRequest) -> MergeRun:
    """Merge locked records whose versions are the ones the caller read; return the run."""
    if asked.winner not in asked.ids:
        raise InvalidInput({"winner": [_("Choose one from the list.")]})
    with transaction.atomic():
        records = records_to_merge(entity, user, asked.ids, lock=True)
        winner = next(one for one in records if one.pk == asked.winner)
        losers = [one for one in records if one.pk != asked.winner]
        require_merge_rights(entity, user, asked.ids, [one.pk for one in losers])
        for one in records:
            require_open(user, projects_of(entity, one))
        for one in records:
            check_version(one, {"version": asked.versions.get(str(one.pk))})
        return _Merge(entity, user, winner, losers).run(asked.choices)


class _Merge:
    """One merge inside the caller's transaction."""

    def __init__(self, entity: Entity, user: Any, winner: Any, losers: list[Any]) -> None:
        self.entity, self.user, self.winner, self.losers = entity, user, winner, losers
        self.loser_ids = [one.pk for one in losers]
        self.private = hidden_from_everybody(entity, [winner.pk, *self.loser_ids])
        self.journal = Journal()

    def run(self, choices: Mapping[str, Any]) -> MergeRun:
        entity, winner = self.entity, self.winner
        (before,) = read_rows(entity.model, [winner.pk])
        channels = {field.name: read_channels(winner, field) for field in self._channels()}
        values = chosen_values(entity, self.user, winner, self.losers, choices)
        draft = Draft(entity, winner, values, self.user, creating=False)
        carry_unseen(entity, self.user, winner, self.losers)
        announce_many([Happening(entity, one, "delete", self.user) for one in self.losers])
        Mover(entity, winner.pk, self.loser_ids, self.journal).move_everything()
        carried = read_rows(entity.model, self.loser_ids)
        self.journal.delete(entity.model, self.loser_ids)
        united = unite_projects(entity, winner, self.losers)
        save_draft(draft, always=True)
        raise_flags(entity, winner.pk, carried)
        if entity.settle is not None:
            entity.settle([winner.pk])
        (after,) = read_rows(entity.model, [winner.pk])
        self.journal.note(entity.model, winner.pk, before, after)
        self._tell([*draft.changes(), *self._united_channels(channels), *self._placed(united)])
        return self._keep()

    def _channels(self) -> list[Field]:
        fields = fields_for(self.entity, self.user).values()
        return [field for field in fields if field.kind in CHANNELS]

    def _united_channels(self, before: dict[str, list[dict[str, Any]]]) -> list[Change]:
        found = []
        for field in self._channels():
            old, new = before[field.name], read_channels(self.winner, field)
            if not same_channels(old, new):
                show = KINDS[field.kind].text
                found.append(text_change(field.name, show(field, old), show(field, new)))
        return found

    def _placed(self, united: tuple[list[int], list[int]] | None) -> list[Change]:
        if united is None or united[0] == united[1]:
            return []
        fields = fields_for(self.entity, self.user).values()
        return [
            links_change(field.name, *united)
            for field in fields
            if field.kind == "links" and field.path == self.entity.projects
        ]

    def _tell(self, changes: list[Change]) -> None:
        key = self.entity.key
        for loser in self.losers:
            record_history(key, loser, self.user, "merge", [self._line("new", self.winner)])
        changes = [*(self._line("old", one) for one in self.losers), *changes]
        record_history(key, self.winner, self.user, "merge", changes)
        announce_many([Happening(self.entity, self.winner, "merge", self.user, changes)])

    def _line(self, side: str, record: Any) -> Change:
        """Return a line that names a record; one that was private by its number alone."""
        text = f"#{record.pk}" if record.pk in self.private else f"{record} (#{record.pk})"
        return {**text_change(self.entity.key, "", ""), side: text[:300]}

    def _keep(self) -> MergeRun:
        labels = {
            str(one.pk): {"label": str(one)[:255], "is_private": one.pk in self.private}
            for one in [self.winner, *self.losers]
        }
        return MergeRun.objects.create(
            kind=self.entity.key,
            winner_id=self.winner.pk,
            loser_ids=self.loser_ids,
            labels=labels,
            journal=self.journal.as_json(),
            made_by=self.user,
        )
