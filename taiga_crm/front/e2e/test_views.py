"""The journey of a saved view: saved for a role whose lists start with it, a tag, a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from acts import save_view
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser


@pytest.mark.feature("F033")
@pytest.mark.feature("F034")
@pytest.mark.feature("F035")
@pytest.mark.feature("F036")
def test_a_view_is_saved_for_a_role(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    views: Callable[[], list[dict[str, Any]]],
    unique: str,
) -> None:
    for city in ("Brno", "Oslo"):
        prepared.account(f"{unique} {city}", city=city)
    prepared.grant(["view_account"])
    page = enter("boss", shell.crm(f"/accounts?city=Brno&q={unique}"))
    rows = page.locator("taiga-crm tr[data-row]")
    expect(rows).to_have_count(1)
    save_view(page, prepared, f"In Brno {unique}")
    view = next(one for one in views() if unique in one["name"])
    assert (view["sharing"], [one["id"] for one in view["roles"]]) == ("roles", [prepared.role])
    _change_and_reset(page, unique)
    _tag(page, shell, unique)


def _change_and_reset(page: Page, unique: str) -> None:
    page.locator("taiga-crm .filter-chip").get_by_role("button").last.click()
    expect(page.locator("taiga-crm .views-bar")).to_contain_text("changed")
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(2)
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(1)


def _tag(page: Page, shell: Shell, unique: str) -> None:
    page.goto(shell.crm(f"/accounts?view=none&q={unique}"))
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(2)
    page.get_by_role("button", name=f"In Brno {unique}", pressed=False).click()
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(1)
    expect(page.get_by_role("button", name=f"In Brno {unique}", pressed=True)).to_be_visible()


@pytest.mark.feature("F035")
def test_a_person_of_the_role_starts_with_its_view(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    views: Callable[[], list[dict[str, Any]]],
    unique: str,
) -> None:
    for city in ("Brno", "Oslo"):
        prepared.account(f"{unique} {city}", city=city)
    prepared.grant(["view_account"])
    body = {
        "kind": "account",
        "project": prepared.project["id"],
        "name": f"In Brno {unique}",
        "sharing": "roles",
        "roles": [prepared.role],
        "state": {"format": 1, "filters": [["city", "exact", "Brno"]], "search": unique},
    }
    view = prepared.boss.post("/crm/views", body)
    prepared.boss.post(f"/crm/views/{view['id']}/default", {"for": "role", "id": prepared.role})
    page = enter("member", shell.crm("/accounts"))
    expect(page.locator("taiga-crm .views-bar")).to_contain_text(f"In Brno {unique}")
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(1)
    page.locator("taiga-crm .views-bar button").first.click()
    page.get_by_role("menuitem", name="All Accounts").click()
    page.wait_for_url("**view=none*")
