"""The journey of several records: edited at once, merged and separated, deleted and restored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from acts import choose_both, delete_and_restore, merge_and_separate
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
    choose_both(page)
    page.get_by_role("button", name="Edit", exact=True).click()
    page.locator("taiga-crm .bulk-add select").select_option("city")
    page.get_by_role("textbox", name="City").fill("Brno")
    page.get_by_role("button", name="Change 2 records").click()
    expect(page.locator("taiga-crm td", has_text="Brno")).to_have_count(2)
    assert {prepared.boss.get(f"/crm/accounts/{one['id']}")["city"] for one in (first, second)} == {
        "Brno"
    }
    merge_and_separate(page, names, first["id"])
    delete_and_restore(page, shell, unique, names)
