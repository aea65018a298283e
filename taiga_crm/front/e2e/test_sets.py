"""The journey of several records: edited at once, merged and separated, deleted and restored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser


@pytest.mark.feature("F127")
@pytest.mark.feature("F224")
def test_several_accounts_are_edited_merged_separated_deleted_and_restored(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    names = [f"{unique} Ltd", f"{unique} Inc"]
    first, second = (prepared.account(name) for name in names)
    page = enter("boss", shell.crm(f"/accounts?q={unique}"))
    _choose_both(page)
    page.get_by_role("button", name="Edit", exact=True).click()
    page.locator("taiga-crm .bulk-add select").select_option("city")
    page.get_by_role("textbox", name="City").fill("Brno")
    page.get_by_role("button", name="Change 2 records").click()
    expect(page.locator("taiga-crm td", has_text="Brno")).to_have_count(2)
    assert {prepared.boss.get(f"/crm/accounts/{one['id']}")["city"] for one in (first, second)} == {
        "Brno"
    }
    _merge_and_separate(page, shell, names, first["id"])
    _delete_and_restore(page, shell, unique, names)


def _choose_both(page: Page) -> None:
    page.get_by_role("checkbox", name="Choose all on this page").check()
    expect(page.locator("taiga-crm .selection-bar")).to_contain_text("2 chosen")


def _merge_and_separate(page: Page, shell: Shell, names: list[str], winner: int) -> None:
    _choose_both(page)
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_role("radio", name=f"{names[0]} #{winner}").check()
    page.get_by_role("radio", name=f"First name: {names[1]}").check()
    page.get_by_role("button", name="Merge 2 records").click()
    page.wait_for_url(f"**/accounts/{winner}")
    expect(page.locator("taiga-crm h1")).to_have_text(names[1])
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.locator("taiga-crm h1")).to_have_text(names[0])
    expect(page.locator("taiga-crm .same-records")).to_contain_text("Perhaps the same")


def _delete_and_restore(page: Page, shell: Shell, unique: str, names: list[str]) -> None:
    page.goto(shell.crm(f"/accounts?q={unique}"))
    _choose_both(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.goto(shell.crm(f"/bin?q={unique}"))
    rows = page.locator("taiga-crm .bin-rows > li")
    expect(rows).to_have_count(2)
    rows.filter(has_text=names[0]).get_by_role("button", name="Restore").click()
    expect(page.get_by_role("link", name=f"{names[0]} is back")).to_be_visible()
    expect(rows).to_have_count(1)
    rows.get_by_role("button", name=f"Delete {names[1]} for good").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The bin is empty")).to_be_visible()
    page.get_by_role("link", name=f"{names[0]} is back").click()
    expect(page.locator("taiga-crm h1")).to_have_text(names[0])
