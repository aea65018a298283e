"""The report of an import: what became of every row, and why it is worth a look."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from typing import IO

from taiga_crm.capabilities.cells import safe_cell

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Remark:
    """One reason to look at a row: the column it is about, what stood there, what was done."""

    column: str
    written: str
    text: str


@dataclass
class RowReport:
    """What became of one row of the file."""

    line: int
    name: str
    outcome: str = ""
    remarks: list[Remark] = field(default_factory=list)

    def doubt(self, column: str, written: str, text: str) -> None:
        """Note something about a row that is taken all the same."""
        self.remarks.append(Remark(column, written, text))

    def refuse(self, column: str, written: str, text: str) -> None:
        """Note why the row cannot be taken."""
        self.doubt(column, written, text)
        self.outcome = REFUSED


@dataclass
class ImportReport:
    """All rows in the order of the file, and what was found out about the file itself."""

    encoding: str
    delimiter: str
    ignored_columns: list[str]
    dry_run: bool = False
    rows: list[RowReport] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return rows by outcome; doubtful ones are counted with their outcome and once more."""
        found = Counter(row.outcome for row in self.rows)
        doubtful = sum(bool(row.remarks) and row.outcome != REFUSED for row in self.rows)
        named = {name: found[name] for name in (CREATED, UPDATED, UNCHANGED, REFUSED)}
        return {**named, DOUBTFUL: doubtful}

    def write_csv(self, file: IO[str]) -> None:
        """Write one line per remark, and one for each row without any."""
        writer = csv.writer(file)
        writer.writerow(("line", "name", "outcome", "column", "written", "reason"))
        for row in self.rows:
            for remark in row.remarks or [Remark("", "", "")]:
                cells = (row.name, row.outcome, remark.column, remark.written, remark.text)
                writer.writerow((row.line, *map(safe_cell, cells)))
