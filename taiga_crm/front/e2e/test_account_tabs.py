"""The account's page: its ten tabs with what they hold, the map, and a card out and in again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser
PENDING = {
    "Opportunities": "Deals in progress",
    "Invoices & billing": "Invoices and payments",
    "Sales activities": "Calls, meetings and mails",
    "Contracts": "Contracts of this account",
}


def panel_of(page: Page, tab: str) -> object:
    """Open a tab by its name."""
    page.get_by_role("tab", name=re.compile(f"^{re.escape(tab)}( \\d+)?$")).click()
    return page.locator("taiga-crm [role=tabpanel]")


@pytest.mark.feature("F142", "F143", "F145")
@pytest.mark.feature("F148")
@pytest.mark.feature("F150")
@pytest.mark.feature("F151")
def test_each_tab_holds_what_belongs_to_the_account(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    account = prepared.account(f"Main {unique}", city="Brno", employees=12)
    child = prepared.account(f"Child {unique}", parent=account["id"])
    friend = prepared.account(f"Friend {unique}")
    prepared.contact(account, "Jana", unique)
    prepared.link(prepared.issue(f"Ticket of {unique}"), account)
    page = enter("boss", shell.crm(f"/accounts/{account['id']}"))
    expect(page.locator("taiga-crm h1")).to_have_text(f"Main {unique}")

    people = panel_of(page, "People")
    people.get_by_role("link", name=f"Jana {unique}").click()
    page.wait_for_url(re.compile(r"/contacts/\d+"))
    page.go_back()

    data = panel_of(page, "Data")
    expect(data).to_contain_text("Brno")
    expect(data).to_contain_text("12")

    work = panel_of(page, "Projects & tickets")
    expect(work.locator(".sub-rows li")).to_contain_text(prepared.project["name"])
    expect(work.locator("tr[data-row]")).to_contain_text(f"Ticket of {unique}")

    relations = panel_of(page, "Relations")
    expect(relations.get_by_role("link", name=child["name"])).to_be_visible()
    relations.get_by_role("combobox", name=re.compile("Find")).click()
    page.keyboard.type(friend["name"])
    page.get_by_role("option", name=friend["name"]).click()
    relations.get_by_role("textbox", name="Note").fill("Same owner")
    relations.get_by_role("button", name="Add", exact=True).click()
    expect(relations.locator(".sub-rows li")).to_contain_text("Same owner")
    relations.get_by_role("button", name=f"Remove {friend['name']}").click()
    expect(relations).to_contain_text("No connections yet")

    history = panel_of(page, "History")
    expect(history).to_contain_text("Brno")


@pytest.mark.feature("F142", "F144", "F146")
@pytest.mark.feature("F147")
@pytest.mark.feature("F149")
def test_a_tab_that_has_nothing_yet_says_what_will_come_from_where(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    account = prepared.account(unique)
    page = enter("boss", shell.crm(f"/accounts/{account['id']}"))
    for tab, note in PENDING.items():
        expect(panel_of(page, tab)).to_contain_text(note)


@pytest.mark.feature("F135")
def test_the_map_opens_with_the_address_and_nothing_is_loaded_before(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    account = prepared.account(unique, street="Main & First 1", city="Brno", country="CZ")
    page = enter("boss", "/favicon.ico")
    outside: list[str] = []
    page.on(
        "request", lambda one: None if one.url.startswith(shell.url) else outside.append(one.url)
    )
    page.goto(shell.crm(f"/accounts/{account['id']}?tab=data"))
    link = page.locator("taiga-crm a.map-link").first
    expect(link).to_have_attribute(
        "href", re.compile(r"^https://www\.openstreetmap\.org/search\?query=Main%20%26%20First%201")
    )
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert [one for one in outside if not one.startswith((shell.url, "data:", "blob:"))] == []


@pytest.mark.feature("F141")
def test_a_card_goes_out_and_comes_in_again_as_an_update(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str, tmp_path: Path
) -> None:
    account = prepared.account(f"Main {unique}", city="Brno")
    prepared.contact(account, "Jana", unique)
    page = enter("boss", shell.crm(f"/contacts?q={unique}"))
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name=re.compile("vCard")).first.click()
    card = tmp_path / "jana.vcf"
    coming.value.save_as(card)
    text = card.read_text(encoding="utf-8")
    assert f"N:{unique};Jana" in text
    card.write_text(text.replace("END:VCARD", "TITLE:Chief\r\nEND:VCARD"), encoding="utf-8")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("vCard")).click()
    page.locator("taiga-crm input[type=file]").first.set_input_files(card)
    page.get_by_role("button", name=re.compile("^Import")).last.click()
    expect(page.locator("taiga-crm")).to_contain_text("updated")
    page.goto(shell.crm(f"/contacts?q={unique}"))
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(1)
