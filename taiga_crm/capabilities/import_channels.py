"""Columns of e-mails and phones: what headers and cells say about each value and its type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import CHANNELS
from taiga_crm.capabilities.import_targets import Target
from taiga_crm.capabilities.import_texts import whole_number
from taiga_crm.capabilities.plain_edit import parse_value
from taiga_crm.kernel.text import words
from taiga_crm.registry.entity import Field
from taiga_crm.registry.header_words import CHANNEL_TYPES, NUMBER_WORDS, TELLING_TYPES
from taiga_crm.registry.kinds import ValueFault

FIRST_OF_EAST = "\u1100"  # from here on words are written without blanks between them
SEVERAL = re.compile(r"[;,|\n]|:::")
MOST = 20
Json = dict[str, Any]

WRAPPED = re.compile(r"<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>", re.IGNORECASE)
SCHEME = re.compile(r"^(?:mailto|tel|callto):", re.IGNORECASE)
BETWEEN = re.compile(r"[\s/]+")
BESIDE = re.compile(r"(.*?)\s*[(\[]([^()\[\]\d]+)[)\]]")
BEFORE = re.compile(r"([^\d+(]+?)\s*[.:]\s*(.+)")
FEWEST_DIGITS = 7


def types_of(target: Target) -> list[str]:
    """Return the types that values of a target may have; none where they have no type."""
    if target.kind not in CHANNELS or target.field is None:
        return []
    return [choice.value for choice in target.field.choices]


def typed(target: Target, header: str) -> Json:
    """Return the options of a column whose target is known: the type that its header names."""
    kind, _rest = _split(words(header))
    return {"type": kind} if kind in types_of(target) else {}


def guess_channel(
    header: str, known: Mapping[str, str], targets: Mapping[str, Target]
) -> tuple[str, Json] | None:
    """Return the target and options of a header like “Work phone 2” or “Fax”; None for others."""
    kind, rest = _split(words(header))
    text = " ".join(word for word in rest if not word.isdigit())
    name = known.get(text)
    if text in NUMBER_WORDS and kind in TELLING_TYPES:
        name = next((one.name for one in targets.values() if kind in types_of(one)), None)
    if name is None or not types_of(targets[name]):
        return None
    return name, typed(targets[name], header)


@dataclass
class Cell:
    """What a cell of addresses or numbers holds; `typed` are those whose type it tells."""

    rows: list[Json] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)


def read_cell(spec: Field, text: str, kind: str) -> Cell:
    """Return the values of a cell, each by itself: one that cannot be one takes no other along."""
    cell = Cell()
    parts = _addresses(text) if spec.kind == "emails" else _numbers(text)
    if len(parts) > MOST:
        cell.faults.append((text, _("A list of at most %d is expected.") % MOST))
        return cell
    for written in parts:
        part, told = (written, "") if spec.kind == "emails" else _undecorated(written)
        known = told if told in {choice.value for choice in spec.choices} else kind
        try:
            part, doubt = whole_number(part)
            rows = parse_value(spec, [{"value": part, "type": known}])
        except ValueFault as fault:
            cell.faults.append((written, str(fault)))
            continue
        cell.rows += rows
        cell.typed.update((row["value"], row["type"]) for row in rows if known)
        cell.doubts += [(written, doubt)] if doubt else []
    return cell


def parts_of(text: str) -> list[str]:
    """Return several values that stand in one cell."""
    return [part.strip() for part in SEVERAL.split(text) if part.strip()]


def _split(found: Sequence[str]) -> tuple[str, list[str]]:
    """Return the type that words name, and the words without any type."""
    kinds: set[str] = set()
    rest = []
    for word in found:
        for kind, terms in CHANNEL_TYPES.items():
            if word in terms:
                kinds.add(kind)
                word = ""
            for term in terms:
                if term[0] >= FIRST_OF_EAST and term in word:
                    kinds.add(kind)
                    word = word.replace(term, "")
        rest += [word] if word else []
    return next((kind for kind in CHANNEL_TYPES if kind in kinds), ""), rest


def _addresses(text: str) -> list[str]:
    """Return the addresses of a cell, without the names of people around them."""
    wrapped = WRAPPED.findall(text)
    if wrapped:
        rest = parts_of(WRAPPED.sub(";", text))
        return [*wrapped, *(one for one in rest if "@" in one)]
    found: list[str] = []
    for part in parts_of(text):
        pieces = BETWEEN.split(part)
        found += pieces if len(pieces) > 1 and all("@" in one for one in pieces) else [part]
    return [SCHEME.sub("", one) for one in found]


def _numbers(text: str) -> list[str]:
    found: list[str] = []
    for part in parts_of(text):
        pieces = part.split(" / ")
        several = all(sum(map(str.isdigit, one)) >= FEWEST_DIGITS for one in pieces)
        found += pieces if several else [part]
    return [SCHEME.sub("", one.strip()) for one in found]


def _undecorated(text: str) -> tuple[str, str]:
    """Return a number without the words around it, and the type that they name."""
    if text[-1:] in ")]" and (found := BESIDE.fullmatch(text)):
        number, said = found[1], found[2]
    elif not text[:1].isdigit() and (found := BEFORE.fullmatch(text)):
        said, number = found[1], found[2]
    else:
        return text, ""
    kind, rest = _split(words(said))
    return (number, kind) if NUMBER_WORDS.issuperset(rest) else (text, "")
