"""What several journeys do on the pages: import, add a field, save a view, merge, restore."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from prepared import Prepared
from shells import Shell

# A worker of a real Taiga may be busy with something else.
A_JOB = 120_000


def start_import(page: Page, shell: Shell, file: Path) -> None:
    """Open the import from the menu above the accounts and give it a file."""
    page.goto(shell.crm("/accounts?view=none"))
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("menuitem", name="Import from a file").click()
    page.locator("taiga-crm .drop").wait_for()
    page.locator("taiga-crm input[type=file]").set_input_files(file)
    page.wait_for_url("**/import/*step=file")


def check_import(page: Page) -> None:
    """Go on to the columns and have every line checked."""
    page.get_by_role("button", name="Choose the fields").click()
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="This would happen")).to_be_visible(timeout=A_JOB)


def run_import(page: Page) -> Locator:
    """Import what was checked; return the head of the result."""
    page.locator("taiga-crm .import-foot .primary").click()
    head = page.locator("taiga-crm .result-head.done")
    expect(head).to_be_visible(timeout=A_JOB)
    return head


def undo_import(page: Page) -> Locator:
    """Take the import back whose result is shown; return what is told about it."""
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    told = page.locator("taiga-crm .undone-list")
    expect(told).to_be_visible(timeout=A_JOB)
    return told


def download(page: Page, menu: str, item: str, into: Path) -> Path:
    """Save what an item of a menu downloads."""
    page.get_by_role("button", name=menu).click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name=item).click()
    coming.value.save_as(into)
    return into


def add_choice(page: Page, label: str, options: tuple[str, ...]) -> None:
    """Add a custom field that is a choice; the page of the custom fields is shown."""
    page.get_by_role("button", name="Add a field").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Label", exact=True).fill(label)
    dialog.get_by_role("combobox", name="Kind of value").select_option("choice")
    for number, text in enumerate(options, 1):
        dialog.get_by_role("button", name="Add an option").click()
        dialog.get_by_role("textbox", name=f"Option {number}").fill(text)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("taiga-crm .sub-rows li", has_text=label)).to_contain_text("Choice")


def save_view(page: Page, prepared: Prepared, name: str) -> None:
    """Save the list as it is shown for the member's role, whose lists start with it."""
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("menuitem", name="Save as a new view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("combobox", name="Who sees it").select_option("roles")
    dialog.get_by_role("checkbox", name=prepared.role_name, exact=True).check()
    dialog.get_by_role("checkbox", name="their lists start with it").check()
    dialog.get_by_role("checkbox", name="Show as a tag above the list").check()
    dialog.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"[?&]view=\d"))


def choose_both(page: Page) -> None:
    """Tick the two rows of the list."""
    page.get_by_role("checkbox", name="Choose all on this page").check()
    expect(page.locator("taiga-crm .selection-bar")).to_contain_text("2 chosen")


def merge_and_separate(page: Page, names: list[str], winner: int) -> None:
    """Merge the two rows of the list under the other one's name, then take it back."""
    choose_both(page)
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_role("radio", name=f"{names[0]} #{winner}").check()
    page.get_by_role("radio", name=f"First name: {names[1]}").check()
    page.get_by_role("button", name="Merge 2 records").click()
    page.wait_for_url(f"**/accounts/{winner}")
    expect(page.locator("taiga-crm h1")).to_have_text(names[1])
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.locator("taiga-crm h1")).to_have_text(names[0])
    expect(page.locator("taiga-crm .same-records")).to_contain_text("Perhaps the same")


def delete_and_restore(page: Page, shell: Shell, search: str, names: list[str]) -> None:
    """Delete the two accounts that a search finds, bring the first back, purge the second."""
    page.goto(shell.crm(f"/accounts?view=none&q={search}"))
    choose_both(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.goto(shell.crm(f"/bin?q={search}"))
    rows = page.locator("taiga-crm .bin-rows > li")
    expect(rows).to_have_count(2)
    first = page.get_by_text(names[0], exact=True)
    rows.filter(has=first).get_by_role("button", name="Restore").click()
    expect(page.get_by_role("link", name=f"{names[0]} is back")).to_be_visible()
    expect(rows).to_have_count(1)
    rows.get_by_role("button", name=f"Delete {names[1]} for good").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The bin is empty")).to_be_visible()
    page.get_by_role("link", name=f"{names[0]} is back").click()
    expect(page.locator("taiga-crm h1")).to_have_text(names[0])
