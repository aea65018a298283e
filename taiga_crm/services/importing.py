"""Import accounts from a CSV file: parents by name, doubts told, a second run changes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.channels import channel_key
from taiga_crm.capabilities.csv_table import Line, read_table
from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.plain_edit import change_record, create_record
from taiga_crm.kernel.errors import CrmError, InvalidInput
from taiga_crm.kernel.text import company_key
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entity, fields_of
from taiga_crm.registry.kinds import KINDS
from taiga_crm.services import accounts
from taiga_crm.services.import_columns import Column, columns_of
from taiga_crm.services.import_report import (
    CREATED,
    REFUSED,
    UNCHANGED,
    UPDATED,
    ImportReport,
    RowReport,
)
from taiga_crm.services.import_values import DEFAULT_CURRENCY, CellReader
from taiga_crm.services.locking import lock_in_transaction

ONLY_FOR_NEW = ("name", "type")  # on a known account these stay as its people wrote them


@dataclass
class Row:
    """One row on its way: what it says, and the company it belongs under."""

    report: RowReport
    key: str
    values: dict[str, Any]
    parent: str = ""
    parent_cell: tuple[str, str] = ("", "")


def import_accounts(
    content: bytes,
    actor: Any,
    *,
    project_id: int | None = None,
    dry_run: bool = False,
    encoding: str = "",
    currency: str = DEFAULT_CURRENCY,
) -> ImportReport:
    """Create and update accounts as the actor, in one transaction for the whole file.

    A row that the rules refuse is reported and left out; any other failure leaves nothing.
    Raises InvalidInput for `file` when the file cannot be read at all.
    """
    table = read_table(content, encoding)
    columns, ignored = columns_of(table.header)
    report = ImportReport(table.encoding, table.delimiter, ignored, dry_run)
    with transaction.atomic():
        lock_in_transaction("crm.import.accounts", 0)
        reader = CellReader(actor, currency)
        rows = _read_rows(table.lines, columns, reader, report)
        _Writer(actor, reader, project_id).write(rows)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _read_rows(
    lines: tuple[Line, ...], columns: list[Column], reader: CellReader, report: ImportReport
) -> list[Row]:
    """Return the rows that can be taken; all rows stand in the report."""
    name_column = next(column for column in columns if column.field == "name")
    width = max(column.position for column in columns) + 1
    first_lines: dict[str, int] = {}
    rows = []
    for line in lines:
        cells = line.cells + ("",) * (width - len(line.cells))
        row = RowReport(line.number, cells[name_column.position])
        report.rows.append(row)
        key = company_key(row.name)
        if not key:
            row.refuse(name_column.header, row.name, _("The name is missing."))
        elif key in first_lines:
            reason = _("The same company as in line %d.") % first_lines[key]
            row.refuse(name_column.header, row.name, reason)
        else:
            first_lines[key] = line.number
            rows.append(_read_row(row, key, cells, columns, reader))
    return [row for row in rows if row.report.outcome != REFUSED]


def _read_row(
    report: RowReport, key: str, cells: tuple[str, ...], columns: list[Column], reader: CellReader
) -> Row:
    row = Row(report, key, {})
    for column in columns:
        text = cells[column.position]
        if not text:
            continue
        if column.field == "parent":
            row.parent, row.parent_cell = company_key(text), (column.header, text)
            continue
        value = reader.read(column, text, report)
        if value is not None:
            row.values[column.field] = value
    return row


class _Writer:
    """Writes rows, parents first, and fills in what became of each."""

    def __init__(self, actor: Any, reader: CellReader, project_id: int | None) -> None:
        self.actor = actor
        self.reader = reader
        self.project_id = project_id
        self.entity = entity("account")
        self.found: dict[str, list[int]] = {}
        self.records: dict[int, Any] = {}

    def write(self, rows: list[Row]) -> None:
        """Write all rows that are not refused."""
        self._find(rows)
        for row in self._in_order(rows):
            try:
                self._write_row(row)
            except CrmError as refusal:
                _refuse(row, refusal)

    def _find(self, rows: list[Row]) -> None:
        """Match by company key among the accounts that the actor sees."""
        wanted = {row.key for row in rows} | {row.parent for row in rows if row.parent}
        found: dict[str, list[int]] = defaultdict(list)
        names = rows_for(self.entity, self.actor).order_by("pk").values_list("pk", "name")
        for pk, name in names.iterator(chunk_size=10_000):
            key = company_key(name)
            if key in wanted:
                found[key].append(pk)
        self.found = dict(found)
        numbers = [pk for row in rows for pk in self.found.get(row.key, ())]
        known = rows_for(self.entity, self.actor).filter(pk__in=numbers)
        known = known.select_related("type", "industry", "parent")
        self.records = {one.pk: one for one in known.prefetch_related("emails", "phones")}

    def _in_order(self, rows: list[Row]) -> list[Row]:
        """Return parents before their children; a circle is cut where the file closes it."""
        by_key = {row.key: row for row in rows}
        edges: dict[str, str] = {}
        for row in rows:
            if row.parent and _is_above(row.parent, row.key, edges):
                _drop_parent(row, _("The company would be below itself."))
            elif row.parent in by_key:
                edges[row.key] = row.parent
        graph = {row.key: [edges[row.key]] if row.key in edges else [] for row in rows}
        return [by_key[key] for key in TopologicalSorter(graph).static_order()]

    def _write_row(self, row: Row) -> None:
        known = self.found.get(row.key, [])
        if len(known) > 1:
            reason = _("%d accounts have this name.") % len(known)
            raise InvalidInput({"name": [reason]})
        self._set_parent(row)
        if known:
            row.report.outcome = self._update(row, self.records[known[0]])
        else:
            self.found[row.key] = [self._create(row).pk]
            row.report.outcome = CREATED

    def _set_parent(self, row: Row) -> None:
        candidates = self.found.get(row.parent, []) if row.parent else []
        if len(candidates) == 1:
            row.values["parent"] = candidates[0]
        elif candidates:
            _drop_parent(row, _("%d accounts have this name.") % len(candidates))
        elif row.parent:
            _drop_parent(row, _("No such account, neither in the file nor in the CRM."))

    def _create(self, row: Row) -> Any:
        values = {key: value for key, value in row.values.items() if key != "name"}
        values.setdefault("type", self.reader.default_type)
        if self.project_id is not None:
            values["projects"] = [self.project_id]
        return create_record(self.entity, self.actor, {"first_name": row.values["name"], **values})

    def _update(self, row: Row, record: Any) -> str:
        """Write only what differs, so that a second run of a file writes nothing at all."""
        values = {key: v for key, v in row.values.items() if key not in ONLY_FOR_NEW}
        for name in ("emails", "phones"):
            if name in values:
                values[name] = _added(record, name, values[name])
        version, joined = record.version, self._to_join(record)
        changed = {name: values[name] for name in self._differing(record, values)}
        if not changed and not joined:
            return UNCHANGED
        with transaction.atomic():
            if changed:
                change_record(self.entity, self.actor, record.pk, {**changed, "version": version})
            for project_id in joined:
                accounts.add_project(record.pk, project_id, self.actor)
        return UPDATED

    def _to_join(self, record: Any) -> list[int]:
        if self.project_id is None or self.project_id in record.project_ids:
            return []
        return [self.project_id]

    def _differing(self, record: Any, values: dict[str, Any]) -> list[str]:
        fields = fields_of("account")
        parsed = {n: KINDS[fields[n].kind].parse(fields[n], v) for n, v in values.items()}
        draft = Draft(self.entity, record, parsed, self.actor, creating=False)
        draft.assign()
        return [change["field"] for change in draft.changes()]


def _is_above(key: str, other: str, edges: dict[str, str]) -> bool:
    """Say whether `other` is `key` itself or one of the companies above it."""
    while key != other:
        if key not in edges:
            return False
        key = edges[key]
    return True


def _added(record: Any, name: str, written: list[str]) -> list[dict[str, Any]]:
    """Return the stored addresses and the new ones after them; the primary one stays."""
    field = fields_of("account")[name]
    rows = list(getattr(record, name).all())
    kept = [{"value": r.value, "type": r.type, "is_primary": r.is_primary} for r in rows]
    known = {row.key for row in rows}
    return kept + [{"value": v} for v in written if channel_key(field, v) not in known]


def _drop_parent(row: Row, reason: str) -> None:
    column, written = row.parent_cell
    row.report.doubt(column, written, _("%s The value was left out.") % reason)
    row.parent = ""


def _refuse(row: Row, refusal: CrmError) -> None:
    fields = refusal.fields if isinstance(refusal, InvalidInput) else {"": [refusal.message]}
    for name, messages in fields.items():
        row.report.refuse(name, "", " ".join(messages))
    row.report.outcome = REFUSED
