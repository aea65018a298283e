"""Custom fields beside real columns that hold the same values: filter, sort, group, page, write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cases import LIST, Case, Cases
from data import World
from django.db.models import F

from taiga_crm.capabilities import custom_admin
from taiga_crm.capabilities.jobs import enqueue, run_waiting
from taiga_crm.capabilities.paging import write_cursor
from taiga_crm.models import Account, CustomField
from taiga_crm.permissions.fields import fields_changed

DEFINED = {  # name: (kind of value, indexed)
    "cf_bench_city": ("text", True),
    "cf_bench_staff": ("integer", True),
    "cf_bench_revenue": ("decimal", True),
    "cf_bench_town": ("text", False),
    "cf_bench_heads": ("integer", False),
}
CITY = "Norberg"
PAIRS = {  # name: (of the custom field, of the column), both as parameters of a list
    "filter by text": ({"cf_bench_city": CITY}, {"city": CITY}),
    "filter by part of a text": (
        {"cf_bench_city__contains": "berg"},
        {"city__contains": "berg"},
    ),
    "filter by number": (
        {"cf_bench_staff__between": "100,120", "sort": "name"},
        {"employees__between": "100,120", "sort": "name"},
    ),
    "sort by text": ({"sort": "cf_bench_city"}, {"sort": "city"}),
    "sort by number": ({"sort": "-cf_bench_staff"}, {"sort": "-employees"}),
    "sort by decimal": ({"sort": "-cf_bench_revenue"}, {"sort": "-annual_revenue"}),
    "filter and sort": (
        {"cf_bench_city": CITY, "sort": "-cf_bench_staff"},
        {"city": CITY, "sort": "-employees"},
    ),
    "filter, no index": ({"cf_bench_town": CITY}, {"city": CITY}),
    "sort, no index": ({"sort": "-cf_bench_heads"}, {"sort": "-employees"}),
}


class CustomCases:
    """The same questions to a custom field and to the column beside it."""

    heavy = (
        "custom, group and total", "column, group and total", "custom, sort, no index",
        "custom, filter, no index",
    )  # fmt: skip

    def __init__(self, cases: Cases) -> None:
        self.cases = cases

    def all(self) -> dict[str, Case]:
        """Return name and function; lists, detail and writes are asked again with definitions."""
        asked = self.cases.all()
        kept = ("floor values", "floor detail", "floor insert", "floor update")
        found = {name: asked[name] for name in kept}
        for name, (custom, real) in PAIRS.items():
            found[f"custom, {name}"] = self._list(custom)
            found[f"column, {name}"] = self._list(real)
        found["custom, group and total"] = self._groups("cf_bench_city", "cf_bench_staff")
        found["column, group and total"] = self._groups("city", "employees")
        found["custom, page 1"] = lambda: self.cases._first(self._list({"sort": "cf_bench_city"}))
        found["custom, last page"] = lambda: self.cases._first(
            self._list({"sort": "cf_bench_city", "cursor": self._cursor()})
        )
        fields = "name,city,cf_bench_city,cf_bench_staff,cf_bench_revenue"
        found["list with custom columns"] = self._list({"fields": fields})
        for name in ("list", "detail", "create", "update"):
            found[f"{name}, 5 custom fields defined"] = asked[name]
        return found

    def _list(self, params: dict[str, Any]) -> Case:
        return lambda: self.cases.seller.get("accounts", {**LIST, **params})

    def _groups(self, group: str, total: str) -> Case:
        params = {"group_by": group, "totals": total, "project": self.cases.big}
        return lambda: self.cases.seller.get("accounts/groups", params)

    def _cursor(self) -> str:
        if not hasattr(self, "_last"):
            value = F("custom__cf_bench_city__crm_text")
            rows = Account.objects.order_by(value.desc(), "-pk")
            self._last = write_cursor(
                list(rows.values_list("custom__cf_bench_city__crm_text", "pk")[50])
            )
        return self._last


@contextmanager
def custom_fields_defined(world: World) -> Iterator[None]:
    """Define the fields as an administrator does, let a worker index them, take them away."""
    _forget(world)
    for name, (kind, indexed) in DEFINED.items():
        custom_admin.add(
            world.admin,
            {"kind": "account", "name": name, "label": name, "value_kind": kind,
             "is_indexed": indexed},
        )  # fmt: skip
    run_waiting()
    try:
        yield
    finally:
        _forget(world)


def _forget(world: World) -> None:
    CustomField.objects.filter(name__in=DEFINED).delete()
    fields_changed()
    enqueue(custom_admin.INDEX, world.admin, {"kind": "account"})
    run_waiting()
