"""What differs between the two shells: who is there, how one signs in, where the menus are."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

# role in the journeys -> login; CRM_E2E_LOGINS (JSON) overrides single ones
PEOPLE = {
    "standalone": {"root": "admin", "boss": "pam", "member": "sally", "stranger": "stan"},
    "taiga": {"root": "admin", "boss": "anna", "member": "boris", "stranger": "dora"},
}
PROJECTS = {"standalone": "aurora-shop", "taiga": "shop"}


PAGE = "document.documentElement.scrollWidth - innerWidth"
# Taiga's top bar alone needs 421 px
APP = """() => {
  const app = document.querySelector('taiga-crm');
  const right = app.getBoundingClientRect().right - innerWidth;
  return Math.max(right, app.scrollWidth - app.clientWidth);
}"""


@dataclass(frozen=True)
class Shell:
    """One installation under test."""

    kind: str
    url: str
    project: str
    people: dict[str, str] = field(default_factory=dict)
    password: str = "123123"

    @classmethod
    def from_environment(cls, url: str) -> Shell:
        """Read CRM_E2E_SHELL, CRM_E2E_PROJECT, CRM_E2E_LOGINS and CRM_E2E_PASSWORD."""
        kind = os.environ.get("CRM_E2E_SHELL", "standalone")
        return cls(
            kind=kind,
            url=url.rstrip("/"),
            project=os.environ.get("CRM_E2E_PROJECT", PROJECTS[kind]),
            people={**PEOPLE[kind], **json.loads(os.environ.get("CRM_E2E_LOGINS", "{}"))},
            password=os.environ.get("CRM_E2E_PASSWORD", "123123"),
        )

    @property
    def in_taiga(self) -> bool:
        """Return whether the shell is a real Taiga."""
        return self.kind == "taiga"

    def crm(self, path: str = "") -> str:
        """Return the address of a CRM page of the project."""
        return f"/project/{self.project}/crm{path}"

    @property
    def modules_page(self) -> str:
        """Return the address of Project settings » Modules."""
        last = "admin/project-profile/modules" if self.in_taiga else "admin/modules"
        return f"/project/{self.project}/{last}"

    def sign_in(self, page: Page, who: str, password: str | None = None) -> None:
        """Fill in the login page."""
        page.locator("input[name=username]").fill(self.people[who])
        page.locator("input[name=password]").fill(password or self.password)
        page.locator("form button[type=submit]").first.click()

    def menu_entry(self, page: Page) -> Locator:
        """Return the CRM's entry in the project menu."""
        if self.in_taiga:
            return page.locator("tg-legacy-loader .crm-entry a")
        return page.locator(".s-menu a", has_text="CRM")

    def global_link(self, page: Page) -> Locator:
        """Return the link to the global CRM in the top bar."""
        return page.locator(".crm-top-link" if self.in_taiga else ".s-bar a[href='/crm']")

    def module_switch(self, page: Page) -> Locator:
        """Return the control of the CRM on the Modules page."""
        if self.in_taiga:
            return page.locator(".module-crm .activate-input")
        return page.locator(".s-modules").get_by_role("switch")

    def is_switched_on(self, page: Page) -> bool:
        """Read the control of the Modules page."""
        switch = self.module_switch(page)
        switch.wait_for(state="attached")
        if self.in_taiga:
            return switch.is_checked()
        return switch.get_attribute("aria-checked") == "true"

    def switch(self, page: Page) -> None:
        """Flip the control of the Modules page and wait for the answer."""
        with page.expect_response(lambda answer: answer.request.method == "PATCH") as answer:
            self.module_switch(page).click(force=self.in_taiga)
        assert answer.value.ok

    def sideways(self, page: Page) -> int:
        """Return by how much the CRM does not fit into the width of the window."""
        wide: int = page.evaluate(APP if self.in_taiga else PAGE)
        return wide
