"""Totals: count and sums of a whole list, by SQL that is kept for equal rights and requests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import IntegerField, Value
from django.db.models.functions import Cast

from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.listing import matching_rows, refused_when_slow
from taiga_crm.capabilities.pages import Asked, asked_by
from taiga_crm.capabilities.sources import source_of
from taiga_crm.capabilities.statements import Statement
from taiga_crm.capabilities.tallies import Sums, Tally, asked_sums, gathered, sum_of
from taiga_crm.conf import conf
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field

MAX_CURRENCIES = 5_000


def tally_whole(entity: Entity, user: Any, request: ListRequest, here: int | None = None) -> Tally:
    """Return the tally of all rows of a list; `here` is what HERE in its conditions stands for."""
    every, limit = Tally(), conf().statement_timeout_ms
    with refused_when_slow():
        for part in _whole_parts(asked_by(entity, user, request)):
            answers = part.statement.about(here, limit).rows(0, MAX_CURRENCIES)
            found = sum_of(gathered(answers, (), part.plain, part.money).values())
            if part.is_first:
                every = found
            else:
                every.money.update(found.money)
    return every


@dataclass(frozen=True)
class _Part:
    """The statement for some sums of a whole list; the first one also counts."""

    statement: Statement
    plain: list[Field]
    money: list[Field]
    is_first: bool


@lru_cache(maxsize=300)
def _whole_parts(asked: Asked) -> list[_Part]:
    """Keep the SQL of the sums of the last lists."""
    totals = [fields_for(asked.entity, asked.user)[name] for name in asked.request.totals]
    rows = matching_rows(asked.entity, asked.user, asked.request).order_by()
    sums = {one.name: source_of(asked.entity, one.name, asked.user) for one in totals}
    for source in sums.values():
        rows = rows.annotate(**source.annotations)
    return _parts(rows, totals, sums)


def _parts(rows: Any, totals: list[Field], sums: Sums) -> list[_Part]:
    rows = rows.annotate(g_all=Cast(Value(1), IntegerField()))
    money = [one for one in totals if one.kind == "money"]
    plain = [one for one in totals if one.kind != "money"]
    pairs: list[tuple[list[Field], list[Field]]] = [(plain, money[:1])]
    pairs += [([], [one]) for one in money[1:]]
    return [
        _Part(Statement(asked_sums(rows, (), few, some, sums)), few, some, place == 0)
        for place, (few, some) in enumerate(pairs)
    ]
