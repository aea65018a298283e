"""The journeys of groups, favorites and doubles: a tree with counts, members, stars, warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell
from site_api import SiteApi

pytestmark = pytest.mark.browser


@pytest.fixture
def tree(
    api: Callable[[str], SiteApi], prepared: Prepared, unique: str
) -> Iterator[dict[str, dict[str, Any]]]:
    """Return a group and one below it; both are deleted afterwards."""
    root = api("root")
    above = root.post("/crm/account-groups", {"name": f"{unique} World", "kind": "country"})
    below = root.post(
        "/crm/account-groups",
        {"name": f"{unique} Norway", "kind": "country", "parent": above["id"]},
    )
    yield {"above": above, "below": below}
    for one in (below, above):
        root.delete(f"/crm/account-groups/{one['id']}")


def serious(page: Page) -> list[str]:
    """Return the serious faults that axe finds on the page."""
    found = Axe().run(page, context={"include": [["taiga-crm"]]}).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


@pytest.mark.feature("F134")
@pytest.mark.feature("F139")
@pytest.mark.feature("F225")
def test_members_are_found_put_into_a_group_and_counted(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    tree: dict[str, dict[str, Any]],
    unique: str,
) -> None:
    for name in ("Alfa", "Beta", "Gamma"):
        prepared.account(f"{unique} {name}", city="Oslo")
    page = enter("boss", shell.crm(f"/account-groups?find={unique}"))
    rows = page.locator("taiga-crm .tree-row")
    expect(rows).to_have_count(2)
    assert serious(page) == []
    page.get_by_role("button", name=f"Members of {unique} Norway").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill(unique)
    members = dialog.locator(".members-rows li")
    expect(members).to_have_count(3)
    dialog.get_by_role("checkbox", name=f"{unique} Alfa").check()
    expect(dialog.locator("footer")).to_contain_text("1 to add, 0 to remove")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".members-answer")).to_contain_text("1 added, 0 removed")
    expect(members.filter(has_text="Alfa")).to_contain_text("added")
    dialog.get_by_text("Not in it", exact=True).click()
    expect(members).to_have_count(2)
    assert serious(page) == []
    dialog.get_by_role("button", name="Add all (2)").click()
    expect(page.get_by_role("dialog")).to_have_count(2)
    page.get_by_role("dialog").last.get_by_role("button", name="Add all (2)").click()
    expect(dialog.locator(".members-answer")).to_contain_text("2 added")
    dialog.get_by_role("button", name="Close").last.click()
    expect(rows.first.locator(".tree-whole")).to_have_text("3")
    expect(rows.first.locator(".tree-own")).to_have_text("0")
    rows.first.get_by_role("link", name=f"{unique} World", exact=True).click()
    page.wait_for_url(f"**/accounts?groups__below={tree['above']['id']}")
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(3)


@pytest.mark.feature("F119")
@pytest.mark.feature("F134")
def test_chosen_accounts_and_one_on_its_page_change_their_groups(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    tree: dict[str, dict[str, Any]],
    unique: str,
) -> None:
    made = [prepared.account(f"{unique} {name}") for name in ("Alfa", "Beta")]
    page = enter("boss", shell.crm(f"/accounts?q={unique}"))
    page.get_by_role("checkbox", name="Choose all on this page").check()
    page.get_by_role("button", name="Add to Account group").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill(f"{unique} Norway")
    page.get_by_role("option", name=f"{unique} Norway").click()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.locator(".members-answer")).to_contain_text("2 added, 0 removed")
    dialog.get_by_role("button", name="Close").last.click()
    page.goto(shell.crm(f"/accounts/{made[0]['id']}"))
    chips = page.locator("taiga-crm .group-chips")
    expect(chips.get_by_role("link", name=f"{unique} Norway")).to_be_visible()
    assert serious(page) == []
    chips.get_by_role("button", name=f"Remove from {unique} Norway").click()
    expect(chips.get_by_role("link", name=f"{unique} Norway")).to_have_count(0)
    chips.get_by_role("button", name="Add to Account group").click()
    page.get_by_role("combobox", name="Account group").fill(f"{unique} World")
    page.get_by_role("option", name=f"{unique} World").click()
    expect(chips.get_by_role("link", name=f"{unique} World")).to_be_visible()
    groups = prepared.boss.get(f"/crm/accounts/{made[0]['id']}")["groups"]
    assert [one["id"] for one in groups] == [tree["above"]["id"]]


@pytest.mark.feature("F138")
def test_favorites_of_all_kinds_are_listed_taken_out_and_put_back(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    for name in ("Alfa", "Beta"):
        account = prepared.account(f"{unique} {name}")
        prepared.boss.post("/crm/favorites", {"kind": "account", "id": account["id"]})
    page = enter("boss", shell.crm("/accounts"))
    page.locator("taiga-crm h1").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search the CRM").fill("favor")
    page.get_by_role("option", name="Favorites").click()
    page.wait_for_url("**/favorites")
    rows = page.locator("taiga-crm .favorites-rows li", has_text=unique)
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Beta")
    assert serious(page) == []
    rows.first.get_by_role("button", name=f"Remove {unique} Beta from the favorites").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Beta")
    page.get_by_role("link", name=f"{unique} Alfa").click()
    expect(page.locator("taiga-crm h1")).to_have_text(f"{unique} Alfa")


def test_a_form_names_what_exists_already_and_a_copy_leaves_out_what_is_unique(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    made = prepared.account(f"{unique} Trading Ltd", vat_number=f"CZ{unique}", city="Brno")
    page = enter("boss", shell.crm("/accounts/new"))
    page.get_by_role("textbox", name="Name", exact=True).fill(f"{unique} trading")
    warning = page.locator("taiga-crm .same-warning")
    expect(warning).to_contain_text("same: name")
    page.get_by_role("textbox", name="VAT number").fill(f"cz-{unique}")
    expect(warning).to_contain_text("VAT number")
    page.set_viewport_size({"width": 1000, "height": 480})
    page.get_by_role("textbox", name="VAT number").scroll_into_view_if_needed()
    expect(warning.get_by_role("link")).to_be_in_viewport(ratio=1)
    shown, save = warning.bounding_box(), page.get_by_role("button", name="Save").first
    assert shown["y"] + shown["height"] <= save.bounding_box()["y"]
    page.set_viewport_size({"width": 1440, "height": 900})
    assert serious(page) == []
    with page.context.expect_page() as opened:
        warning.get_by_role("link", name=f"{unique} Trading Ltd").click()
    expect(opened.value.locator("taiga-crm h1")).to_have_text(f"{unique} Trading Ltd")
    warning.get_by_role("button", name="Not the same").click()
    expect(warning.get_by_role("link")).to_have_count(0)
    copy = opened.value
    copy.get_by_role("button", name="More", exact=True).click()
    copy.get_by_role("menuitem", name="Copy").click()
    copy.wait_for_url(f"**/accounts/new?copy={made['id']}")
    expect(copy.get_by_role("textbox", name="City")).to_have_value("Brno")
    expect(copy.get_by_role("textbox", name="VAT number")).to_have_value("")
    expect(copy.locator("taiga-crm .same-warning")).to_contain_text(f"{unique} Trading Ltd")
    copy.get_by_role("textbox", name="Name", exact=True).fill(f"{unique} second")
    copy.get_by_role("button", name="Save", exact=True).click()
    expect(copy.locator("taiga-crm h1")).to_have_text(f"{unique} second")
    found = prepared.boss.get(f"/crm/accounts?q={unique}&fields=name,city,vat_number")
    assert {(one["name"], one["city"], one["vat_number"]) for one in found} == {
        (f"{unique} Trading Ltd", "Brno", f"CZ{unique}"), (f"{unique} second", "Brno", ""),
    }  # fmt: skip
