"""Saved views of the sample accounts: tags, a nested filter, one that moves with the calendar."""

from __future__ import annotations

from typing import Any

from taiga_crm.capabilities.saved_views import create_view

KEY, RECENT = "#e44057", "#008aa8"
VIEWS: tuple[dict[str, Any], ...] = (
    {
        "name": "Key accounts",
        "color": KEY,
        "show_as_tag": True,
        "state": {"filters": [["is_key", "exact", "true"]], "sort": ["-annual_revenue"]},
    },
    {
        "name": "New this month",
        "color": RECENT,
        "show_as_tag": True,
        "state": {"filters": [["created_at", "within", "this_month"]], "sort": ["-created_at"]},
    },
    {
        "name": "Large, or in Korea and Japan",
        "state": {
            "tree": {
                "any": [
                    ["employees", "gte", 1000],
                    {"all": [["country", "exact", ["KR", "JP"]], ["employees", "gte", 50]]},
                ]
            }
        },
    },
)


def share_views(project: Any, boss: Any) -> None:
    """Save views of accounts for everybody in the project."""
    for one in VIEWS:
        data = {"kind": "account", "project": project.pk, "sharing": "public", **one}
        create_view(boss, data)
