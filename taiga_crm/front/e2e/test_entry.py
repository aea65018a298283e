"""Ways into the CRM: login, project menu, top bar, the switch on the Modules page."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_explained_and_the_name_is_kept(page: Page, shell: Shell) -> None:
    if shell.in_taiga:
        pytest.skip("Taiga's login page is Taiga's")
    page.goto("/login")
    shell.sign_in(page, "boss", password="not this one")
    expect(page.get_by_role("alert")).to_contain_text("is wrong")
    expect(page.locator("input[name=username]")).to_have_value(shell.people["boss"])
    shell.sign_in(page, "boss")
    page.wait_for_url(lambda url: "/login" not in url)


def test_signing_out_ends_the_session(page: Page, shell: Shell) -> None:
    if shell.in_taiga:
        pytest.skip("Taiga's user menu is Taiga's")
    page.goto("/login")
    shell.sign_in(page, "boss")
    page.wait_for_url("**/projects")
    page.locator(".s-bar summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    page.goto(shell.crm())
    page.wait_for_url("**/login?next=*")
    assert page.evaluate("localStorage.getItem('token')") is None


@pytest.mark.feature("F004")
def test_login_leads_on_to_the_page_that_was_asked_for(
    page: Page, shell: Shell, prepared: Prepared
) -> None:
    page.goto(shell.crm("/accounts"))
    page.wait_for_url("**/login*")
    shell.sign_in(page, "boss")
    if shell.in_taiga:  # Taiga's guard of its routes forgets the address
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(shell.crm("/accounts"))
    page.wait_for_url(f"**{shell.crm('/accounts')}*")
    expect(page.locator("taiga-crm h1")).to_contain_text("Accounts")


@pytest.mark.feature("F004")
@pytest.mark.feature("F001")
def test_the_project_menu_opens_the_crm_of_the_project(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", f"/project/{shell.project}/issue/{prepared.issue('menu')['ref']}")
    entry = shell.menu_entry(page)
    expect(entry).to_have_count(1)
    entry.click()
    page.wait_for_url(f"**{shell.crm()}")
    expect(page.locator("taiga-crm h1")).to_contain_text(prepared.project["name"])
    expect(page).to_have_title("Overview – CRM")


@pytest.mark.feature("F005")
@pytest.mark.feature("F001")
def test_the_top_bar_opens_the_global_crm(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("root", shell.crm())
    shell.global_link(page).click()
    page.wait_for_url("**/crm")
    expect(page.locator("taiga-crm nav a[aria-current=page]")).to_have_text("Overview")


@pytest.mark.feature("F006")
def test_every_section_is_linked_and_leads_back(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("root", "/crm")
    nav = page.locator("taiga-crm nav.crm-nav")
    for section in ("Accounts", "Contacts", "Tickets", "Settings"):
        nav.get_by_role("link", name=section).click()
        page.wait_for_url(f"**/crm/{section.lower()}")
        expect(page.locator("taiga-crm h1")).to_contain_text(section)
        page.go_back()
        page.wait_for_url("**/crm")
        expect(nav.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")


@pytest.mark.feature("F002")
def test_the_module_switch_takes_the_menu_entry_away_and_brings_it_back(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.modules_page)
    assert shell.is_switched_on(page)
    expect(shell.menu_entry(page)).to_have_count(1)
    shell.switch(page)
    expect(shell.menu_entry(page)).to_have_count(0)
    page.goto(shell.crm())
    expect(page.locator("taiga-crm h1")).to_have_count(0)
    page.goto(shell.modules_page)
    assert not shell.is_switched_on(page)
    shell.switch(page)
    expect(shell.menu_entry(page)).to_have_count(1)


@pytest.mark.feature("F003")
def test_a_member_without_rights_sees_no_entry_and_no_page(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    issue = prepared.issue("no rights")
    page = enter("member", f"/project/{shell.project}/issue/{issue['ref']}")
    expect(page.get_by_text("no rights").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(shell.menu_entry(page)).to_have_count(0)
    expect(page.locator("taiga-crm-ticket")).to_have_count(0)
    page.goto(shell.crm())
    page.wait_for_load_state("networkidle")
    expect(page.locator("taiga-crm nav")).to_have_count(0)


def test_back_and_forward_walk_through_the_pages(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.crm())
    nav = page.locator("taiga-crm nav.crm-nav")
    nav.get_by_role("link", name="Accounts").click()
    page.wait_for_url("**/crm/accounts")
    before = page.evaluate("history.length")
    nav.get_by_role("link", name="Contacts").click()
    page.wait_for_url("**/crm/contacts")
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(page.locator("taiga-crm h1")).to_contain_text("Accounts")
    page.go_back()
    page.wait_for_url(f"**{shell.crm()}")
    page.go_forward()
    expect(page.locator("taiga-crm h1")).to_contain_text("Accounts")
    page.reload()
    expect(page.locator("taiga-crm h1")).to_contain_text("Accounts")


@pytest.mark.feature("F001")
def test_a_click_before_the_first_page_arrived_stays_in_the_project(
    enter: Callable[..., Page], context: BrowserContext, shell: Shell, prepared: Prepared
) -> None:
    def late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    context.route("**/OverviewScreen*.js", late)
    page = enter("boss", shell.crm())
    page.locator("taiga-crm nav.crm-nav").get_by_role("link", name="Settings").click()
    page.wait_for_url(f"**{shell.crm('/settings')}")
