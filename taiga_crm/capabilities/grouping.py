"""Groups and totals: counts and sums in SQL, money per currency, over visible rows only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, DateTimeField, F, IntegerField, Value
from django.db.models.functions import Cast, Trunc
from django.utils.translation import gettext as _

from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.listing import bounded_time, matching_rows
from taiga_crm.capabilities.many_links import beside_links
from taiga_crm.capabilities.person_zone import zone_of
from taiga_crm.capabilities.sources import source_of
from taiga_crm.capabilities.tallies import Sums, Tally, asked_sums, gathered, sum_of
from taiga_crm.capabilities.totals import tally_whole
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS

MAX_GROUPS = 200
MAX_TALLIES = 5_000


@dataclass
class Groups:
    """The groups of a list by their keys, and the tally of all rows."""

    totals: list[Field]
    found: dict[tuple[Any, ...], Tally]
    every: Tally
    complete: bool = True

    def first(self) -> list[tuple[tuple[Any, ...], Tally]]:
        """Return the first MAX_GROUPS groups in the order of the screen: empty ones last."""
        return sorted(self.found.items(), key=lambda one: _order(one[0]))[:MAX_GROUPS]

    def tally(self, key: tuple[Any, ...]) -> Tally:
        """Return the tally of a group; rows without a value and with an empty one are together."""
        if key[-1] not in (None, ""):
            return self.found.get(key, Tally())
        return sum_of(tally for one, tally in self.found.items() if one[-1] in (None, ""))


def tally_groups(entity: Entity, user: Any, request: ListRequest) -> Groups:
    """Count and add up the rows of a list group by group.

    Grouping a million rows is one aggregate query; a second one adds up what was cut off.
    """
    totals = [fields_for(entity, user)[name] for name in request.totals]
    if not request.group_by:
        return Groups(totals, {}, tally_whole(entity, user, request))
    with bounded_time():
        rows = matching_rows(entity, user, request).order_by()
        sums = {one.name: source_of(entity, one.name, user) for one in totals}
        for source in sums.values():
            rows = rows.annotate(**source.annotations)
        names, grouped = _group_columns(entity, user, request, rows)
        found, complete = _tallies(grouped, totals, names, sums)
        by = fields_for(entity, user)[request.group_by]
        adds_up = complete and by.kind != "links"  # a row with two links is in two groups
        every = sum_of(found.values()) if adds_up else _whole(rows, totals, sums)
    return Groups(totals, found, every, complete)


def read_groups(entity: Entity, user: Any, request: ListRequest) -> dict[str, Any]:
    """Return groups with counts and totals, and the grand total; at most MAX_GROUPS groups."""
    groups = tally_groups(entity, user, request)
    shown = {"count": groups.every.count, "totals": groups.every.shown(groups.totals)}
    if not request.group_by:
        return {"groups": [], **shown, "truncated": False}
    by = fields_for(entity, user)[request.group_by]
    return {
        "groups": [
            _group(by, request, key, tally.count, tally.shown(groups.totals))
            for key, tally in groups.first()
        ],
        **shown,
        "truncated": len(groups.found) > MAX_GROUPS or not groups.complete,
    }


def group_label(by: Field, request: ListRequest, key: tuple[Any, ...]) -> str:
    """Return how the group with this key is called."""
    return str(_group(by, request, key, 0, {})["label"])


def period_start(by: Field, name: str, unit: str, user: Any) -> Any:
    """Return the first day of the period that a row lies in, where the person lives."""
    moment: Any = F(name)
    if by.column:  # kept as text
        moment = Cast(moment, DateField() if by.kind == "date" else DateTimeField())
    zone = None if by.kind == "date" else zone_of(user)  # a day is a day everywhere
    return Trunc(moment, unit, output_field=DateField(), tzinfo=zone)


def _group_columns(
    entity: Entity, user: Any, request: ListRequest, rows: Any
) -> tuple[tuple[str, ...], Any]:
    by = fields_for(entity, user)[request.group_by]
    if by.kind == "links":
        return ("g_id", "g_label"), beside_links(entity, rows, by, user)
    source = source_of(entity, request.group_by, user)
    rows = rows.annotate(**source.annotations)
    if request.group_unit:
        start = period_start(by, source.names[0], request.group_unit, user)
        return ("g_start",), rows.annotate(g_start=start)
    return source.names[:2], rows


def _whole(rows: Any, totals: list[Field], sums: Sums) -> Tally:
    """Return the tally of all rows."""
    rows = rows.annotate(g_all=Cast(Value(1), IntegerField()))
    found, _complete = _tallies(rows, totals, (), sums)
    return sum_of(found.values())


def _tallies(
    rows: Any, totals: list[Field], names: tuple[str, ...], sums: Sums
) -> tuple[dict[tuple[Any, ...], Tally], bool]:
    """Return {group key: tally}, and whether these are all groups.

    One query counts, adds up the plain columns and the first money column, whose currency
    splits the groups; each further money column costs a query.
    """
    money = [one for one in totals if one.kind == "money"]
    plain = [one for one in totals if one.kind != "money"]
    found, complete = _query(rows, names, plain, money[:1], sums)
    for one in money[1:]:
        for key, tally in _query(rows, names, [], [one], sums)[0].items():
            if key in found:
                found[key].money.update(tally.money)
    return found, complete


def _query(
    rows: Any, names: tuple[str, ...], plain: list[Field], money: list[Field], sources: Sums
) -> tuple[dict[tuple[Any, ...], Tally], bool]:
    asked = asked_sums(rows, names, plain, money, sources)
    answers = list(asked[: MAX_TALLIES + 1])
    found = gathered(answers[:MAX_TALLIES], names, plain, money)
    complete = len(answers) <= MAX_TALLIES
    if not complete:
        found.popitem()  # the last group may have lost a currency
    return found, complete


def _order(key: tuple[Any, ...]) -> tuple[bool, int, str]:
    label = key[-1]
    number = label if isinstance(label, int) else 0
    return label is None or label == "", number, str(label).casefold()


def _group(
    by: Field, request: ListRequest, key: tuple[Any, ...], count: int, totals: dict[str, Any]
) -> dict[str, Any]:
    value = key[0]
    if value is None or value == "":
        shown, label, where = None, str(_("(empty)")), {f"{by.name}__empty": "true"}
    elif request.group_unit:
        shown, label, where = _period(by, request.group_unit, value)
    elif by.kind in ("link", "links"):
        shown, label, where = value, str(key[1] or ""), {by.name: str(value)}
    else:
        shown = KINDS[by.kind].show(value)
        label = KINDS[by.kind].text(by, value)
        raw = str(value).lower() if isinstance(value, bool) else str(value)
        where = {by.name: raw}
    return {"value": shown, "label": label, "count": count, "totals": totals, "filter": where}


def _period(by: Field, unit: str, start: datetime.date) -> tuple[str, str, dict[str, str]]:
    last = _next(unit, start) - datetime.timedelta(days=1)
    label = {"day": f"{start}", "year": f"{start:%Y}", "month": f"{start:%Y-%m}"}.get(
        unit, f"{start} – {last}"
    )
    bounds = {f"{by.name}__gte": start.isoformat(), f"{by.name}__lte": last.isoformat()}
    return start.isoformat(), label, bounds


def _next(unit: str, start: datetime.date) -> datetime.date:
    if unit in ("day", "week"):
        return start + datetime.timedelta(days=7 if unit == "week" else 1)
    months = start.year * 12 + start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[unit]
    return datetime.date(months // 12, months % 12 + 1, 1)
