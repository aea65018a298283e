"""The project of the journeys, brought into a known state through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shells import Shell
from site_api import SiteApi


class Prepared:
    """Shortcuts for data the journeys start from."""

    def __init__(self, shell: Shell, api: Callable[[str], SiteApi]) -> None:
        self.shell = shell
        self.boss = api("boss")
        self.project: dict[str, Any] = self.boss.get(f"/projects/by_slug?slug={shell.project}")
        member = api("member").login["id"]
        members = self.boss.get(f"/memberships?project={self.project['id']}")
        self.role: int = next(row["role"] for row in members if row["user"] == member)
        roles = self.boss.get(f"/roles?project={self.project['id']}")
        self.role_name: str = next(row["name"] for row in roles if row["id"] == self.role)

    def switch(self, enabled: bool) -> None:
        """Switch the CRM of the project."""
        self.boss.patch(f"/crm/projects/{self.project['id']}/settings", {"enabled": enabled})

    def grant(self, keys: list[str]) -> None:
        """Give the member's role exactly these keys, for all records."""
        path = f"/crm/projects/{self.project['id']}/grants"
        rows = self.boss.get(path)["roles"]
        row = next(row for row in rows if row["role"]["id"] == self.role)
        scopes = dict.fromkeys(row["scopes"], "all")
        self.boss.patch(f"{path}/{self.role}", {**row, "keys": keys, "scopes": scopes})

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
        created: dict[str, Any] = self.boss.post("/crm/accounts", body)
        return created

    def issue(self, subject: str) -> dict[str, Any]:
        """Create an issue."""
        body = {"project": self.project["id"], "subject": subject}
        created: dict[str, Any] = self.boss.post("/issues", body)
        return created

    def link(self, issue: dict[str, Any], account: dict[str, Any]) -> None:
        """Link an account to an issue."""
        body = {"kind": "issue", "ticket": issue["id"], "account": account["id"]}
        self.boss.post("/crm/ticket-accounts", body)
