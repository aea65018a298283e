"""Cards as values of records: what a mapping takes from a card, and remarks about the rest."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from taiga_crm.capabilities.channels import channel_key
from taiga_crm.capabilities.vcard_cards import Card
from taiga_crm.capabilities.vcard_channels import type_of
from taiga_crm.capabilities.vcard_mapping import ADDRESS, CHANNELS, NAMES, ORGANISATION
from taiga_crm.capabilities.vcard_text import Line
from taiga_crm.capabilities.vcard_writing import value_of
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kinds import KINDS, ValueFault

MESSENGERS = ("IMPP", "X-SKYPE", "X-SKYPE-USERNAME", "X-MS-IMADDRESS", "X-JABBER", "X-AIM",
              "X-ICQ", "X-MSN", "X-YAHOO", "X-QQ")  # fmt: skip
PARTED = {"N": NAMES, "ORG": ORGANISATION, "ADR": ADDRESS}
MAX_CHANNELS = 20
Resolver = Callable[[Field, str], Any]


@dataclass
class Reading:
    """The values a card gives to a record, as the API takes them, and what was left out."""

    values: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def read_card(
    card: Card, fields: Mapping[str, Field], mapping: Mapping[str, str], resolve: Resolver
) -> Reading:
    """Return what the card says about the fields; `resolve` turns names into links and codes."""
    reading = Reading(remarks=list(card.problems))
    for name, prop in mapping.items():
        spec = fields.get(name)
        if spec is None or spec.read_only:
            continue
        if spec.kind in CHANNELS:
            rows = _channels(card, spec, reading)
            if rows:
                reading.values[name] = rows
            continue
        text = text_of(card, prop)
        if text:
            _read_text(reading, spec, text, resolve)
    return reading


def text_of(card: Card, prop: str) -> str:
    """Return the text of a property, or of one of its parts."""
    name, dot, _part = prop.partition(".")
    if dot:
        line = _preferred(card.all(name))
        parts = line.parts() if line is not None else []
        place = PARTED[name].index(prop)
        return parts[place].strip() if place < len(parts) else ""
    if prop == "IMPP":
        return _messenger(card)
    return card.text(prop)


def names_of(card: Card) -> tuple[str, str]:
    """Return the given and the family name: of N, else of FN, else of what there is."""
    given, family = text_of(card, "N.given"), text_of(card, "N.family")
    if given or family:
        return given, family
    full = card.text("FN", "NICKNAME")
    if full:
        first, _blank, last = full.rpartition(" ")
        return first, last
    for name in ("EMAIL", "ORG", "TEL"):
        line = card.first(name)
        if line is not None:
            return "", (value_of(line) if name != "ORG" else line.parts()[0]).strip()
    return "", ""


def is_organisation(card: Card) -> bool:
    """Say whether a card is about a company: it says so, or its only name is that of one."""
    if card.text("KIND").lower() == "org" or card.text("X-ABSHOWAS").upper() == "COMPANY":
        return True
    org = card.first("ORG")
    name = card.text("FN")
    return bool(org and not any(_n(card)) and (not name or name == org.parts()[0].strip()))


def unfit_kind(card: Card) -> str:
    """Return the kind of a card that is about neither a person nor a company, else nothing."""
    kind = card.text("KIND", "X-ADDRESSBOOKSERVER-KIND").lower()
    return kind if kind not in ("", "individual", "org") else ""


def _n(card: Card) -> list[str]:
    line = card.first("N")
    return [part.strip() for part in line.parts()] if line is not None else []


def _preferred(lines: list[Line]) -> Line | None:
    """Return the preferred line, else one for work, else the first."""
    order = sorted(lines, key=lambda one: ("pref" not in one.types(), "work" not in one.types()))
    return order[0] if order else None


def _messenger(card: Card) -> str:
    line = card.first(*MESSENGERS)
    if line is None:
        return ""
    text = line.text().strip()
    return unquote(text[3:]) if text.lower().startswith("im:") else text


def _channels(card: Card, spec: Field, reading: Reading) -> list[dict[str, Any]]:
    prop, kind = CHANNELS[spec.kind], KINDS[spec.kind]
    types = {choice.value for choice in spec.choices}
    rows: dict[str, dict[str, Any]] = {}
    for line in sorted(card.all(prop), key=lambda line: "pref" not in line.types()):
        value = re.sub(r"\s+", " ", value_of(line)).strip()
        found = type_of(prop, line)
        row = {"value": value, "type": found if found in types else "other"}
        try:
            kind.parse(spec, [row])
        except ValueFault as fault:
            reading.remarks.append(_("%s The value was left out.") % fault)
            continue
        rows.setdefault(channel_key(spec, value), row)
    if len(rows) > MAX_CHANNELS:
        reading.remarks.append(_("Only the first %d are kept.") % MAX_CHANNELS)
    return list(rows.values())[:MAX_CHANNELS]


def _read_text(reading: Reading, spec: Field, text: str, resolve: Resolver) -> None:
    try:
        raw = resolve(spec, _day(text) if spec.kind in ("date", "datetime") else text)
        if raw is None:
            return
        KINDS[spec.kind].parse(spec, raw)
    except ValueFault as fault:
        reading.remarks.append(f"{spec.label}: " + _("%s The value was left out.") % fault)
        return
    reading.values[spec.name] = raw


def _day(text: str) -> str:
    """Return a day of 2.1, 3.0 or 4.0 as YYYY-MM-DD; one without its year stays as it is."""
    found = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", text)
    if not found:
        return text
    year, month, day = map(int, found.groups())
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return text
