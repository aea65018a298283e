"""The journey of field permissions: hidden from a role, required in a state, changed by two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser
RIGHTS = ["view_account", "add_account", "change_account"]


class Rules:
    """The rules of accounts in the project of the journeys."""

    def __init__(self, prepared: Prepared) -> None:
        self.boss = prepared.boss
        self.path = f"/crm/field-rules/account?project={prepared.project['id']}"

    def put(self, *rules: dict[str, Any]) -> None:
        """Replace all rules."""
        version = self.boss.get(self.path)["version"]
        self.boss.put(self.path, {"version": version, "rules": list(rules)})


@pytest.fixture
def rules(prepared: Prepared) -> Iterator[Rules]:
    """Return the rules, none at the start and none afterwards."""
    rules = Rules(prepared)
    rules.put()
    yield rules
    rules.put()


def _cell(page: Page, field: str, who: str, state: str) -> Any:
    return page.get_by_role("combobox", name=f"{field}: {who}, {state}", exact=True)


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)


@pytest.mark.feature("F125")
def test_a_field_that_is_hidden_from_a_role_is_gone_for_its_member(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    rules: Rules,
    enter_beside: Callable[..., Page],
    unique: str,
) -> None:
    prepared.grant(RIGHTS)
    account = prepared.account(unique, vat_number=f"VAT{unique}", city="Brno")
    page = enter("boss", shell.crm("/settings"))
    page.get_by_role("link", name="Field permissions").click()
    page.get_by_role("searchbox", name="Find a field").fill("vat")
    page.get_by_role("button", name="VAT number").click()
    _cell(page, "VAT number", prepared.role_name, "Every state").select_option("hidden")
    _save(page)
    row = page.locator("tr[data-field=vat_number]")
    expect(row).to_contain_text(f"Hidden: {prepared.role_name}")

    page = enter_beside("member", shell.crm(f"/accounts/{account['id']}?tab=data"))
    data = page.locator("taiga-crm .data-tab")
    expect(data).to_contain_text("Brno")
    expect(data).not_to_contain_text("VAT number")
    page.goto(shell.crm(f"/accounts/{account['id']}/edit"))
    expect(page.locator("[data-field=city] input")).to_have_value("Brno")
    expect(page.locator("[data-field=vat_number]")).to_have_count(0)
    page.goto(shell.crm(f"/accounts?q={unique}"))
    expect(page.locator("taiga-crm tr[data-row]")).to_have_count(1)
    for button in ("Columns", "Filter"):
        page.get_by_role("button", name=button, exact=True).click()
        box = page.locator("taiga-crm .k-popover")
        expect(box).to_contain_text("Registration number")
        expect(box).not_to_contain_text("VAT number")
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="CSV: all columns").click()
    text = download.value.path().read_text()
    assert unique in text
    assert "VAT" not in text


@pytest.mark.feature("F214")
def test_a_rule_of_a_state_asks_locks_and_hides_while_the_form_is_filled_in(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    rules: Rules,
    enter_beside: Callable[..., Page],
    unique: str,
) -> None:
    prepared.grant(RIGHTS)
    account = prepared.account(unique, city="Brno", website="https://example.org")
    page = enter("boss", shell.crm("/settings/field-permissions?open=street"))
    _cell(page, "Street", prepared.role_name, "Personal").select_option("required")
    page.get_by_role("button", name="City", exact=True).click()
    _cell(page, "City", prepared.role_name, "Personal").select_option("read_only")
    page.get_by_role("button", name="Website", exact=True).click()
    _cell(page, "Website", prepared.role_name, "Personal").select_option("hidden")
    page.get_by_role("combobox", name="Preview as").select_option(label=prepared.role_name)
    expect(page.locator("tr[data-field=street] .outcome")).to_have_text("Depends on the state")
    _save(page)

    page = enter_beside("member", shell.crm(f"/accounts/{account['id']}/edit"))
    street = page.locator("[data-field=street]")
    expect(street.locator("input")).to_be_visible()
    expect(street.locator(".required")).to_have_count(0)
    page.get_by_role("radio", name="Personal").check()
    expect(street.locator(".required")).to_be_visible()
    expect(page.locator("[data-field=city] input")).to_have_count(0)
    expect(page.get_by_role("img", name="Read-only in “Personal”")).to_be_visible()
    expect(page.locator("[data-field=website]")).to_have_count(0)
    page.get_by_role("textbox", name="Last name").fill("Novak")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(street).to_contain_text("This field is required.")
    street.locator("input").fill("Main 1")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda url: "/edit" not in url)
    saved = prepared.boss.get(f"/crm/accounts/{account['id']}")
    assert (saved["type"]["label"], saved["street"]) == ("Personal", "Main 1")
    assert (saved["city"], saved["website"]) == ("Brno", "https://example.org")


@pytest.mark.feature("F214")
def test_two_who_change_the_rules_lose_nothing(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, rules: Rules
) -> None:
    page = enter("boss", shell.crm("/settings/field-permissions?open=city"))
    _cell(page, "City", "Everybody", "Every state").select_option("read_only")
    role = prepared.role
    rules.put(
        {"field": "city", "effect": "required", "roles": [role]},
        {"field": "street", "effect": "hidden", "roles": [role]},
    )
    page.get_by_role("button", name="Save", exact=True).click()
    notice = page.locator("taiga-crm .conflicts")
    expect(notice).to_contain_text("saved these rules while you worked. Your changes are kept.")
    expect(notice).to_contain_text("Taken over from them: Street.")
    notice.get_by_role("button", name="Keep mine").click()
    _save(page)
    now = prepared.boss.get(rules.path)["rules"]
    assert [(one["field"], one["effect"], one["roles"]) for one in now] == [
        ("street", "hidden", [role]), ("city", "read_only", []),
    ]  # fmt: skip


def test_unsaved_rules_are_not_lost_and_lockouts_are_asked_about(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, rules: Rules
) -> None:
    page = enter("boss", shell.crm("/settings/field-permissions?open=city"))
    _cell(page, "City", "Everybody", "Every state").select_option("hidden")
    expect(page.locator("taiga-crm .rule-warnings")).to_contain_text("Nobody sees this field")
    page.locator("taiga-crm nav.crm-nav").get_by_role("link", name="Accounts").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep editing").click()
    page.get_by_role("button", name="Save", exact=True).click()
    question = page.get_by_role("dialog", name="Save these rules?")
    expect(question).to_contain_text("City")
    question.get_by_role("button", name="Cancel").click()
    assert prepared.boss.get(rules.path)["rules"] == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible_and_fits(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, rules: Rules, width: int
) -> None:
    rules.put({"field": "city", "effect": "hidden", "roles": [prepared.role]})
    page = enter(
        "boss", shell.crm(f"/settings/field-permissions?open=city&as=roles:{prepared.role}")
    )
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("taiga-crm .rule-grid").wait_for()
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, context={"include": [["taiga-crm"]]}).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in serious] == []
    assert shell.sideways(page) <= 0
