"""What is asked: the floors and the product, each as a function that sends one request."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from typing import Any

from data import World
from load import HUB
from requests_in_process import Answer, Asker, queries_of

from taiga_crm.capabilities import pages
from taiga_crm.capabilities.paging import write_cursor
from taiga_crm.models import Account, AccountType, Industry, TicketAccount

Case = Callable[[], Any]
EVERY_LIST = "people,tickets,subaccounts,history"
LIST = {"page_size": 50, "sort": "name"}
TREE = json.dumps(
    {
        "any": [
            {"all": [["city", "contains", "berg"], ["employees", "gte", 100]]},
            {"all": [["country", "exact", "KR"], {"not": ["is_key", "exact", True]}]},
        ]
    }
)


class Cases:
    """Every request of the bench by name; `heavy` ones are sent once a round."""

    heavy = ("groups", "floor groups", "groups filtered")

    def __init__(self, world: World, seller: Asker, owner: Asker) -> None:
        self.seller, self.owner = seller, owner
        self.big, self.medium = world.projects[:2]
        self.industry = Industry.objects.order_by("position").values_list("pk", flat=True)[3]
        self.kind = AccountType.objects.order_by("position").values_list("pk", flat=True)[0]
        self.one = Account.objects.filter(project_ids=[self.medium], is_private=False).first().pk
        self.rare = str(Account.objects.get(pk=HUB).name).split()[0].lower()
        self.last = _cursor(Account.objects, "name")
        self.last_ticket = _cursor(TicketAccount.objects, "created_at")
        some = Account.objects.filter(project_ids=[self.medium], is_private=False)
        self._others = itertools.cycle(some.order_by("pk").values_list("pk", flat=True)[100:140])
        self._numbers = itertools.count(int(time.time()))  # no run repeats a value
        self._versions = dict(
            Account.objects.filter(project_ids=[self.medium], is_private=False, pk__gt=100)
            .order_by("pk")
            .values_list("pk", "version")[:20]
        )

    def all(self) -> dict[str, Case]:
        """Return name and function."""
        return {**self._floors(), **self.reads(), **self._growth(), **self._writes()}

    def queries(self) -> dict[str, tuple[int, int]]:
        """Return the queries of one request at 5 and at 50 rows; one row where there is one."""
        found = {}
        for path in ("accounts", "contacts", "tickets"):
            few, many = (
                queries_of(lambda path=path, size=size: self.seller.get(path, {"page_size": size}))
                for size in (5, 50)
            )
            found["list" if path == "accounts" else f"list of {path}"] = (few, many)
        for name, ask in {"detail": self.reads()["detail"], **self._writes()}.items():
            found[name] = (queries_of(ask),) * 2
        return found

    def _floors(self) -> dict[str, Case]:
        get = self.seller.get
        big = {"project": self.big}
        return {
            "floor empty": lambda: get("/bench/empty"),
            "floor values": lambda: get("/bench/values"),
            "floor detail": lambda: get("/bench/detail", {"id": HUB}),
            "floor groups": lambda: get("/bench/groups", big),
            "floor insert": lambda: self.seller.send("post", "/bench/insert", self._row()),
            "floor update": lambda: self.seller.send("patch", "/bench/update", self._city()),
        }

    def reads(self) -> dict[str, Case]:
        """Return the reads of the product."""
        get, own = self.seller.get, self.owner.get
        project = {"project": self.big}
        narrow = {**LIST, **project, "industry": self.industry}
        by_link = {**project, "account__industry": self.industry}
        return {
            "list": lambda: get("accounts", narrow),
            "list, asked first": lambda: self._first(lambda: get("accounts", narrow)),
            "list, own rows": lambda: own("accounts", {**LIST, "industry": self.industry}),
            "list, everything": lambda: get("accounts", LIST),
            "list, by city": lambda: get("accounts", {"sort": "-city"}),
            "list, by industry": lambda: get("accounts", {"sort": "industry"}),
            "list, by revenue": lambda: get("accounts", {"sort": "-annual_revenue"}),
            "list, contains": lambda: get("accounts", {**LIST, "city__contains": "berg"}),
            "list, filter tree": lambda: get("accounts", {**LIST, **project, "tree": TREE}),
            "tickets": lambda: get("tickets", by_link),
            "tickets, everything": lambda: get("tickets"),
            "tickets, by account": lambda: get("tickets", {**project, "sort": "account"}),
            "tickets, by subject": lambda: get("tickets", {**project, "sort": "subject"}),
            "contacts": lambda: get("contacts", {**LIST, **project}),
            "page 1": lambda: self._first(lambda: get("accounts", LIST)),
            "last page": lambda: self._first(
                lambda: get("accounts", {**LIST, "cursor": self.last})
            ),
            "tickets, page 1": lambda: self._first(lambda: get("tickets", {"sort": "linked_at"})),
            "tickets, last page": lambda: self._first(
                lambda: get("tickets", {"sort": "linked_at", "cursor": self.last_ticket})
            ),
            "search": lambda: get("accounts", {**LIST, "q": self.rare}),
            "search, inside words": lambda: get("accounts", {**LIST, "q": self.rare[1:]}),
            "search, frequent": lambda: get("accounts", {**LIST, "q": "berg"}),
            "search, tickets": lambda: get("tickets", {"q": self.rare}),
            "search, everywhere": lambda: get("search", {"q": self.rare}),
            "lookup": lambda: get("accounts/lookup", {"q": self.rare}),
            "detail": lambda: get(f"accounts/{HUB}"),
            "detail page": self._detail_page,
            "detail page, other records": lambda: self._detail_page(next(self._others)),
            "detail page, as it opens": lambda: get(f"accounts/{HUB}/page"),
            "detail page, asked apart": self._asked_apart,
            "timeline": lambda: get(f"accounts/{HUB}/timeline"),
            "groups": lambda: get("accounts/groups", {**project, "group_by": "industry"}),
            "groups filtered": lambda: get(
                "accounts/groups", {**project, "group_by": "industry", "country": "KR"}
            ),
            "ticket panel": lambda: get("ticket-accounts", {"kind": "issue", "ticket": 1}),
            "me": lambda: get("me"),
            "meta": lambda: get("meta"),
        }

    def _growth(self) -> dict[str, Case]:
        get = self.seller.get
        found: dict[str, Case] = {}
        for name, project in (("10k", self.medium), ("half", self.big)):
            where = {"project": project}
            pk = Account.objects.filter(project_ids=[project], is_private=False)[0].pk
            found[f"list {name}"] = lambda where=where: get("accounts", {**LIST, **where})
            found[f"search {name}"] = lambda where=where: get("accounts", {**where, "q": "ber"})
            found[f"detail {name}"] = lambda pk=pk: get(f"accounts/{pk}")
            found[f"tickets {name}"] = lambda where=where: get("tickets", where)
        return found

    def _writes(self) -> dict[str, Case]:
        return {"create": self._create, "update": self._update}

    def _detail_page(self, pk: int = HUB) -> Answer:
        """All a detail page can show: the record, four related lists of 20, and their sums."""
        sizes = {f"{tab}.page_size": 20 for tab in ("people", "tickets", "subaccounts")}
        return self.seller.get(f"accounts/{pk}/page", {"lists": EVERY_LIST, **sizes})

    def _asked_apart(self) -> list[Answer]:
        """The same by one request for each list."""
        get, where = self.seller.get, {"account": HUB, "page_size": 20}
        return [
            get(f"accounts/{HUB}"),
            get("contacts", where),
            get("tickets", where),
            get("accounts", {"parent": HUB, "page_size": 20}),
            get(f"accounts/{HUB}/history", {"page_size": 20}),
            get("accounts/groups", {"parent": HUB}),
        ]

    def _first(self, ask: Case) -> Any:
        """Ask as if nobody had asked this before in this process."""
        pages.forget_prepared()
        return ask()

    def _row(self) -> dict[str, Any]:
        name = f"Floor {next(self._numbers)}"
        return {"type_id": self.kind, "name": name, "first_name": name,
                "project_ids": [self.medium]}  # fmt: skip

    def _city(self) -> dict[str, Any]:
        number = next(self._numbers)
        return {"id": 50 + number % 20, "city": f"City {number}"}

    def _create(self) -> Answer:
        number = next(self._numbers)
        return self.seller.send(
            "post",
            "accounts",
            {
                "type": self.kind,
                "first_name": f"Created {number}",
                "industry": self.industry,
                "city": "Seoul",
                "projects": [self.medium],
                "emails": [f"hello@created{number}.example"],
                "phones": ["+82 2 555 1234"],
            },
        )

    def _update(self) -> Answer:
        number = next(self._numbers)
        pk = list(self._versions)[number % len(self._versions)]
        data = {"version": self._versions[pk], "city": f"City {number}"}
        answer = self.seller.send("patch", f"accounts/{pk}", data)
        self._versions[pk] = json.loads(answer.body)["version"]
        return answer


def _cursor(rows: Any, column: str) -> str:
    """Return the cursor that stands 50 rows before the end."""
    return write_cursor(list(rows.order_by(f"-{column}", "-pk").values_list(column, "pk")[50]))
