"""The name of a row: of its own column or made of parts, and its form for comparing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from taiga_crm.capabilities.duplicate_keys import KEYS
from taiga_crm.capabilities.import_mapping import Column
from taiga_crm.capabilities.import_rows import Row
from taiga_crm.capabilities.import_targets import name_key
from taiga_crm.capabilities.import_texts import one_line
from taiga_crm.kernel.text import folded
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.header_words import TOTALS

FIGURE = re.compile(r"[\d\s.,%+'()€$£¥₩-]*")


class Naming:
    """Reads the names of an import's rows."""

    def __init__(
        self, entity: Entity, columns: Sequence[Column], headers: Mapping[str, str]
    ) -> None:
        self.same = name_key(entity)
        wanted: tuple[str, ...] = (entity.name_field,)
        if entity.name_field not in headers:
            wanted = entity.name_parts or wanted
        self._columns = len(columns)
        places = {one.target.name: one.position for one in columns}
        self._places = [places[name] for name in wanted if name in places]
        self._header = next((headers[name] for name in wanted if name in headers), "")

    def read(self, row: Row, cells: Sequence[str]) -> None:
        """Put the name on the row."""
        parts = [cells[place] for place in self._places if place < len(cells)]
        row.name = one_line(" ".join(part for part in parts if part))
        row.is_total = self._is_total(row.name, cells)

    def _is_total(self, name: str, cells: Sequence[str]) -> bool:
        """Say whether a line sums others up: it is called so, and has nothing but numbers."""
        if folded(name).rstrip(" :.,=0123456789") not in TOTALS or self._columns < 2:
            return False
        others = (cell for place, cell in enumerate(cells) if place not in self._places)
        return all(FIGURE.fullmatch(cell) for cell in others)

    def key(self, name: str) -> str:
        """Return the comparable form of a name."""
        if not name:
            return ""
        return KEYS[self.same.how](name) if self.same is not None else folded(name)

    def check(self, row: Row) -> None:
        """Refuse a new row whose name has no letter and no digit, and one of totals."""
        if not row.refused and row.known is None and not self.key(row.name):
            row.refuse(self._header, row.name, _("The name is missing."))
        if not row.refused and row.known is None and row.is_total:
            row.refuse(self._header, row.name, _("This looks like the line of totals."))
