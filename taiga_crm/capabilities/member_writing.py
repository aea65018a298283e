"""Write a difference of members: who is put under a row, who is taken out, who may not be."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening, announce_many
from taiga_crm.capabilities.bulk_answers import Result, refusal
from taiga_crm.capabilities.history import links_change, record_history_many
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import CrmError, InvalidInput, Refused
from taiga_crm.permissions.decide import locked, rows_for, with_flag, with_places
from taiga_crm.permissions.projects import require_open
from taiga_crm.permissions.row_rules import flags_on, standing_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.masks import any_of

CHUNK = 500
TOLD = 500


class MemberChange:
    """One change of the members of a row that is locked."""

    def __init__(self, kind: Entity, field: Field, user: Any, group: Any) -> None:
        self.kind, self.field, self.user, self.group = kind, field, user, group
        relation: Any = kind.model._meta.get_field(field.path)
        self.through = relation.remote_field.through
        self.near, self.far = relation.m2m_column_name(), relation.m2m_reverse_name()
        self.results: dict[int, Result] = {}

    def apply(self, wanted: set[int], unwanted: set[int]) -> None:
        """Write the difference to what is there now."""
        hidden = self._hidden(wanted | unwanted)
        wanted, unwanted = wanted - hidden, unwanted - hidden
        inside = self._members(wanted | unwanted)
        for pk in (wanted & inside) | (unwanted - inside):
            self.results[pk] = {"id": pk, "status": "unchanged"}
        records = self._changeable((wanted - inside) | (unwanted & inside), unwanted & inside)
        added, removed = sorted(wanted & set(records)), sorted(unwanted & set(records))
        rows = self.through._base_manager
        for start in range(0, len(added), CHUNK):
            some = added[start : start + CHUNK]
            made = [self.through(**{self.far: self.group.pk, self.near: one}) for one in some]
            rows.bulk_create(made, ignore_conflicts=True)
        rows.filter(**{self.far: self.group.pk, f"{self.near}__in": removed}).delete()
        for status, ids in (("added", added), ("removed", removed)):
            self.results.update({pk: {"id": pk, "status": status} for pk in ids})
        self._tell(records, set(added))

    def answer(self, named: set[int]) -> dict[str, Any]:
        """Return how many of each, and the result of the rows that a person asks about."""
        counts = Counter(one["status"] for one in self.results.values())
        refused = [pk for pk, one in self.results.items() if one["status"] == "refused"]
        self._name(refused[:TOLD])
        told = sorted(named | set(refused[:TOLD]))
        return {
            "added": counts["added"],
            "removed": counts["removed"],
            "skipped": counts["refused"],
            "results": [self.results[pk] for pk in told],
        }

    def _hidden(self, ids: set[int]) -> set[int]:
        """Refuse the records where a rule hides the links: "unchanged" would tell of them."""
        if not self.field.hidden_where:
            return set()
        rows = rows_for(self.kind, self.user).filter(pk__in=ids)
        hidden = set(rows.filter(any_of(self.field.hidden_where)).values_list("pk", flat=True))
        self.results.update({pk: refusal(pk, self._closed()) for pk in hidden})
        return hidden

    def _closed(self) -> CrmError:
        return InvalidInput({self.field.name: [_("You may not change this field.")]})

    def _members(self, ids: set[int]) -> set[int]:
        rows = self.through._base_manager.filter(**{self.far: self.group.pk})
        return set(rows.filter(**{f"{self.near}__in": ids}).values_list(self.near, flat=True))

    def _changeable(self, ids: set[int], unwanted: set[int]) -> dict[int, Any]:
        """Return the locked records that may be written, and note why the others may not."""
        rows = with_places(rows_for(self.kind, self.user), self.kind).filter(pk__in=ids)
        rows = with_flag(rows, self.kind, self.user, "change").order_by("pk")
        found = {one.pk: one for one in locked(rows, "change")}
        needed = self._needed(set(found) & unwanted)
        for pk, record in list(found.items()):
            fault = self._fault(record) or needed.get(pk)
            if fault is not None:
                self.results[pk] = refusal(pk, fault)
                del found[pk]
        return found

    def _fault(self, record: Any) -> CrmError | None:
        if not record.allowed:
            return Refused(_("You may not do this."), verb="change", kind=self.kind.key)
        if "read_only" in self._flags(record):
            return self._closed()
        try:
            require_open(self.user, record.places)
        except CrmError as error:
            return error
        return None

    def _needed(self, leaving: set[int]) -> dict[int, CrmError]:
        """Return the records that must be under some row and would be under none."""
        if not leaving or not (self.field.required or self.field.required_where):
            return {}
        links = self._links(leaving)
        lonely = {pk for pk in leaving if links.get(pk) == {self.group.pk}}
        records = self.kind.model._base_manager.filter(pk__in=lonely)
        fault = InvalidInput({self.field.name: [_("This field is required.")]})
        bound = self.field.required
        return {one.pk: fault for one in records if bound or "required" in self._flags(one)}

    def _flags(self, record: Any) -> dict[str, bool]:
        field = self.field
        if not (field.locked_where or field.required_where):
            return {}
        standing = standing_of(self.kind, record)
        return flags_on({field.name: field}, standing).get(field.name, {})

    def _tell(self, records: dict[int, Any], added: set[int]) -> None:
        if not records:
            return
        self.kind.model._base_manager.filter(pk__in=list(records)).update(
            version=F("version") + 1, modified_at=clock.now()
        )
        links = self._links(set(records))
        acts = []
        for pk, record in records.items():
            now = links.get(pk, set())
            before = now - {self.group.pk} if pk in added else now | {self.group.pk}
            acts.append((record, [links_change(self.field.name, before, now)]))
        record_history_many(self.kind.key, acts, self.user, "update")
        announce_many(
            [Happening(self.kind, record, "change", self.user, how) for record, how in acts]
        )

    def _links(self, ids: set[int]) -> dict[int, set[int]]:
        table = self.through._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {self.near}, array_agg({self.far}) FROM {table}"
                f" WHERE {self.near} = ANY(%s) GROUP BY {self.near}",
                [sorted(ids)],
            )
            return {pk: set(found) for pk, found in cursor.fetchall()}

    def _name(self, ids: list[int]) -> None:
        """Put names beside the refusals: whoever chose by a filter does not know the ids."""
        rows = self.kind.model._base_manager.filter(pk__in=ids)
        for pk, name in rows.values_list("pk", self.kind.name_field) if ids else ():
            self.results[pk]["label"] = str(name)
