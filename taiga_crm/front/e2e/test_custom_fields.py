"""The journey of a custom field: added by an administrator, filled in, filtered by."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from acts import add_choice
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser


@pytest.mark.feature("F117")
@pytest.mark.feature("F118")
def test_a_choice_is_added_filled_in_and_filtered_by(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str, label: str
) -> None:
    accounts = [prepared.account(f"{name} {unique}") for name in ("Golden", "Plain")]
    page = enter("root", "/crm/settings/custom-fields?kind=account")
    add_choice(page, label, ("Gold", "Silver"))
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


@pytest.mark.feature("F118")
@pytest.mark.feature("F137")
def test_a_formula_is_tried_saved_recalculated_and_deleted(
    enter: Callable[..., Page], prepared: Prepared, unique: str, label: str
) -> None:
    account = prepared.account(f"Golden {unique}", employees=40)
    name = f"cf_level_{unique}"
    page = enter("root", "/crm/settings/custom-fields?kind=account")
    page.get_by_role("button", name="Add a field").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Label", exact=True).fill(label)
    dialog.get_by_role("combobox", name="Kind of value").select_option("computed")
    dialog.get_by_role("textbox", name="Formula").fill("employees / wrong")
    dialog.get_by_role("button", name="Check").click()
    expect(dialog).to_contain_text("There is no field “wrong”. (character 13)")
    dialog.get_by_role("textbox", name="Formula").fill("employees / 8")
    dialog.get_by_role("textbox", name="Try on record no.").fill(str(account["id"]))
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.get_by_text("Result: 5")).to_be_visible()
    dialog.get_by_role("button", name="Save", exact=True).click()
    row = page.locator("taiga-crm .sub-rows li", has_text=label)
    expect(row).to_contain_text("Computed")
    page.get_by_role("button", name="Recalculate all").click()
    expect(page.get_by_text("Everything is recalculated")).to_be_visible(timeout=30_000)
    assert float(prepared.boss.get(f"/crm/accounts/{account['id']}")[name]) == 5
    row.get_by_role("button", name=f"Delete {label}").click()
    question = page.get_by_role("alertdialog").or_(page.get_by_role("dialog"))
    expect(question).to_contain_text("with the field, and this cannot be undone")
    question.get_by_role("button", name="Delete", exact=True).click()
    expect(row).to_have_count(0, timeout=30_000)
    assert name not in prepared.boss.get(f"/crm/accounts/{account['id']}")
