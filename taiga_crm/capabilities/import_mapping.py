"""Mapping: which column is what, guessed from its header and kept as a profile."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.import_channels import guess_channel, typed, types_of
from taiga_crm.capabilities.import_targets import CURRENCY, ID, Target, is_composed, name_key
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.kernel.text import words
from taiga_crm.kernel.written_dates import ORDERS, order_of
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.header_words import (
    CURRENCIES,
    CURRENCY_OF,
    FILLERS,
    HEADERS,
    QUALIFIERS,
    REASONS,
    SCALES,
    UNITS_OF_FILES,
)
from taiga_crm.registry.kinds_numbers import CURRENCY as CURRENCY_CODE
from taiga_crm.registry.written_values import labels_of

GROUPED = re.compile(r"(.+?) (\d) - (.+)")
MAX_SCALE = 1_000_000_000
Json = dict[str, Any]
Targets = Mapping[str, Target]


@dataclass(frozen=True)
class Column:
    """One column that is taken: its place, its target, and how its values are written."""

    position: int
    header: str
    target: Target
    scale: int = 1
    currency: str = ""
    date_order: str = ""
    decimal: str = ""
    type: str = ""


def guess_mapping(
    entity: Entity, targets: Targets, headers: Sequence[str], samples: Sequence[Sequence[str]]
) -> list[Json]:
    """Return for each column {"field", "options", "guessed"}.

    Of two columns for one field the one with its own name wins, else the first.
    """
    known = _names_of(entity, targets)
    sure = {plain(text) for one in targets.values() for text in _labels(entity, one)}
    units = UNITS_OF_FILES.get(frozenset(map(plain, headers)) - set(REASONS), {})
    guesses = [_guess(header, known, targets) for header in headers]
    if headers and plain(headers[-1]) in REASONS:
        guesses[-1] = (None, {})
    best: dict[str, int] = {}  # a field's own name says more than another word for it
    for place in sorted(range(len(headers)), key=lambda place: plain(headers[place]) not in sure):
        best.setdefault(guesses[place][0] or "", place)
    found: list[Json] = []
    for place, (header, (name, options)) in enumerate(zip(headers, guesses, strict=True)):
        if name is None or (best[name] != place and not targets[name].several):
            found.append({"field": None, "options": {}, "guessed": True})
            continue
        if plain(header) in units:
            options = dict(zip(("scale", "currency"), units[plain(header)], strict=True))
        if targets[name].kind in ("date", "datetime"):
            options = {"date_order": order_of(list(samples[place]))}
        found.append({"field": name, "options": options, "guessed": True})
    return found


def known_headers(entity: Entity, targets: Targets, several: Iterable[Sequence[str]]) -> list[int]:
    """Return for each line how many of its cells are names of fields."""
    known = _names_of(entity, targets)
    return [
        len({name for cell in cells if cell and (name := _guess(cell, known, targets)[0])})
        for cells in several
    ]


def columns_of(targets: Targets, headers: Sequence[str], mapping: Sequence[Json]) -> list[Column]:
    """Return the columns that are taken, without those whose target is gone meanwhile."""
    return [
        Column(place, headers[place], targets[one["field"]], **one["options"])
        for place, one in enumerate(mapping)
        if one["field"] in targets and place < len(headers)
    ]


def changed_mapping(targets: Targets, mapping: Sequence[Json], given: Any) -> list[Json]:
    """Return the mapping with what a person chose; InvalidInput for `mapping`."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise _wrong(_("A list is expected."))
    result = [{**one} for one in mapping]
    for one in given:
        place = one.get("position")
        if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(result):
            raise _wrong(_("There is no such column."))
        name = one.get("field")
        if name is not None and name not in targets:
            raise _wrong(_("Choose one from the list."))
        options = checked_options(one.get("options"), types_of(targets[name]) if name else ())
        result[place] = {"field": name, "options": options, "guessed": False}
    check_once(targets, result)
    return result


def check_once(targets: Targets, mapping: Iterable[Json]) -> None:
    """Refuse two columns for one target, unless it holds several values."""
    seen: set[str] = set()
    for one in mapping:
        name = one["field"]
        if name in seen and name in targets and not targets[name].several:
            raise _wrong(_("Two columns are mapped to “%s”.") % targets[name].label)
        seen.add(name)


def checked_options(given: Any, types: Collection[str] = ()) -> Json:
    """Return the options of a column, whose values may have one of these types; InvalidInput for
    `mapping`."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _wrong(_("An object is expected."))
    return {name: value for name, value in _options(given, types) if value not in ("", None)}


def _options(given: Json, types: Collection[str]) -> Iterable[tuple[str, Any]]:
    scale = given.get("scale")
    if scale not in (None, ""):
        number = int(str(scale)) if str(scale).isascii() and str(scale).isdigit() else 0
        if not 1 <= number <= MAX_SCALE:
            raise _wrong(_("A whole number is expected."))
        yield "scale", number
    currency = str(given.get("currency") or "").upper()
    if currency and not CURRENCY_CODE.fullmatch(currency):
        raise _wrong(_("Choose a currency."))
    yield "currency", currency
    several: tuple[tuple[str, Collection[str]], ...] = (
        ("date_order", ORDERS), ("decimal", (".", ",")), ("type", types),
    )  # fmt: skip
    for name, allowed in several:
        value = given.get(name) or ""
        if value and value not in allowed:
            raise _wrong(_("This is not one of the choices."))
        yield name, value


def plain(header: str) -> str:
    """Return the words of a header, for comparing."""
    return " ".join(words(header))


def _guess(header: str, known: Mapping[str, str], targets: Targets) -> tuple[str | None, Json]:
    header = _ungrouped(header)
    found = words(header)
    name = known.get(" ".join(found))
    if name is not None:
        return name, typed(targets[name], header)
    channel = guess_channel(header, known, targets)
    if channel is not None:
        return channel
    if found and found[-1].isdigit():
        name = known.get(" ".join(found[:-1]))
        return (name, {}) if name is not None and targets[name].several else (None, {})
    rest = [w for w in found if w not in SCALES and w not in CURRENCIES and w not in FILLERS]
    name = known.get(" ".join(rest))
    if name is None or targets[name].kind != "money":
        return _unqualified(found, known, targets)
    scale = next((SCALES[word] for word in found if word in SCALES), 1)
    currency = next((word.upper() for word in found if word in CURRENCIES), "")
    options = {"scale": scale if scale > 1 else None, "currency": currency}
    return name, {key: value for key, value in options.items() if value}


def _unqualified(
    found: Sequence[str], known: Mapping[str, str], targets: Targets
) -> tuple[str | None, Json]:
    """Guess without the word for what a column belongs to; “Company name” names no person."""
    if len(found) < 2 or found[0] not in QUALIFIERS:
        return None, {}
    name, options = _guess(" ".join(found[1:]), known, targets)
    return (None, {}) if name is None or targets[name].field is None else (name, options)


def _ungrouped(header: str) -> str:
    """Return “E-mail” for “E-mail 2 - Value” and “Street” for “Address 1 - Street”, as address
    books of the web write them; further addresses than the first are none of ours."""
    group = GROUPED.fullmatch(header.strip())
    if group is None:
        return header
    base, number, part = group.groups()
    if plain(part) == "value":
        return f"{base} {number}" if number != "1" else base
    if plain(part) in ("label", "type", "formatted") or number != "1":
        return ""
    return part if plain(base) == "address" else f"{base} {part}"


def _names_of(entity: Entity, targets: Targets) -> dict[str, str]:
    """Return {words of a header: target}: names and labels come before synonyms."""
    found: dict[str, str] = {}
    amounts = [one for one in targets.values() if one.name.endswith(CURRENCY)]
    others = [one for one in targets.values() if one not in amounts and one.name != ID]
    told = [(plain(text), one) for one in others for text in (one.name, *_labels(entity, one))]
    told += [(plain(text), one) for one in targets.values() for text in _synonyms(entity, one)]
    told += [(plain(text), one) for one in amounts for text in _of_currency(one)]
    told += [(word, one) for one in amounts[:1] for word in CURRENCY_OF if len(amounts) == 1]
    for text, target in told:
        found.setdefault(text, target.name)
    return found


def _of_currency(target: Target) -> list[str]:
    labels = labels_of(target.field.label) if target.field is not None else []
    return [f"{label} {word}" for label in labels for word in CURRENCY_OF]


def _labels(entity: Entity, target: Target) -> list[str]:
    if target.field is not None:
        return labels_of(target.field.label)
    return labels_of(entity.label) if target.name == entity.name_field else []


def _synonyms(entity: Entity, target: Target) -> tuple[str, ...]:
    texts = HEADERS.get(target.name, ())
    if target.name.endswith(CURRENCY):
        return ()
    if target.name == ID:
        return (*texts, target.label)
    if target.name == entity.name_field and is_composed(entity):
        same = name_key(entity)
        texts = (*texts, *HEADERS.get(f"name of a {same.how}" if same is not None else "", ()))
    return (*texts, *(target.field.headers if target.field is not None else ()))


def _wrong(message: str) -> InvalidInput:
    return InvalidInput({"mapping": [message]})
