"""The journey of a custom field: added by an administrator, filled in, filtered by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell
from site_api import SiteApi

pytestmark = pytest.mark.browser


@pytest.fixture
def label(api: Callable[[str], SiteApi], unique: str) -> Iterator[str]:
    """Return the label of a field; delete it afterwards."""
    yield f"Level {unique}"
    root = api("root")
    for row in root.get("/crm/custom-fields?kind=account"):
        if unique in row["label"]:
            root.delete(f"/crm/custom-fields/{row['id']}")


@pytest.mark.feature("F117")
@pytest.mark.feature("F118")
def test_a_choice_is_added_filled_in_and_filtered_by(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str, label: str
) -> None:
    accounts = [prepared.account(f"{name} {unique}") for name in ("Golden", "Plain")]
    page = enter("root", "/crm/settings/custom-fields?kind=account")
    page.get_by_role("button", name="Add a field").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Label", exact=True).fill(label)
    dialog.get_by_role("combobox", name="Kind of value").select_option("choice")
    for number, text in enumerate(("Gold", "Silver"), 1):
        dialog.get_by_role("button", name="Add an option").click()
        dialog.get_by_role("textbox", name=f"Option {number}").fill(text)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("taiga-crm .sub-rows li", has_text=label)).to_contain_text("Choice")
    page.goto(shell.crm(f"/accounts/{accounts[0]['id']}/edit"))
    page.get_by_role("combobox", name=label).select_option("Gold")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(rf"/accounts/{accounts[0]['id']}(\?|$)"))  # no longer …/edit
    name = f"cf_level_{unique}"
    assert prepared.boss.get(f"/crm/accounts/{accounts[0]['id']}")[name] == "gold"
    page.goto(shell.crm(f"/accounts?q={unique}&{name}=gold&columns=name,{name}"))
    rows = page.locator("taiga-crm tr[data-row]")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Gold")
