"""Import vCards: persons become contacts, organisations accounts; the same card is an update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.jobs import Work
from taiga_crm.capabilities.kept_files import open_kept
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.capabilities.plain_edit import change_record, create_record
from taiga_crm.capabilities.vcard_cards import FRAME, Card, read_cards
from taiga_crm.capabilities.vcard_mapping import mapping_of
from taiga_crm.capabilities.vcard_reading import (
    Reading,
    is_organisation,
    names_of,
    read_card,
    text_of,
    unfit_kind,
)
from taiga_crm.capabilities.vcard_writing import kept_of
from taiga_crm.kernel.errors import CrmError, InvalidInput
from taiga_crm.models import VcardKept
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entity
from taiga_crm.services.vcard_matching import Matching

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
MAX_PREVIEW = 300
MAX_TOLD = 1_000
MAX_KEPT = 400_000  # characters of a card that are kept beside its record


@dataclass(frozen=True)
class Options:
    """Where new accounts and loose contacts go, and whether unknown companies are made."""

    project: int | None = None
    create_accounts: bool = False


@dataclass
class CardReport:
    """What became of each card; `ids` are the records by kind and outcome."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    ids: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, row: dict[str, Any], pk: int | None) -> None:
        """Take in one card."""
        outcome = row["outcome"]
        self.counts[outcome] = self.counts.get(outcome, 0) + 1
        if len(self.rows) < MAX_TOLD:
            self.rows.append(row)
        if pk is not None and outcome in (CREATED, UPDATED):
            self.ids.setdefault(row["kind"], {}).setdefault(outcome, []).append(pk)

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


def run(work: Work) -> dict[str, Any]:
    """Import a kept file as a job: all of it or nothing."""
    with open_kept(work.params["file"]) as file:
        cards = read_cards(file.read())
    options = Options(work.params.get("project"), bool(work.params.get("create_accounts")))
    report = write_cards(cards, work.user, options, work.progress)
    return report.shown(len(cards))


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
            row, pk = writer.write(card)
            report.add(row, pk)
            if done % 25 == 0 or done == len(cards):
                progress(done, len(cards))
    return report


class _Writer:
    """Writes cards one after the other and remembers them for the next."""

    def __init__(self, actor: Any, options: Options, cards: list[Card]) -> None:
        self.actor, self.options = actor, options
        self.matching = Matching(actor, cards)
        self.mappings = {key: mapping_of(entity(key)) for key in ("contact", "account")}

    def write(self, card: Card) -> tuple[dict[str, Any], int | None]:
        """Return what became of a card, and its record."""
        kind = "account" if is_organisation(card) else "contact"
        row: dict[str, Any] = {
            "number": card.number, "kind": kind, "name": self._name(card, kind)[:255], "id": None,
            "account": None, "outcome": REFUSED, "remarks": [],
        }  # fmt: skip
        try:
            if unfit_kind(card):
                raise InvalidInput({"": [_("A card of the kind “%s” is no person and no company.")
                                         % unfit_kind(card)[:40]]})  # fmt: skip
            with transaction.atomic():
                row["outcome"], record, reading = self._write(card, kind)
            row["remarks"] = reading.remarks[:20]
            row["id"] = record.pk
            row["name"] = record.name
            if kind == "contact" and record.account_id:
                row["account"] = self.matching.account_name(record.account_id)
            return row, record.pk
        except CrmError as refusal:
            row["remarks"] = _reasons(refusal)
            return row, None

    def _name(self, card: Card, kind: str) -> str:
        if kind == "account":
            return text_of(card, "ORG.name") or card.text("FN")
        return " ".join(part for part in names_of(card) if part)

    def _write(self, card: Card, kind: str) -> tuple[str, Any, Reading]:
        of = entity(kind)
        fields = fields_for(of, self.actor)
        reading = read_card(card, fields, self.mappings[kind], self.matching.resolve)
        self._complete(card, kind, reading)
        record = self.matching.find(kind, card, reading.values)
        if record is None:
            record = create_record(of, self.actor, self._new(kind, reading.values))
            outcome = CREATED
        else:
            outcome, record = self._update(kind, card, record, reading)
        if self._keep(kind, record, card, reading) and outcome == UNCHANGED:
            outcome = UPDATED
        self.matching.remember(kind, record, card, reading.values)
        return outcome, record, reading

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

    def _update(self, kind: str, card: Card, record: Any, reading: Reading) -> tuple[str, Any]:
        """Write what the card says and the record does not; addresses are added, never lost."""
        values = dict(reading.values)
        if kind == "account" and not record.type.has_first_name:
            values.pop("first_name")
        elif kind == "account" and not self.matching.was_by_uid:
            values.pop("first_name")  # a company found by its key keeps its spelling
        if record.account_id if kind == "contact" else False:
            values.pop("account", None)
        for name in ("emails", "phones"):
            if name in values:
                values[name] = self.matching.joined(kind, record, name, values[name])
        before = record.version
        record = change_record(entity(kind), self.actor, record.pk, {**values, "version": before})
        return (UPDATED if record.version != before else UNCHANGED), record

    def _keep(self, kind: str, record: Any, card: Card, reading: Reading) -> bool:
        """Keep the card beside its record; True when it differs from what was kept."""
        lines = [kept_of(one) for one in card.lines if one.name not in FRAME | {"UID"}]
        size = 0
        for place, line in enumerate(lines):
            size += len(line["value"])
            if size > MAX_KEPT:
                reading.remarks.append(_("The card is too large to be kept whole."))
                lines = lines[:place]
                break
        uid = card.text("UID")[:255]
        kept, made = VcardKept.objects.get_or_create(
            kind=kind, object_id=record.pk, defaults={"uid": uid, "lines": lines}
        )
        if made or (kept.uid, kept.lines) == (uid or kept.uid, lines):
            return False
        kept.uid, kept.lines = uid or kept.uid, lines
        kept.save(update_fields=["uid", "lines"])
        return True


def _reasons(refusal: CrmError) -> list[str]:
    if not isinstance(refusal, InvalidInput):
        return [refusal.message]
    return [
        f"{name}: {message}" if name else message
        for name, messages in refusal.fields.items()
        for message in messages
    ]
