"""Columns of e-mails and phones: what their headers say about the type of each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taiga_crm.capabilities.draft import CHANNELS
from taiga_crm.capabilities.import_targets import Target
from taiga_crm.kernel.text import words
from taiga_crm.registry.header_words import CHANNEL_TYPES, NUMBER_WORDS, TELLING_TYPES

FIRST_OF_EAST = "\u1100"  # from here on words are written without blanks between them
Json = dict[str, Any]


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
