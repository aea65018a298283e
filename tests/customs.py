"""Custom fields for the tests: one of every kind of value, with values that differ and sort."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from factories import make_user
from taiga_crm.capabilities import custom_admin
from taiga_crm.permissions.access import forget_access

OPTIONS = [
    {"value": "gold", "label": "Gold", "labels": {"ko": "금"}},
    {"value": "silver", "label": "Silver", "labels": {"ko": "은"}},
    {"value": "wood", "label": "Wood"},
]


def keeper() -> Any:
    """Return somebody who may manage the settings."""
    return make_user(is_superuser=True)


def define(
    value_kind: str, label: str = "", *, kind: str = "account", by: Any = None, **parts: Any
) -> Any:
    """Add a definition as an administrator does; return its row."""
    user = by or keeper()
    forget_access(user)
    if value_kind in ("choice", "tags"):
        parts.setdefault("options", OPTIONS)
    if value_kind == "link":
        parts.setdefault("target", "account")
    data = {"kind": kind, "label": label or value_kind, "value_kind": value_kind, **parts}
    return custom_admin.add(user, data)


@dataclass(frozen=True)
class Sample:
    """A kind of value: three values in rising order, and filters with what they find of them.

    `found` maps a filter to the places of the values that pass; the fourth row is empty.
    """

    kind: str
    values: tuple[Any, Any, Any]
    found: dict[str, tuple[str, set[int]]]
    texts: tuple[str, str, str]
    sortable: bool = True
    group: str = ""
    parts: dict[str, Any] = field(default_factory=dict)


def money(amount: str, currency: str = "EUR") -> dict[str, str]:
    """Return an amount as JSON."""
    return {"amount": amount, "currency": currency}


EMPTY = {"empty": ("true", {3}), "empty no": ("false", {0, 1, 2})}
TEXT_FILTERS = {"contains": ("b", {1}), **EMPTY}
SAMPLES = (
    Sample("text", ("alpha", "beta", "gamma =1+1"),
           {"exact": ("beta", {1}), "not": ("beta", {0, 2, 3}), "contains": ("ETA", {1}), **EMPTY},
           ("alpha", "beta", "gamma =1+1"), group="alpha"),
    Sample("long_text", ("one\nline", "b\ntwo", "x"), TEXT_FILTERS, ("one\nline", "b\ntwo", "x"),
           sortable=False),
    Sample("integer", (-5, 0, 12),
           {"exact": ("12", {2}), "gte": ("0", {1, 2}), "lte": ("0", {0, 1}), **EMPTY},
           ("-5", "0", "12")),
    Sample("decimal", ("-1.50", "2", "10.125"),
           {"exact": ("2.0", {1}), "gte": ("2", {1, 2}), "lte": ("9.9", {0, 1}), **EMPTY},
           ("-1.50", "2", "10.125")),
    Sample("money", (money("-1.00"), money("2.00", "USD"), money("10.00")),
           {"gte": ("2", {1, 2}), "lte": ("9", {0, 1}), **EMPTY},
           ("-1.00 EUR", "2.00 USD", "10.00 EUR")),
    Sample("boolean", (False, False, True),
           {"exact": ("true", {2}), "exact no": ("false", {0, 1, 3})},
           ("no", "no", "yes"), group="no"),
    Sample("date", ("0999-01-05", "2026-02-28", "2026-03-01"),
           {"exact": ("2026-02-28", {1}), "gte": ("2026-02-28", {1, 2}),
            "lte": ("2026-02-28", {0, 1}), **EMPTY},
           ("0999-01-05", "2026-02-28", "2026-03-01"), group="2026-02"),
    Sample("datetime", ("2025-12-31T23:59:59Z", "2026-02-28T12:00:00Z", "2026-03-01T00:00:00Z"),
           {"exact": ("2026-02-28", {1}), "gte": ("2026-02-28", {1, 2}),
            "lte": ("2026-02-28", {0, 1}), **EMPTY},
           ("2025-12-31T23:59:59Z", "2026-02-28T12:00:00Z", "2026-03-01T00:00:00Z"),
           group="2026-02"),
    Sample("choice", ("gold", "silver", "wood"),
           {"exact": ("gold,wood", {0, 2}), "not": ("gold", {1, 2, 3}), **EMPTY},
           ("Gold", "Silver", "Wood"), group="Gold"),
    Sample("tags", (["gold"], ["gold", "silver"], ["wood"]),
           {"exact": ("silver,wood", {1, 2}), "not": ("gold", {2, 3}), **EMPTY},
           ("Gold", "Gold, Silver", "Wood"), sortable=False),
    Sample("url", ("https://a.example", "https://b.example", "https://c.example"),
           {"exact": ("https://b.example", {1}), "contains": ("//B", {1}), **EMPTY},
           ("https://a.example", "https://b.example", "https://c.example")),
    Sample("email", ("a@x.example", "b@x.example", "c@x.example"),
           {"exact": ("b@x.example", {1}), "contains": ("B@", {1}), **EMPTY},
           ("a@x.example", "b@x.example", "c@x.example")),
    Sample("phone", ("+1 212 555 0100", "+82 2 555 0100", "0049 30 5550"),
           {"exact": ("+82 2 555 0100", {1}), "contains": ("82", {1}), **EMPTY},
           ("+1 212 555 0100", "+82 2 555 0100", "0049 30 5550")),
    Sample("country", ("AT", "DE", "KR"),
           {"exact": ("de,kr", {1, 2}), "not": ("DE", {0, 2, 3}), **EMPTY},
           ("Austria", "Germany", "South Korea"), group="Austria"),
)  # fmt: skip
SAMPLE_OF = {one.kind: one for one in SAMPLES}
