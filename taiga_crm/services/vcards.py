"""Import vCards: persons become contacts, organisations accounts; the same card is an update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.import_changing import before_of
from taiga_crm.capabilities.import_rows import CREATED, SKIPPED, UNCHANGED, UPDATED, Row
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.capabilities.plain_edit import create_record, write_change
from taiga_crm.capabilities.vcard_cards import Card, read_cards
from taiga_crm.capabilities.vcard_kept import CARD, keep_card
from taiga_crm.capabilities.vcard_mapping import mapping_of
from taiga_crm.capabilities.vcard_reading import (
    Reading,
    is_organisation,
    names_of,
    read_card,
    text_of,
    unfit_kind,
)
from taiga_crm.kernel.errors import CrmError, InvalidInput
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entity
from taiga_crm.services.vcard_matching import Matching

REFUSED = "refused"
MAX_PREVIEW = 300
MAX_TOLD = 1_000


@dataclass(frozen=True)
class Options:
    """Where new accounts and loose contacts go, and whether unknown companies are made."""

    project: int | None = None
    create_accounts: bool = False


@dataclass
class CardReport:
    """What became of each card; `ids` are the records by kind and outcome, `written` the rows
    that the record of the import keeps, `made` the accounts that cards only name."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    ids: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    written: list[Row] = field(default_factory=list)
    made: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: dict[str, Any], written: Row) -> None:
        """Take in one card."""
        outcome = row["outcome"]
        self.counts[outcome] = self.counts.get(outcome, 0) + 1
        if len(self.rows) < MAX_TOLD:
            self.rows.append(row)
        if written.object_id is not None and outcome in (CREATED, UPDATED):
            found = self.ids.setdefault(row["kind"], {})
            found.setdefault(outcome, []).append(written.object_id)
        self.written.append(written)

    def shown(self, total: int) -> dict[str, Any]:
        """Return the report as JSON."""
        counts = {name: self.counts.get(name, 0) for name in (CREATED, UPDATED, UNCHANGED, REFUSED)}
        return {"cards": total, "counts": counts, "rows": self.rows, "ids": self.ids}


def preview(content: bytes, actor: Any, options: Options) -> dict[str, Any]:
    """Tell what the first cards of a file would become: they are written and taken back."""
    cards = read_cards(content)
    with transaction.atomic():
        report = write_cards(cards[:MAX_PREVIEW], actor, options)
        transaction.set_rollback(True)
    shown = report.shown(len(cards))
    del shown["ids"]
    for row in shown["rows"]:
        if row["outcome"] == CREATED:
            row["id"] = None
    return shown


def write_cards(
    cards: list[Card],
    actor: Any,
    options: Options,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> CardReport:
    """Create and update records as the actor; a card that the rules refuse is left out."""
    report = CardReport()
    with transaction.atomic():
        lock_in_transaction("crm.import.vcards", 0)
        writer = _Writer(actor, options, cards)
        for done, card in enumerate(cards, 1):
            report.add(*writer.write(card))
            if done % 25 == 0 or done == len(cards):
                progress(done, len(cards))
        report.made = [{"kind": "account", "id": pk} for pk in writer.made]
    return report


class _Writer:
    """Writes cards one after the other and remembers them for the next."""

    def __init__(self, actor: Any, options: Options, cards: list[Card]) -> None:
        self.actor, self.options = actor, options
        self.matching = Matching(actor, cards)
        self.mappings = {key: mapping_of(entity(key)) for key in ("contact", "account")}
        self.made: list[int] = []  # accounts that cards only name
        self._first: dict[tuple[str, int | None], Row] = {}

    def write(self, card: Card) -> tuple[dict[str, Any], Row]:
        """Return what became of a card, for people and for the record of the import."""
        kind = "account" if is_organisation(card) else "contact"
        written = Row(card.number, self._name(card, kind), kind=kind)
        account, remarks, made = None, [], len(self.made)
        try:
            if unfit_kind(card):
                raise InvalidInput({"": [_("A card of the kind “%s” is no person and no company.")
                                         % unfit_kind(card)[:40]]})  # fmt: skip
            with transaction.atomic():
                record, reading = self._write(card, written)
            written.name, remarks = record.name, reading.remarks
            if kind == "contact" and record.account_id:
                account = self.matching.account_name(record.account_id)
            self._stand_for(written)
        except CrmError as refusal:
            remarks, written.outcome, written.object_id = _reasons(refusal), SKIPPED, None
            self._forget(self.made[made:])
        for remark in remarks[:20]:
            written.doubt("", "", remark)
        told = REFUSED if written.refused else written.outcome
        row = {
            "number": card.number, "kind": kind, "name": written.name[:255],
            "id": written.object_id, "account": account, "outcome": told, "remarks": remarks[:20],
        }  # fmt: skip
        return row, written

    def _stand_for(self, written: Row) -> None:
        """Let the first row that wrote a record stand for all cards of the file about it."""
        if written.outcome == UNCHANGED:
            return
        first = self._first.setdefault((written.kind, written.object_id), written)
        if first is not written:
            first.version, written.version = written.version, None
            if first.before is not None:
                first.before = {**(written.before or {}), **first.before}
            written.before = None

    def _forget(self, made: list[int]) -> None:
        """Accounts that were made for a card go with it when it is refused."""
        for pk in made:
            self.matching.forget_account(pk)
            self.made.remove(pk)

    def _name(self, card: Card, kind: str) -> str:
        if kind == "account":
            return text_of(card, "ORG.name") or card.text("FN")
        return " ".join(part for part in names_of(card) if part)

    def _write(self, card: Card, written: Row) -> tuple[Any, Reading]:
        kind, of = written.kind, entity(written.kind)
        fields = fields_for(of, self.actor)
        reading = read_card(card, fields, self.mappings[kind], self.matching.resolve)
        self._complete(card, kind, reading)
        record = self.matching.find(kind, card, reading.values)
        if record is None:
            record = create_record(of, self.actor, self._new(kind, reading.values))
            written.outcome = CREATED
        else:
            record = self._update(record, reading, written)
        written.object_id, written.version = record.pk, record.version
        former = keep_card(kind, record.pk, card, reading.remarks)
        if former and written.outcome == UNCHANGED:
            written.outcome = UPDATED
        if former is not None and written.outcome == UPDATED:
            written.before = {**(written.before or {}), CARD: former}
        self.matching.remember(kind, record, card, reading.values)
        return record, reading

    def _complete(self, card: Card, kind: str, reading: Reading) -> None:
        """Give the record a name, and a person the company that the card names."""
        if kind == "account":
            reading.values["first_name"] = self._name(card, kind)[:255]
            return
        given, family = names_of(card)
        if "first_name" not in reading.values and "last_name" not in reading.values:
            reading.values["first_name"], reading.values["last_name"] = given[:120], family[:120]
        if not (given or family):
            raise InvalidInput({"": [_("The card has no name, no e-mail and no phone.")]})
        reading.values.pop("account", None)
        company = text_of(card, "ORG.name")
        if company and "account" in self.mappings[kind]:
            self._link(company, reading)

    def _link(self, company: str, reading: Reading) -> None:
        found = self.matching.accounts_named(company)
        if len(found) == 1:
            reading.values["account"] = found[0]
        elif found:
            text = _("%(count)d accounts are called “%(name)s”: link the contact by hand.")
            reading.remarks.append(text % {"count": len(found), "name": company[:100]})
        elif self.options.create_accounts:
            account = create_record(
                entity("account"), self.actor, self._new("account", {"first_name": company[:255]})
            )
            self.matching.add_account(account)
            self.made.append(account.pk)
            reading.values["account"] = account.pk
            reading.remarks.append(_("The account “%s” was made.") % company[:100])
        else:
            text = _("No account is called “%s”: the contact stands alone.")
            reading.remarks.append(text % company[:100])

    def _new(self, kind: str, values: dict[str, Any]) -> dict[str, Any]:
        start: dict[str, Any] = {"type": self.matching.default_type(kind)}
        if kind == "account" and self.options.project is not None:
            start["projects"] = [self.options.project]
        return {**start, **values}

    def _update(self, record: Any, reading: Reading, written: Row) -> Any:
        """Write what the card says and the record does not; addresses are added, never lost."""
        kind, values = written.kind, dict(reading.values)
        if kind == "account" and not record.type.has_first_name:
            values.pop("first_name")
        elif kind == "account" and not self.matching.was_by_uid:
            values.pop("first_name")  # a company found by its key keeps its spelling
        if record.account_id if kind == "contact" else False:
            values.pop("account", None)
        for name in ("emails", "phones"):
            if name in values:
                values[name] = self.matching.joined(kind, record, name, values[name])
        values["version"] = record.version
        draft = write_change(entity(kind), self.actor, record.pk, values)
        written.before = before_of(draft, draft.changes()) or None
        written.outcome = UPDATED if written.before else UNCHANGED
        return draft.record


def _reasons(refusal: CrmError) -> list[str]:
    if not isinstance(refusal, InvalidInput):
        return [refusal.message]
    return [
        f"{name}: {message}" if name else message
        for name, messages in refusal.fields.items()
        for message in messages
    ]
