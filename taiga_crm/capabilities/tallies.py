"""Tallies: counts and sums of rows, money per currency, and the SQL that adds them up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum

from taiga_crm.capabilities.sources import Source
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kinds import KINDS, Money

Sums = dict[str, Source]


@dataclass
class Tally:
    """Count and sums of some rows; money per currency."""

    count: int = 0
    sums: dict[str, Any] = field(default_factory=dict)
    money: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Take in further rows."""
        self.count += other.count
        _add(self.sums, other.sums)
        for name, amounts in other.money.items():
            _add(self.money.setdefault(name, {}), amounts)

    def shown(self, fields: list[Field]) -> dict[str, Any]:
        """Return {field name: sum, or amounts by currency}."""
        return {one.name: self._shown(one) for one in fields}

    def _shown(self, one: Field) -> Any:
        if one.kind == "money":
            amounts = sorted(self.money.get(one.name, {}).items())
            return [KINDS["money"].show(Money(amount, currency)) for currency, amount in amounts]
        value = self.sums.get(one.name)
        return None if value is None else KINDS[one.kind].show(value)


def asked_sums(
    rows: Any, names: tuple[str, ...], plain: list[Field], money: list[Field], sources: Sums
) -> Any:
    """Return rows of the group's names, the currency of the money, the count and the sums."""
    sums = {f"s_{one.name}": Sum(sources[one.name].names[0]) for one in (*plain, *money)}
    keys = (*names, *(sources[one.name].names[1] for one in money)) or ("g_all",)
    grouped = rows.values_list(*keys).annotate(n=Count("pk"), **sums).order_by(*names)
    return grouped.values_list(*keys, "n", *sums)


def gathered(
    answers: Iterable[tuple[Any, ...]],
    names: tuple[str, ...],
    plain: list[Field],
    money: list[Field],
) -> dict[tuple[Any, ...], Tally]:
    """Return {group key: tally} of what `asked_sums` has answered."""
    width = len(names) + (len(money) or not names)
    found: dict[tuple[Any, ...], Tally] = {}
    for answer in answers:
        count, *values = answer[width:]
        key = tuple(answer[: len(names)])
        found.setdefault(key, Tally()).add(_tally(count, values, plain, money, answer[len(names)]))
    return found


def _tally(
    count: int, values: list[Any], plain: list[Field], money: list[Field], currency: Any
) -> Tally:
    tally = Tally(count, dict(zip((one.name for one in plain), values, strict=False)))
    if money and values[-1] is not None:
        tally.money = {money[0].name: {currency: values[-1]}}
    return tally


def sum_of(tallies: Iterable[Tally]) -> Tally:
    """Return one tally of several."""
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def _add(into: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if value is not None:
            into[name] = value if into.get(name) is None else into[name] + value
