"""The report of an import: what became of every row, kept outside memory until it is stored."""

from __future__ import annotations

import tempfile
from collections import Counter
from typing import Any

from taiga_crm.capabilities.copying import copy_line, copy_rows
from taiga_crm.capabilities.import_reasons import Reasons
from taiga_crm.capabilities.import_rows import DOUBTFUL, OUTCOMES, Row
from taiga_crm.kernel import clock
from taiga_crm.models import Import, ImportRow

SPOOLED = 5_000_000
COLUMNS = (
    "run", "line", "name", "outcome", "is_doubtful", "kind", "object_id", "version", "remarks",
    "before",
)  # fmt: skip


class Report:
    """Takes rows in as they are done; `store` writes them all, also after a rollback."""

    def __init__(self, run: Import) -> None:
        self.run = run
        self.counts: Counter[str] = Counter()
        self.reasons = Reasons()
        self._lines = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed by `store`
            SPOOLED, "w+", encoding="utf-8", newline="\n"
        )

    def add(self, rows: list[Row], *, is_preview: bool) -> None:
        """Take in rows; what a preview has made is gone again, so that it has no number."""
        for row in rows:
            doubtful = bool(row.remarks) and not row.refused
            self.counts[row.outcome] += 1
            self.counts[DOUBTFUL] += doubtful
            number = None if is_preview and row.known is None else row.object_id
            self._lines.write(
                copy_line(
                    (self.run.pk, row.line, row.name[:255], row.outcome, doubtful,
                     row.kind or self.run.kind,
                     number, row.version, self.reasons.numbered(row), row.before)
                )
            )  # fmt: skip

    def shown(self) -> dict[str, int]:
        """Return the rows by outcome; doubtful ones are counted once more."""
        return {name: self.counts[name] for name in (*OUTCOMES, DOUBTFUL)}

    def told(self) -> dict[str, Any]:
        """Return counts and reasons with the moment, as the import keeps them."""
        return {
            "counts": self.shown(),
            "reasons": self.reasons.shown(),
            "at": clock.now().isoformat(),
        }

    def store(self) -> None:
        """Put the rows in the place of those of the last preview."""
        ImportRow.objects.filter(run=self.run).delete()
        with self._lines:
            self._lines.seek(0)
            copy_rows(ImportRow, COLUMNS, self._lines)
