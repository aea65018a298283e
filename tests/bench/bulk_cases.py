"""Acts on 500 accounts at once, beside one bare statement with 500 rows of history."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

from cases import Case, Cases
from copying import copy_rows
from data import World
from django.db.models import Max
from requests_in_process import Answer, queries_of

from taiga_crm.models import Account, AccountProject, Industry

MANY, FEW = 500, 5


class BulkCases:
    """Each request of the bench that changes many records."""

    heavy: tuple[str, ...] = ()

    def __init__(self, cases: Cases, world: World) -> None:
        self.seller, self.medium, self.kind = cases.seller, cases.medium, cases.kind
        self.managers = itertools.cycle(world.managers)
        self.industries = itertools.cycle(Industry.objects.values_list("pk", flat=True)[:7])
        self._numbers = itertools.count(int(time.time()))
        # the bin remembers ids, so none comes twice
        self._fresh = itertools.count(Account.objects.aggregate(last=Max("pk"))["last"] + 1)
        found = Account.objects.filter(project_ids=[self.medium], is_private=False, pk__gt=100)
        self.ids = list(found.order_by("pk").values_list("pk", flat=True)[:MANY])

    def all(self) -> dict[str, Case]:
        """Return name and function."""
        return {
            "floor bulk": self._floor,
            "bulk, account manager": lambda: self._change("account_manager", next(self.managers)),
            "bulk, industry": lambda: self._change("industry", next(self.industries)),
            "bulk, city": lambda: self._change("city", f"City {next(self._numbers)}"),
            "bulk, star": self._star,
            "bulk delete": self._delete,
        }

    def queries(self) -> dict[str, tuple[int, int]]:
        """Return the queries of one request for 5 and for 500 records."""
        asks = {
            "bulk change": lambda ids: self._change("account_manager", next(self.managers), ids),
            "bulk delete": lambda ids: self._delete(len(ids)),
        }
        sizes = (self.ids[:FEW], self.ids)
        return {
            name: tuple(queries_of(lambda ids=ids, ask=ask: ask(ids)) for ids in sizes)  # type: ignore[misc]
            for name, ask in asks.items()
        }

    def _floor(self) -> Answer:
        body = {"ids": self.ids, "city": f"City {next(self._numbers)}"}
        return self.seller.send("post", "/bench/bulk", body)

    def _change(self, name: str, value: Any, ids: list[int] | None = None) -> Answer:
        body = {"ids": ids or self.ids, "changes": {name: value}}
        return _whole(self.seller.send("post", "accounts/bulk", body), {"changed", "unchanged"})

    def _star(self) -> Answer:
        body = {"ids": self.ids, "value": next(self._numbers) % 2 == 0}
        return self.seller.send("post", "accounts/bulk-favorite", body)

    def _delete(self, count: int = MANY) -> Answer:
        ids = list(itertools.islice(self._fresh, count))
        columns = ("id", "type_id", "name", "first_name", "project_ids", "search_text")
        rows = ((pk, self.kind, f"Gone {pk}", f"Gone {pk}", [self.medium], f"gone {pk}")
                for pk in ids)  # fmt: skip
        copy_rows(Account, columns, rows)
        copy_rows(AccountProject, ("account_id", "project_id"), ((pk, self.medium) for pk in ids))
        answer = self.seller.send("post", "accounts/bulk-delete", {"ids": ids})
        return _whole(answer, {"deleted"})


def _whole(answer: Answer, allowed: set[str]) -> Answer:
    """Stop the bench when an act did less than it was asked for: its time would say nothing."""
    counts = json.loads(answer.body)["counts"]
    if not counts.keys() <= allowed:
        raise SystemExit(f"Only some records were written: {counts}")
    return answer
