"""The palette of Ctrl+K, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser


def test_the_palette_finds_and_opens_an_account(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    account = prepared.account(unique)
    page = _opened(enter("boss", shell.crm()))
    page.keyboard.type(unique)
    option = page.get_by_role("option", name=unique)
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{shell.crm('/accounts')}/{account['id']}")
    expect(page.locator("taiga-crm h1")).to_have_text(unique)
    _opened(page)
    expect(page.get_by_role("group", name="Recent")).to_contain_text(unique)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_palette_finds_a_ticket_and_opens_its_page(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    issue = prepared.issue(f"About {unique}")
    page = _opened(enter("boss", shell.crm("/contacts")))
    page.keyboard.type(unique)
    page.get_by_role("option", name=unique).click()
    page.wait_for_url(f"**/project/{shell.project}/issue/{issue['ref']}")
    expect(page.get_by_text(f"About {unique}").first).to_be_visible()


def test_the_palette_says_when_nothing_was_found(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    page = _opened(enter("root", "/crm"))
    page.keyboard.type(f"nobody {unique}")
    expect(page.get_by_role("dialog")).to_contain_text("Nothing found")


def _opened(page: Page) -> Page:
    page.locator("taiga-crm h1").wait_for()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search the CRM")).to_be_focused()
    return page
