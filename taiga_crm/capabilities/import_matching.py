"""Recognize records: rows whose key a visible record has are updates, never a second record."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.duplicate_keys import KEYS, keys_of
from taiga_crm.capabilities.import_links import ids_by_key
from taiga_crm.capabilities.import_rows import Row
from taiga_crm.capabilities.import_targets import ID, name_key
from taiga_crm.kernel.text import folded
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Same


class Matching:
    """Finds the records of a chunk's rows, and rows of the file that mean the same one."""

    def __init__(self, entity: Entity, user: Any, key: str, headers: dict[str, str]) -> None:
        self.entity, self.user, self.key = entity, user, key
        self.header = headers.get(key, "")
        self.same = next((one for one in entity.duplicate_by if one.field == key), None)
        self.by_name = name_key(entity)
        self._lines: dict[str, int] = {}
        self._records: dict[int, int] = {}

    def find(self, rows: list[Row]) -> None:
        """Put on each row the record it means; rows that mean several are refused."""
        open_rows = [row for row in rows if not row.refused]
        for row in open_rows:
            row.keys = self._keys(row)
        named = [row for row in open_rows if not row.keys and self._falls_back]
        for row in named:
            row.by_name, row.keys = True, self._name_keys(row)
        found = self._found({key for row in open_rows if not row.by_name for key in row.keys})
        by_name = self._found_by_name({key for row in named for key in row.keys})
        for row in open_rows:
            ids = _ids(by_name if row.by_name else found, row.keys)
            self._decide(row, self._same_place(row, ids))

    @property
    def _falls_back(self) -> bool:
        """Say whether a row without the key may be recognized by its name."""
        return bool(self.key) and self.key != ID and self.by_name not in (None, self.same)

    def _decide(self, row: Row, ids: list[int]) -> None:
        known = self._known_line(row)
        if known is not None:
            row.refuse(self.header, row.name, _("The same as in line %d.") % known)
            return
        for key in self._line_keys(row):
            self._lines[key] = row.line
        if len(ids) > 1:
            row.refuse(self.header, row.name, _("%d records match this row.") % len(ids))
        elif ids and ids[0] in self._records:
            line = self._records[ids[0]]
            row.refuse(self.header, row.name, _("The same as in line %d.") % line)
        elif ids:
            row.known = ids[0]
            self._records[ids[0]] = row.line
        elif self.key == ID and row.keys:
            # the same answer for a hidden record and for one that is not there
            row.refuse(self.header, row.keys[0], _("There is no such record."))

    def _line_keys(self, row: Row) -> list[str]:
        """Return what makes two lines of the file the same, with the place where it matters."""
        same = self.by_name if row.by_name else self.same
        if same is None or not same.within:
            return [f"{row.by_name}{key}" for key in row.keys]
        place = row.parts.get(same.within)
        told = row.values.get(same.within) or (folded(place[1]) if place else "")
        return [f"{row.by_name}{key}\t{told}" for key in row.keys]

    def _known_line(self, row: Row) -> int | None:
        return next((self._lines[k] for k in self._line_keys(row) if k in self._lines), None)

    def _keys(self, row: Row) -> list[str]:
        """Return the comparable forms of the row's key."""
        if self.key == "":
            return []
        if self.key == ID:
            part = row.parts.get(ID)
            return [part[1].lstrip("#")] if part else []
        if self.key == self.entity.name_field:
            return self._name_keys(row)
        value = row.values.get(self.key)
        if value in (None, "", []):
            return []
        if self.same is None:
            return [str(value)]
        texts = [one["value"] for one in value] if isinstance(value, list) else [str(value)]
        return keys_of(self.same, texts)

    def _name_keys(self, row: Row) -> list[str]:
        if not row.name:
            return []
        if self.by_name is None:
            return [row.name]
        return [key for key in [KEYS[self.by_name.how](row.name)] if key]

    def _found(self, keys: set[str]) -> dict[str, list[int]]:
        if not keys:
            return {}
        if self.same is not None:
            return ids_by_key(self.entity, self.user, self.same, keys)
        rows = rows_for(self.entity, self.user)
        found: dict[str, list[int]] = defaultdict(list)
        path = "pk" if self.key == ID else fields_for(self.entity, self.user)[self.key].path
        integer = self.key == ID or fields_for(self.entity, self.user)[self.key].kind == "integer"
        wanted: list[Any] = [int(key) for key in keys] if integer else list(keys)
        for pk, value in (
            rows.filter(**{f"{path}__in": wanted}).order_by("pk").values_list("pk", path)
        ):
            found[str(value)].append(pk)
        return found

    def _found_by_name(self, keys: set[str]) -> dict[str, list[int]]:
        """A name alone is enough where the record does not have the key either."""
        if not keys or self.by_name is None:
            return {}
        found = ids_by_key(self.entity, self.user, self.by_name, keys)
        ids = {pk for pks in found.values() for pk in pks}
        without = self._without_key(ids)
        return {key: [pk for pk in pks if pk in without] for key, pks in found.items()}

    def _without_key(self, ids: set[int]) -> set[int]:
        rows = rows_for(self.entity, self.user).filter(pk__in=ids)
        path = fields_for(self.entity, None).get(self.key)
        if self.same is not None and self.same.column:
            rows = rows.filter(**{self.same.column: ""})
        elif path is not None and path.kind in ("emails", "phones"):
            rows = rows.filter(**{f"{path.path}__isnull": True})
        return set(rows.values_list("pk", flat=True))

    def _same_place(self, row: Row, ids: list[int]) -> list[int]:
        """Two people of one name are two people unless they belong to the same record."""
        same: Same | None = self.by_name if row.by_name else self.same
        if same is None or not same.within or not ids:
            return ids
        if same.within not in row.values:
            return [] if same.within in row.parts else ids  # the file names a place to be made
        path = fields_for(self.entity, None)[same.within].path
        rows = rows_for(self.entity, self.user).filter(pk__in=ids)
        return list(rows.filter(**{path: row.values[same.within]}).values_list("pk", flat=True))


def _ids(found: dict[str, list[int]], keys: list[str]) -> list[int]:
    return list(dict.fromkeys(pk for key in keys for pk in found.get(key, ())))
