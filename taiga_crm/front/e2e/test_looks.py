"""Every screen: no serious violation of accessibility, no sideways scrolling, and Korean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser

SCREENS = (
    "", "/accounts", "/accounts/new", "/accounts/ACCOUNT", "/accounts/ACCOUNT/edit", "/contacts",
    "/contacts/new", "/tickets", "/settings", "/import", "/import/new?kind=account", "/views",
    "/account-groups", "/favorites", "/bin", "/vcards", "/accounts/ACCOUNT?tab=relations",
    "/settings/custom-fields", "/settings/field-permissions", "/settings/webhooks",
    "/settings/tokens", "/settings/security-log", "/settings/vcards",
)  # fmt: skip


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_is_accessible_and_fits(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, path: str, width: int
) -> None:
    account = _account(prepared)
    page = enter("boss", shell.crm(path.replace("ACCOUNT", str(account["id"]))))
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("taiga-crm h1").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert _serious(page, "taiga-crm") == []
    assert shell.sideways(page) <= 0


def test_the_ticket_panel_is_accessible(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    issue = prepared.issue(unique)
    prepared.link(issue, _account(prepared))
    page = enter("boss", f"/project/{shell.project}/issue/{issue['ref']}")
    page.locator("taiga-crm-ticket li").first.wait_for()
    assert _serious(page, "taiga-crm-ticket") == []
    page.locator("taiga-crm-ticket").get_by_role("button", name="Link account").click()
    assert _serious(page, "taiga-crm-ticket") == []


def test_the_palette_is_accessible(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.crm())
    page.locator("taiga-crm h1").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search the CRM").fill("e2e")
    page.wait_for_load_state("networkidle")
    assert _serious(page, "taiga-crm" if shell.in_taiga else "body") == []


@pytest.mark.parametrize("width", [1440, 900])
def test_the_standalone_pages_are_accessible_and_fit(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, width: int
) -> None:
    if shell.in_taiga:
        pytest.skip("Taiga's own pages are Taiga's")
    page = enter("boss", "/projects")
    page.set_viewport_size({"width": width, "height": 900})
    for path in (
        "/projects",
        f"/project/{shell.project}",
        shell.modules_page,
        f"/project/{shell.project}/issue/new",
    ):
        page.goto(path)
        page.locator("h1").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert _serious(page, "body") == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_korean_is_spoken(enter: Callable[..., Page], shell: Shell, prepared: Prepared) -> None:
    boss = prepared.boss
    path = "/users/me" if not shell.in_taiga else f"/users/{boss.login['id']}"
    boss.patch(path, {"lang": "ko"})
    try:
        page = enter("boss", shell.crm("/accounts"))
        nav = page.locator("taiga-crm nav.crm-nav")
        expect(nav.get_by_role("link", name="설정")).to_be_visible()
        expect(page.locator("taiga-crm").get_by_role("button", name="필터")).to_be_visible()
        assert page.locator("taiga-crm").get_attribute("lang") == "ko"
    finally:
        boss.patch(path, {"lang": "en"})


@pytest.mark.parametrize("width", [1440, 390])
def test_every_screen_fits_in_korean(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, width: int
) -> None:
    boss = prepared.boss
    path = "/users/me" if not shell.in_taiga else f"/users/{boss.login['id']}"
    boss.patch(path, {"lang": "ko"})
    try:
        account = str(_account(prepared)["id"])
        page = enter("boss", shell.crm())
        page.set_viewport_size({"width": width, "height": 900})
        wide = {}
        for screen in SCREENS:
            page.goto(shell.crm(screen.replace("ACCOUNT", account)))
            page.locator("taiga-crm h1").first.wait_for()
            page.wait_for_load_state("networkidle")
            assert page.locator("taiga-crm").get_attribute("lang") == "ko"
            wide[screen] = shell.sideways(page)
        assert max(wide.values()) <= 0, wide
    finally:
        boss.patch(path, {"lang": "en"})


def _account(prepared: Prepared) -> dict[str, Any]:
    values = {
        "city": "Brno",
        "emails": [{"value": "a@example.com", "type": "work", "is_primary": True}],
    }
    return prepared.account("Looks e2e", **values)


def _serious(page: Page, where: str) -> list[str]:
    results = Axe().run(page, context={"include": [[where]]})
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in results.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
