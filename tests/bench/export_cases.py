"""Exports of all accounts, in rows per second against rows of `.values_list()`, escaped."""

from __future__ import annotations

from cases import Case, Cases


class ExportCases:
    """Each file of the bench; all are heavy."""

    def __init__(self, cases: Cases) -> None:
        self.get = cases.seller.get
        self.heavy = tuple(self.all())

    def all(self) -> dict[str, Case]:
        """Return name and function."""
        get, narrow = self.get, {"sort": "name", "city__contains": "berg"}
        return {
            "floor export": lambda: get("/bench/export"),
            "export": lambda: get("accounts/export.csv", {"sort": "name"}),
            "floor export, filtered": lambda: get("/bench/export", {"city": "berg"}),
            "export, filtered": lambda: get("accounts/export.csv", narrow),
            "export, all columns": lambda: get("accounts/export.csv", {"fields": "*"}),
            "export, XLSX": lambda: get("accounts/export.xlsx", {"sort": "name"}),
        }
