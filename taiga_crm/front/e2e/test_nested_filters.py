"""The journey of a nested filter: built by mouse, saved for a role, seen by a colleague of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from prepared import Prepared
from shells import Shell
from site_api import SiteApi

pytestmark = pytest.mark.browser


@pytest.mark.feature("F033")
@pytest.mark.feature("F034")
def test_a_nested_filter_is_built_saved_for_a_role_and_seen_by_a_colleague(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    api: Callable[[str], SiteApi],
    views: Callable[[], list[dict[str, Any]]],
    unique: str,
) -> None:
    for city, employees in (("Brno", 5), ("Oslo", 80), ("Oslo", 3)):
        prepared.account(f"{unique} {city}", city=city, employees=employees)
    prepared.grant(["view_account"])
    page = enter("boss", shell.crm(f"/accounts?q={unique}"))
    rows = page.locator("taiga-crm tr[data-row]")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("button", name="Combine with and, or, not").click()
    _build(page.get_by_role("dialog"))
    expect(rows).to_have_count(2)
    tree = {
        "any": [
            ["city", "contains", "brn"],
            {"all": [["city", "contains", "slo"], {"not": ["employees", "lte", "10"]}]},
        ]
    }
    assert json.loads(parse_qs(urlparse(page.url).query)["tree"][0]) == tree
    page.reload()
    expect(page.locator("taiga-crm .tree-chip")).to_have_text(
        "City contains brn or (City contains slo and not (Employees at most 10))"
    )
    _save(page, prepared, unique)
    view = next(one for one in views() if unique in one["name"])
    assert view["state"]["tree"] == tree
    seen = api("member").get(f"/crm/views/{view['id']}")
    assert (seen["usable"]["tree"], seen["broken"], seen["_verbs"]) == (tree, [], [])


@pytest.mark.feature("F034")
@pytest.mark.feature("F035")
def test_a_colleague_starts_with_the_nested_view_of_the_role(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    views: Callable[[], list[dict[str, Any]]],
    unique: str,
) -> None:
    for city in ("Brno", "Oslo", "Praha"):
        prepared.account(f"{unique} {city}", city=city)
    prepared.grant(["view_account"])
    tree = {"any": [["city", "exact", "Brno"], {"not": ["city", "contains", "a"]}]}
    body = {
        "kind": "account",
        "project": prepared.project["id"],
        "name": f"Not Praha {unique}",
        "sharing": "roles",
        "roles": [prepared.role],
        "state": {"tree": tree, "search": unique},
    }
    view = prepared.boss.post("/crm/views", body)
    prepared.boss.post(f"/crm/views/{view['id']}/default", {"for": "role", "id": prepared.role})
    page = enter("member", shell.crm("/accounts"))
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(2)
    expect(page.locator("taiga-crm .tree-chip")).to_contain_text("or not (City contains a)")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("menuitem", name="Manage saved views").click()
    row = page.locator(f'taiga-crm [data-view="{view["id"]}"]')
    expect(row).to_contain_text(f"start of {prepared.role_name}")
    expect(row.get_by_role("button")).to_have_count(2)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_builder_is_accessible_and_fits(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, width: int
) -> None:
    prepared.account("Looks e2e", city="Brno")
    tree = {
        "any": [
            ["city", "contains", "o"],
            {"all": [["country", "exact", ["KR", "CZ"]], {"not": ["is_key", "exact", "true"]}]},
            ["gone", "exact", "x"],
        ]
    }
    page = enter("boss", shell.crm(f"/accounts?tree={quote(json.dumps(tree))}"))
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("taiga-crm .tree-chip .text").click()
    page.locator("taiga-crm .builder-count", has_text="found").wait_for()
    found = Axe().run(page, context={"include": [["taiga-crm"]]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert shell.sideways(page) <= 0
    wide = "node => node.scrollWidth - node.clientWidth"
    assert page.locator("taiga-crm .k-dialog .body").evaluate(wide) <= 0
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def _build(dialog: Locator) -> None:
    _choose(dialog, 0, "City")
    dialog.get_by_role("textbox", name="City").fill("brn")
    mode = dialog.get_by_role("combobox", name="How the conditions are combined").first
    mode.select_option(label="At least one of these holds")
    dialog.get_by_role("button", name="Group", exact=True).click()
    _choose(dialog, 1, "City")
    dialog.get_by_role("textbox", name="City").nth(1).fill("slo")
    dialog.get_by_role("button", name="Condition", exact=True).first.click()
    _choose(dialog, 2, "Employees")
    dialog.get_by_role("combobox", name="Comparison").nth(2).select_option(label="at most")
    dialog.get_by_role("textbox", name="Employees").fill("10")
    dialog.get_by_role("button", name="not", exact=True).nth(2).click()
    expect(dialog.get_by_role("status").last).to_contain_text("2")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog).to_have_count(0)


def _choose(dialog: Locator, at: int, name: str) -> None:
    """Choose a field; its box is searched by a part of the name."""
    box = dialog.get_by_role("combobox", name="Field").nth(at)
    box.fill(name[:3])
    dialog.get_by_role("option", name=name, exact=True).click()


def _save(page: Page, prepared: Prepared, unique: str) -> None:
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("menuitem", name="Save as a new view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(f"Nested {unique}")
    dialog.get_by_role("combobox", name="Who sees it").select_option("roles")
    dialog.get_by_role("checkbox", name=prepared.role_name, exact=True).check()
    dialog.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**view=*")
