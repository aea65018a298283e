"""Every hook of the plugin into a real Taiga; run this on each new release of Taiga."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def only_in_taiga(shell: Shell) -> None:
    if not shell.in_taiga:
        pytest.skip("needs a real Taiga: CRM_E2E_SHELL=taiga CRM_E2E_URL=…")


def test_the_plugins_page_shows_the_roles_and_every_hook_in_its_place(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", f"/project/{shell.project}/issue/{prepared.issue('hooks')['ref']}")
    page.locator("taiga-crm-ticket h2").wait_for()
    _visit(page, shell.modules_page)
    page.locator(".module-crm").wait_for()
    _visit(page, f"/project/{shell.project}/admin/contrib/crm")
    expect(page.locator("taiga-crm-access table")).to_contain_text(prepared.role_name)
    lines = page.locator(".crm-health li").all_text_contents()
    assert len(lines) >= 8
    assert [line for line in lines if "✓" not in line] == []


@pytest.mark.feature("F004")
def test_the_entry_is_native_in_the_collapsed_menu_too(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.crm("/accounts"))
    entry = page.locator("tg-legacy-loader .crm-entry")
    expect(entry).to_have_class("menu-option crm-entry active")
    page.locator("tg-legacy-loader button.collapse").click()
    page.wait_for_timeout(500)  # Taiga animates the width
    box = entry.bounding_box()
    assert box is not None
    page.mouse.move(20, box["y"] + 20)
    flyout = page.locator("tg-legacy-loader .crm-flyout")
    expect(flyout).to_have_text("CRM")
    page.mouse.move(100, box["y"] + 20)
    page.wait_for_timeout(200)
    flyout.get_by_role("link").click()
    page.wait_for_url(f"**{shell.crm()}")
    page.locator("tg-legacy-loader button.collapse").click()


def test_the_entry_is_there_once_and_last_on_every_page_of_the_project(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", f"/project/{shell.project}/issues")
    for path in (
        "epics",
        "issues",
        "backlog",
        "wiki/home",
        "team",
        "timeline",
        "admin/memberships",
        "search",
    ):
        page.goto(f"/project/{shell.project}/{path}")
        entries = page.locator("tg-legacy-loader .crm-entry")
        expect(entries, path).to_have_count(1)
        assert entries.evaluate("one => one === one.parentElement.lastElementChild"), path
        expect(entries).not_to_have_class("menu-option crm-entry active")


def test_the_app_is_mounted_once_for_all_pages_of_a_project(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.crm())
    page.locator("taiga-crm h1").wait_for()
    page.evaluate("document.querySelector('taiga-crm').mark = 1")
    nav = page.locator("taiga-crm nav.crm-nav")
    for section in ("Accounts", "Contacts", "Tickets", "Settings", "Overview"):
        nav.get_by_role("link", name=section).click()
        expect(nav.get_by_role("link", name=section)).to_have_attribute("aria-current", "page")
    assert page.evaluate("document.querySelector('taiga-crm').mark") == 1


def test_an_expired_token_is_renewed_by_taiga_alone(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.crm())
    page.locator("taiga-crm h1").wait_for()
    renewals: list[str] = []
    page.on("request", lambda one: renewals.append(one.url) if "auth/refresh" in one.url else None)
    page.evaluate("localStorage.setItem('token', JSON.stringify('worn.out.token'))")
    page.locator("taiga-crm nav.crm-nav").get_by_role("link", name="Accounts").click()
    expect(page.locator("taiga-crm h1")).to_contain_text("Accounts")
    page.locator("taiga-crm tr[data-row]").first.wait_for()
    page.wait_for_timeout(500)  # a second renewal would follow at once
    assert len(renewals) == 1


def test_a_project_one_may_not_see_is_taigas_own_page(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("stranger", shell.crm())
    page.wait_for_load_state("networkidle")
    expect(page.locator("taiga-crm")).to_have_count(0)


def test_the_language_follows_taigas(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.crm())
    nav = page.locator("taiga-crm nav.crm-nav")
    expect(nav.get_by_role("link", name="Settings")).to_be_visible()
    page.evaluate("angular.element(document.body).injector().get('$translate').use('ko')")
    expect(nav.get_by_role("link", name="설정")).to_be_visible()


def _visit(page: Page, path: str) -> None:
    """Go to another page of Taiga without loading it anew: the report keeps what it knows."""
    page.evaluate(
        """path => {
          const injector = angular.element(document.body).injector();
          injector.get('$location').url(path);
          injector.get('$rootScope').$apply();
        }""",
        path,
    )
