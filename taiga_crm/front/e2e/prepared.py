"""The project of the journeys, brought into a known state through the API."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from shells import Shell
from site_api import ApiRefused, SiteApi


class Prepared:
    """Shortcuts for data the journeys start from."""

    def __init__(self, shell: Shell, api: Callable[[str], SiteApi]) -> None:
        self.shell = shell
        self.boss = api("boss")
        self._made: list[str] = []
        self.project: dict[str, Any] = self.boss.get(f"/projects/by_slug?slug={shell.project}")
        member = api("member").login["id"]
        members = self.boss.get(f"/memberships?project={self.project['id']}")
        self.role: int = next(row["role"] for row in members if row["user"] == member)
        roles = self.boss.get(f"/roles?project={self.project['id']}")
        self.role_name: str = next(row["name"] for row in roles if row["id"] == self.role)
        self._grants = f"/crm/projects/{self.project['id']}/grants"
        self._before = self._grant_row()

    def switch(self, enabled: bool) -> None:
        """Switch the CRM of the project."""
        self.boss.patch(f"/crm/projects/{self.project['id']}/settings", {"enabled": enabled})

    def grant(self, keys: list[str]) -> None:
        """Give the member's role exactly these keys, for all records."""
        row = self._grant_row()
        self._save(row, keys, dict.fromkeys(row["scopes"], "all"))

    def account(self, name: str, **values: Any) -> dict[str, Any]:
        """Create a company."""
        types = self.boss.get("/crm/account-types")
        company = next(row for row in types if row["name"] == "Company")
        body = {
            "projects": [self.project["id"]],
            "type": company["id"],
            "first_name": name,
            **values,
        }
        return self._create("/crm/accounts", body)

    def contact(self, account: dict[str, Any], first: str, last: str) -> dict[str, Any]:
        """Create an employee of an account."""
        types = self.boss.get("/crm/contact-types")
        employee = next(row for row in types if row["name"] == "Employee")
        body = {"account": account["id"], "type": employee["id"]}
        return self._create("/crm/contacts", {**body, "first_name": first, "last_name": last})

    def issue(self, subject: str) -> dict[str, Any]:
        """Create an issue."""
        return self.ticket("issues", subject)

    def ticket(self, kind: str, subject: str) -> dict[str, Any]:
        """Create a ticket; `kind` is the plural in the host's API."""
        return self._create(f"/{kind}", {"project": self.project["id"], "subject": subject})

    def link(self, issue: dict[str, Any], account: dict[str, Any]) -> None:
        """Link an account to an issue."""
        body = {"kind": "issue", "ticket": issue["id"], "account": account["id"]}
        self.boss.post("/crm/ticket-accounts", body)

    def clean_up(self) -> None:
        """Delete what was made through the API, give the role back what it had."""
        self.switch(True)
        self._save(self._grant_row(), self._before["keys"], self._before["scopes"])
        for path in reversed(self._made):
            with contextlib.suppress(ApiRefused):
                self.boss.delete(path)

    def _create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        created: dict[str, Any] = self.boss.post(path, body)
        self._made.append(f"{path}/{created['id']}")
        return created

    def _grant_row(self) -> dict[str, Any]:
        rows = self.boss.get(self._grants)["roles"]
        return next(row for row in rows if row["role"]["id"] == self.role)

    def _save(self, row: dict[str, Any], keys: list[str], scopes: dict[str, str]) -> None:
        body = {"keys": keys, "scopes": scopes, "version": row["version"]}
        self.boss.patch(f"{self._grants}/{self.role}", body)
