"""Import a file: a chunk of rows at a time, all of them in the caller's transaction.

Rows that the rules refuse are left out and told; any other failure leaves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Mass
from taiga_crm.capabilities.import_cells import Reader
from taiga_crm.capabilities.import_links import Links, describe, reason_of
from taiga_crm.capabilities.import_mapping import Column, columns_of
from taiga_crm.capabilities.import_matching import Matching
from taiga_crm.capabilities.import_naming import Naming
from taiga_crm.capabilities.import_order import Plan, plan
from taiga_crm.capabilities.import_report import Report
from taiga_crm.capabilities.import_rows import Row
from taiga_crm.capabilities.import_targets import (
    keys_of,
    missing_targets,
    targets_of,
)
from taiga_crm.capabilities.import_writing import Writer
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.capabilities.table_files import Reading, open_table
from taiga_crm.capabilities.tables import Line
from taiga_crm.kernel.errors import CrmError, InvalidInput
from taiga_crm.kernel.garbage import seldom_collected
from taiga_crm.models import Import
from taiga_crm.registry.catalog import entity as entity_named
from taiga_crm.registry.entity import Entity, Field

CHUNK = 1_000
LINKS = ("link", "links")
Progress = Callable[[int, int], None]


@dataclass
class Setting:
    """What was chosen for an import."""

    mode: str = "create_update"
    key: str = ""
    empty: str = "keep"
    create_missing: frozenset[str] = field(default_factory=frozenset)
    project: int | None = None
    currency: str = ""


def import_file(
    run: Import, file: IO[bytes], user: Any, progress: Progress, *, is_preview: bool
) -> tuple[Report, list[dict[str, Any]]]:
    """Write the rows of a file as the person; return the report and what was made for links.

    InvalidInput when a required column is missing or the file cannot be read.
    """
    entity = entity_named(run.kind)
    targets = targets_of(entity, user)
    headers = [one["header"] for one in run.columns]
    columns = columns_of(targets, headers, run.mapping)
    mapped = {one.target.name for one in columns}
    setting = read_setting(run.settings, keys_of(entity, targets, mapped))
    missing = missing_targets(entity, targets, mapped)
    if missing and setting.mode != "update":
        names = ", ".join(targets[name].label for name in missing)
        raise InvalidInput({"mapping": [_("No column holds: %s.") % names]})
    lock_in_transaction(f"crm.import.{entity.key}", 0)
    work = _Import(run, entity, user, columns, setting, is_preview=is_preview)
    with seldom_collected():
        work.write(file, progress)
    made = [{"kind": one.key, "id": record.pk} for one, record in work.links.made]
    return work.report, made


def read_setting(stored: dict[str, Any], keys: dict[str, str]) -> Setting:
    """Return the settings of an import; a key that is no longer mapped gives way to the best."""
    key = stored.get("key") or ""
    return Setting(
        mode=stored.get("mode") or "create_update",
        key=key if key in keys else next(iter(keys), ""),
        empty=stored.get("empty") or "keep",
        create_missing=frozenset(stored.get("create_missing") or ()),
        project=stored.get("project"),
        currency=stored.get("currency") or "",
    )


class _Import:
    """One file on its way, with everything that outlives a chunk."""

    def __init__(
        self,
        run: Import,
        entity: Entity,
        user: Any,
        columns: list[Column],
        setting: Setting,
        *,
        is_preview: bool,
    ) -> None:
        self.run, self.entity, self.user, self.columns = run, entity, user, columns
        self.is_preview = is_preview
        self.report = Report(run)
        self.headers = {one.target.name: one.header for one in columns}
        self.naming = Naming(entity, columns, self.headers)
        names = {entity.name_field, *entity.name_parts}
        self.reader = Reader(columns, setting.currency, names, clear=setting.empty == "clear")
        self.width = run.reading.get("width", 0)
        mass = Mass(is_silent=is_preview)
        self.links = Links(user, setting.create_missing, setting.project, mass)
        self.matching = Matching(entity, user, setting.key, self.headers)
        self.writer = Writer(entity, user, setting, self.links, self.headers)
        self.above = self._link_above()
        self.plan = Plan()
        self.made: dict[str, int | None] = {}

    def write(self, file: IO[bytes], progress: Progress) -> None:
        """Write all rows, those above others first."""
        how = Reading(**self.run.reading["how"])
        if self.above is not None:
            self.plan = plan(self._relatives(open_table(file, how).lines, self.above))
        done, total = 0, max(self.run.reading.get("rows", 0), 1)
        waiting: dict[int, list[Line]] = {}
        for lines in _chunks(self._due(open_table(file, how).lines, waiting)):
            self._write_chunk(lines)
            done += len(lines)
            progress(done, max(total, done))
        for level in sorted(waiting):
            for lines in _chunks(iter(waiting[level])):
                self._write_chunk(lines)
                done += len(lines)
                progress(done, max(total, done))

    def _link_above(self) -> Column | None:
        """Return the column that names another row of the same kind."""
        return next(
            (one for one in self.columns
             if one.target.kind == "link" and one.target.field is not None
             and one.target.field.target == self.entity.key),
            None,
        )  # fmt: skip

    def _relatives(self, lines: Iterable[Line], above: Column) -> Iterator[tuple[int, str, str]]:
        for line in lines:
            row = Row(line.number)
            cells = line.cells
            parent = cells[above.position] if above.position < len(cells) else ""
            self.naming.read(row, cells)
            yield line.number, self.naming.key(row.name), self.naming.key(parent)

    def _due(self, lines: Iterable[Line], waiting: dict[int, list[Line]]) -> Iterator[Line]:
        """Yield the rows that need no other one; keep the others by their level."""
        for line in lines:
            level = self.plan.levels.get(line.number, 0)
            if level:
                waiting.setdefault(level, []).append(line)
            else:
                yield line

    def _write_chunk(self, lines: list[Line]) -> None:
        rows = []
        for line in lines:
            row = Row(line.number)
            self.naming.read(row, line.cells)
            self.reader.read(row, line.cells)
            if self.width and any(line.cells[self.width :]):
                extra = next(cell for cell in line.cells[self.width :] if cell)
                row.doubt("", extra, _("The line has more cells than the file has columns."))
            rows.append(row)
        self._load_links(rows)
        for row in rows:
            self._link(row)
        self.matching.find(rows)
        for row in rows:
            self.naming.check(row)
            if not row.refused:
                self._make_links(row)
        self.writer.write(rows)
        for row in rows:
            self._remember(row)
        self.report.add(rows, is_preview=self.is_preview)

    def _load_links(self, rows: list[Row]) -> None:
        wanted: dict[str, set[str]] = {}
        for row in rows:
            for field_, _column, text in _link_parts(row):
                wanted.setdefault(field_.target or "", set()).add(text)
        self.links.load(wanted)

    def _link(self, row: Row) -> None:
        """Turn the texts of links into ids; what is to be made stays for later."""
        for spec, column, text in list(_link_parts(row)):
            found = self.links.find(spec, text)
            pk = found.ids[0] if len(found.ids) == 1 else None
            if self.above is not None and column.position == self.above.position:
                pk = self._link_to_above(row, column, text, pk)
                if pk is None:
                    row.parts.pop(spec.name, None)
                    continue
            if pk is not None:
                _put(row, spec, pk, text)
                if found.reading:
                    row.doubt(column.header, text, _("Read as %s.") % found.reading)
            elif found.ids or not self.links.makes(spec):
                row.leave_out(column.header, text, describe(found, spec))
                _drop(row, spec, text)

    def _link_to_above(self, row: Row, column: Column, text: str, pk: int | None) -> int | None:
        """Find the row above in the file too; None, with the reason told, when there is none."""
        if row.line in self.plan.circles:
            row.leave_out(column.header, text, _("It would be below itself."))
            return None
        if row.line in self.plan.deep:
            row.leave_out(column.header, text, _("It would lie too deep."))
            return None
        spec = column.target.field
        assert spec is not None, "links are fields"
        known = self.links.find(spec, text)
        pk = pk or (self.made.get(self.naming.key(text)) if not known.ids else None)
        if pk is None and len(known.ids) > 1:
            row.leave_out(column.header, text, describe(known, spec))
        elif pk is None:
            reason = _("It is found neither in the file nor in the CRM.")
            row.leave_out(column.header, text, reason)
        return pk

    def _make_links(self, row: Row) -> None:
        for spec, column, text in list(_link_parts(row)):
            try:
                pk = self.links.make(spec, text)
            except CrmError as refusal:
                row.leave_out(column.header, text, reason_of(refusal))
                _drop(row, spec, text)
            else:
                _put(row, spec, pk, text)

    def _remember(self, row: Row) -> None:
        """Keep the rows that others name as the one above them."""
        if self.above is None or row.object_id is None:
            return
        key = self.naming.key(row.name)
        if key in self.plan.wanted and not row.refused:
            self.made[key] = row.object_id
            record = self.writer.records.get(row.object_id)
            if record is not None:
                self.links.rows[self.entity.key, row.object_id] = record


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def _link_parts(row: Row) -> Iterator[tuple[Field, Column, str]]:
    """Yield the links of a row that are still texts."""
    for part in row.parts.values():
        for column, text in part if isinstance(part, list) else [part]:
            if column.target.kind in LINKS:
                yield column.target.field, column, text


def _put(row: Row, spec: Field, pk: int, text: str) -> None:
    if spec.kind == "links":
        row.values[spec.name] = [*row.values.get(spec.name, ()), pk]
    else:
        row.values[spec.name] = pk
    _drop(row, spec, text)


def _drop(row: Row, spec: Field, text: str) -> None:
    part = row.parts.get(spec.name)
    if isinstance(part, list):
        part[:] = [one for one in part if one[1] != text]
        if part:
            return
    row.parts.pop(spec.name, None)
