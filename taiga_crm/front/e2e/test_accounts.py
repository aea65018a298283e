"""The journey of a customer: account, contact, ticket, star, grouped tickets, export, deletion."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser


@pytest.mark.feature("F154")
@pytest.mark.feature("F155")
@pytest.mark.feature("F157")
@pytest.mark.feature("F158")
@pytest.mark.feature("F159")
def test_a_customer_from_the_first_entry_to_the_last_click(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str, tmp_path: Path
) -> None:
    issue = prepared.issue(f"Ticket of {unique}")
    other = prepared.account(f"Second {unique}", city="Prague")
    page = enter("boss", shell.crm("/accounts"))
    _create_account(page, unique)
    _edit_city_in_the_list(page, shell, unique)
    _create_contact(page, unique)
    _link_and_star(page, shell, issue["ref"], unique, f"Second {unique}")
    _tickets_by_industry(page, shell, unique)
    _export(page, shell, unique, tmp_path)
    _delete_with_preview(page, shell, unique)
    assert prepared.boss.get(f"/crm/accounts/{other['id']}")["city"] == "Prague"


def _create_account(page: Page, unique: str) -> None:
    page.get_by_role("button", name="New Account").first.click()
    page.wait_for_url("**/accounts/new**")
    page.get_by_role("radio", name="Company", exact=True).check()
    page.get_by_role("textbox", name="Name", exact=True).fill(f"First {unique}")
    page.get_by_role("textbox", name="City", exact=True).fill("Brno")
    industry = page.get_by_role("combobox", name="Industry")
    industry.click()
    page.locator(".k-options [role=option]").first.click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/crm/accounts/\d+"))
    expect(page.locator("taiga-crm h1")).to_have_text(f"First {unique}")


def _edit_city_in_the_list(page: Page, shell: Shell, unique: str) -> None:
    page.goto(shell.crm(f"/accounts?q={unique}"))
    row = page.locator("taiga-crm tr[data-row]", has_text=f"First {unique}")
    row.get_by_text("Brno").dblclick()
    box = page.get_by_role("textbox", name="City")
    box.fill("Ostrava")
    box.press("Enter")
    expect(row.get_by_text("Ostrava")).to_be_visible()
    page.reload()
    expect(row.get_by_text("Ostrava")).to_be_visible()
    row.get_by_role("link", name=f"First {unique}").click()


def _create_contact(page: Page, unique: str) -> None:
    expect(page.locator("taiga-crm h1")).to_have_text(f"First {unique}")
    _add(page, "New Contact")
    page.wait_for_url("**/contacts/new**")
    page.get_by_role("textbox", name="First name", exact=True).fill("Jana")
    page.get_by_role("textbox", name="Last name", exact=True).fill(unique)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"Jana {unique}").first).to_be_visible()


def _add(page: Page, label: str) -> None:
    single = page.get_by_role("button", name=label).first
    if not single.is_visible():
        page.get_by_role("button", name="Add", exact=True).click()
        single = page.get_by_role("menuitem", name=label)
    single.click()


def _link_and_star(page: Page, shell: Shell, ref: int, unique: str, second: str) -> None:
    page.goto(f"/project/{shell.project}/issue/{ref}")
    panel = page.locator("taiga-crm-ticket")
    expect(panel.get_by_text("No account is linked")).to_be_visible()
    _link(page, panel, f"First {unique}")
    expect(_primary(panel)).to_have_text(f"First {unique}")  # the first one, by itself
    _link(page, panel, second)
    expect(_primary(panel)).to_have_text(f"First {unique}")
    panel.get_by_role("button", name=f"Make {second} the primary account").click()
    expect(_primary(panel)).to_have_text(second)
    panel.get_by_role("button", name=f"Make First {unique} the primary account").click()
    expect(_primary(panel)).to_have_text(f"First {unique}")
    page.reload()
    expect(_primary(panel)).to_have_text(f"First {unique}")


def _link(page: Page, panel: Locator, name: str) -> None:
    panel.get_by_role("button", name="Link account").click()
    page.keyboard.type(name)
    panel.get_by_role("option", name=name).click()
    expect(panel.get_by_role("link", name=name)).to_be_visible()


def _primary(panel: Locator) -> Locator:
    return panel.locator("li strong")


def _tickets_by_industry(page: Page, shell: Shell, unique: str) -> None:
    page.goto(shell.crm(f"/tickets?q={unique}"))
    row = page.locator("taiga-crm tr[data-row]", has_text=f"Ticket of {unique}")
    expect(row).to_contain_text(f"First {unique}")
    page.get_by_role("combobox", name="Group by").select_option(label="By Industry")
    group = page.locator("taiga-crm tbody.group")
    expect(group).to_have_count(1)
    group.get_by_role("button", expanded=False).click()
    expect(group).to_contain_text(f"Ticket of {unique}")
    assert "account__industry" in page.url


def _export(page: Page, shell: Shell, unique: str, tmp_path: Path) -> None:
    page.goto(shell.crm(f"/accounts?q={unique}"))
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="CSV: these columns").click()
    path = tmp_path / "accounts.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert len(rows) == 3
    assert any("Ostrava" in row for row in rows)


def _delete_with_preview(page: Page, shell: Shell, unique: str) -> None:
    page.goto(shell.crm(f"/accounts?q={unique}"))
    page.get_by_role("link", name=f"First {unique}").click()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Jana {unique}")
    dialog.get_by_role("button", name="Delete").click()
    page.wait_for_url(re.compile(r"/crm/accounts(\?|$)"))
    page.goto(shell.crm(f"/accounts?q={unique}"))
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(1)


@pytest.mark.feature("F156")
def test_the_primary_account_is_bold_and_opens(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    issue, account = prepared.issue(unique), prepared.account(unique)
    prepared.link(issue, account)
    page = enter("boss", f"/project/{shell.project}/issue/{issue['ref']}")
    link = page.locator("taiga-crm-ticket").get_by_role("link", name=unique)
    weight = link.evaluate("one => getComputedStyle(one).fontWeight")
    assert int(weight) >= 600
    link.click()
    page.wait_for_url(f"**{shell.crm('/accounts')}/{account['id']}")
    expect(page.locator("taiga-crm h1")).to_have_text(unique)
    page.go_back()
    expect(page.locator("taiga-crm-ticket").get_by_role("link", name=unique)).to_be_visible()


@pytest.mark.feature("F154")
def test_unlinking_can_be_undone(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    issue = prepared.issue(unique)
    for name in (f"A {unique}", f"B {unique}"):
        prepared.link(issue, prepared.account(name))
    page = enter("boss", f"/project/{shell.project}/issue/{issue['ref']}")
    panel = page.locator("taiga-crm-ticket")
    expect(_primary(panel)).to_have_text(f"A {unique}")
    panel.get_by_role("button", name=f"Unlink A {unique}").click()
    expect(_primary(panel)).to_have_text(f"B {unique}")
    panel.get_by_role("button", name="Undo").click()
    expect(_primary(panel)).to_have_text(f"A {unique}")
    expect(panel.locator("li")).to_have_count(2)


@pytest.mark.feature("F154")
@pytest.mark.parametrize(
    ("page_name", "path"), [("us", "userstories"), ("task", "tasks"), ("epic", "epics")]
)
def test_every_kind_of_ticket_has_the_panel(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    unique: str,
    page_name: str,
    path: str,
) -> None:
    ticket = prepared.ticket(path, unique)
    prepared.account(unique)
    page = enter("boss", f"/project/{shell.project}/{page_name}/{ticket['ref']}")
    panel = page.locator("taiga-crm-ticket")
    _link(page, panel, unique)
    expect(_primary(panel)).to_have_text(unique)
