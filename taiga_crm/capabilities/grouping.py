"""Groups and totals: counts and sums in SQL, money per currency, over visible rows only."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.db.models import Count, DateField, F, Sum
from django.db.models.functions import Trunc
from django.utils.translation import gettext as _

from taiga_crm.capabilities.list_request import ListRequest
from taiga_crm.capabilities.listing import bounded_time, matching_rows
from taiga_crm.capabilities.sources import source_of
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, Money

MAX_GROUPS = 200


def read_groups(entity: Entity, user: Any, request: ListRequest) -> dict[str, Any]:
    """Return groups with counts and totals, and the grand total; at most MAX_GROUPS groups.

    Grouping a million rows is one aggregate query, and one more per money total.
    """
    with bounded_time():
        rows = matching_rows(entity, user, request)
        everything = _totals(rows, entity, request.totals, ())
        count, totals = everything.get((), (0, {}))
        if not request.group_by:
            return {"groups": [], "count": count, "totals": totals, "truncated": False}
        field = fields_of(entity.key)[request.group_by]
        names, rows = _group_columns(entity, user, request, rows)
        found = _totals(rows, entity, request.totals, names)
        keys = sorted(found, key=_order)[:MAX_GROUPS]
    return {
        "groups": [_group(field, request, key, *found[key]) for key in keys],
        "count": count,
        "totals": totals,
        "truncated": len(found) > MAX_GROUPS,
    }


def _group_columns(
    entity: Entity, user: Any, request: ListRequest, rows: Any
) -> tuple[tuple[str, ...], Any]:
    source = source_of(entity, request.group_by, user)
    rows = rows.annotate(**source.annotations)
    if request.group_unit:
        start = Trunc(F(source.names[0]), request.group_unit, output_field=DateField())
        return ("g_start",), rows.annotate(g_start=start)
    return source.names[:2], rows


def _totals(
    rows: Any, entity: Entity, totals: tuple[str, ...], names: tuple[str, ...]
) -> dict[tuple[Any, ...], tuple[int, dict[str, Any]]]:
    """Return {group key: (count, totals)}; the key is () without a group."""
    fields = [fields_of(entity.key)[name] for name in totals]
    plain = [field for field in fields if field.kind != "money"]
    sums = {f"s_{field.name}": Sum(field.path) for field in plain}
    result: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
    grouped = rows.order_by()
    if names:
        found = grouped.values_list(*names).annotate(n=Count("pk"), **sums)
    else:
        numbers = grouped.aggregate(n=Count("pk"), **sums)
        found = [tuple(numbers[key] for key in ("n", *sums))]
    for row in found[: MAX_GROUPS * 5]:
        values = row[len(names) + 1 :]
        shown = {
            field.name: _plain(field, value) for field, value in zip(plain, values, strict=False)
        }
        result[tuple(row[: len(names)])] = (row[len(names)], shown)
    for field in fields:
        if field.kind == "money":
            _add_money(grouped, field, names, result)
    return result


def _add_money(rows: Any, field: Field, names: tuple[str, ...], result: dict[Any, Any]) -> None:
    currency = f"{field.path}_currency"
    per_key: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    sums = (
        rows.filter(**{f"{field.path}__isnull": False})
        .values_list(*names, currency)
        .annotate(total=Sum(field.path))
        .order_by(currency)
    )
    for row in sums:
        money = KINDS["money"].show(Money(row[-1], row[-2]))
        per_key[tuple(row[: len(names)])].append(money)
    for key, (_count, shown) in result.items():
        shown[field.name] = per_key.get(key, [])


def _plain(field: Field, value: Any) -> Any:
    return KINDS[field.kind].show(value) if value is not None else None


def _order(key: tuple[Any, ...]) -> tuple[bool, str]:
    label = key[-1]
    return label is None or label == "", str(label).casefold()


def _group(
    field: Field, request: ListRequest, key: tuple[Any, ...], count: int, totals: dict[str, Any]
) -> dict[str, Any]:
    value = key[0]
    if value is None or value == "":
        shown, label, where = None, str(_("(empty)")), {f"{field.name}__empty": "true"}
    elif request.group_unit:
        shown, label, where = _period(field, request.group_unit, value)
    elif field.kind == "link":
        shown, label, where = value, str(key[1] or ""), {field.name: str(value)}
    else:
        shown = KINDS[field.kind].show(value)
        label = KINDS[field.kind].text(field, value)
        raw = str(value).lower() if isinstance(value, bool) else str(value)
        where = {field.name: raw}
    return {"value": shown, "label": label, "count": count, "totals": totals, "filter": where}


def _period(field: Field, unit: str, start: datetime.date) -> tuple[str, str, dict[str, str]]:
    last = _next(unit, start) - datetime.timedelta(days=1)
    label = {"day": f"{start}", "year": f"{start:%Y}", "month": f"{start:%Y-%m}"}.get(
        unit, f"{start} – {last}"
    )
    bounds = {f"{field.name}__gte": start.isoformat(), f"{field.name}__lte": last.isoformat()}
    return start.isoformat(), label, bounds


def _next(unit: str, start: datetime.date) -> datetime.date:
    if unit in ("day", "week"):
        return start + datetime.timedelta(days=7 if unit == "week" else 1)
    months = start.year * 12 + start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[unit]
    return datetime.date(months // 12, months % 12 + 1, 1)
