"""Rows on their way: what a line of the file says, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.kernel.errors import CrmError, InvalidInput
from taiga_crm.models import ImportRow

CREATED = ImportRow.CREATED
UPDATED, LINKED, UNCHANGED = "updated", "linked", "unchanged"
SKIPPED, DOUBTFUL = "skipped", "doubtful"
OUTCOMES = (CREATED, UPDATED, LINKED, UNCHANGED, SKIPPED)
MAX_REMARKS = 30
MAX_WRITTEN = 200


@dataclass
class Row:
    """One line: its values as they are stored, what is doubtful, and the record it became.

    `parts` are the texts that wait for the whole row: the whole name, and links by their texts.
    `known` is the record that was recognized; `kind` is told where rows of one import differ.
    `typed` are addresses and numbers whose columns name their type, by their field.
    """

    line: int
    name: str = ""
    is_total: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    known: int | None = None
    by_name: bool = False
    outcome: str = ""
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    object_id: int | None = None
    version: int | None = None
    before: dict[str, Any] | None = None
    kind: str = ""
    typed: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Say whether the row is left out."""
        return self.outcome == SKIPPED

    def doubt(self, column: str, written: str, reason: str) -> None:
        """Note something about a row that is taken all the same."""
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append((column, written[:MAX_WRITTEN], reason))

    def leave_out(self, column: str, written: str, reason: str) -> None:
        """Note why a value is not taken."""
        self.doubt(column, written, _("%s The value was left out.") % reason)

    def refuse(self, column: str, written: str, reason: str) -> None:
        """Note why the row cannot be taken."""
        self.doubt(column, written, reason)
        self.outcome = SKIPPED

    def refuse_for(self, refusal: CrmError, labels: dict[str, str]) -> None:
        """Take a refusal of the rules over, its fields by their headers."""
        fields = refusal.fields if isinstance(refusal, InvalidInput) else {"": [refusal.message]}
        for name, messages in fields.items():
            self.refuse(labels.get(name, ""), "", " ".join(messages))
        self.outcome = SKIPPED
