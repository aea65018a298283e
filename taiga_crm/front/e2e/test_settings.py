"""Settings: what roles may do, the words that hold for all projects, user types."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell
from site_api import ApiRefused, SiteApi

pytestmark = pytest.mark.browser


@pytest.mark.feature("F210")
def test_the_matrix_gives_a_role_keys_and_its_member_sees_the_crm(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    api: Callable[[str], SiteApi],
    unique: str,
) -> None:
    account = prepared.account(unique)
    with pytest.raises(ApiRefused) as refusal:
        api("member").get(f"/crm/accounts/{account['id']}")
    assert refusal.value.status == 404

    page = enter("boss", shell.crm("/settings"))
    tick = page.get_by_role("checkbox", name=f"{prepared.role_name}: Accounts, Edit")
    tick.check()
    expect(
        page.get_by_role("checkbox", name=f"{prepared.role_name}: Accounts, See")
    ).to_be_checked()
    page.get_by_role("button", name=f"Save: {prepared.role_name}").click()
    expect(page.get_by_role("button", name=f"Save: {prepared.role_name}")).to_have_count(0)

    assert api("member").get(f"/crm/accounts/{account['id']}")["_verbs"] == ["change"]
    page.reload()
    expect(tick).to_be_checked()


@pytest.mark.feature("F210")
@pytest.mark.feature("F003")
def test_a_member_with_rights_gets_the_entry_and_only_the_allowed_buttons(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    account = prepared.account(unique)
    prepared.grant(["view_account"])
    page = enter("member", shell.crm(f"/accounts/{account['id']}"))
    expect(page.locator("taiga-crm h1")).to_have_text(unique)
    expect(shell.menu_entry(page)).to_have_count(1)
    expect(page.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
    page.goto(shell.crm("/accounts"))
    expect(page.locator("taiga-crm h1")).to_contain_text("Accounts")
    expect(page.get_by_role("button", name="New Account")).to_have_count(0)


@pytest.mark.feature("F212")
def test_a_role_may_see_only_its_own_accounts(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    api: Callable[[str], SiteApi],
    unique: str,
) -> None:
    prepared.account(f"Foreign {unique}")
    prepared.account(f"Own {unique}", account_manager=api("member").login["id"])
    prepared.grant(["view_account"])
    page = enter("boss", shell.crm("/settings"))
    page.get_by_role("combobox", name=f"{prepared.role_name}: Accounts").select_option("own")
    page.get_by_role("button", name=f"Save: {prepared.role_name}").click()
    expect(page.get_by_role("button", name=f"Save: {prepared.role_name}")).to_have_count(0)
    rows = api("member").get(f"/crm/accounts?q={unique}&fields=name")
    assert [row["name"] for row in rows] == [f"Own {unique}"]


def test_unsaved_rights_are_not_lost_without_a_question(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.crm())
    page.locator("taiga-crm nav.crm-nav").get_by_role("link", name="Settings").click()
    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))

    def asked(times: int) -> None:
        for _attempt in range(50):
            if len(questions) < times:
                page.wait_for_timeout(100)  # AngularJS asks in its next digest
        assert len(questions) == times

    tick = page.get_by_role("checkbox", name=f"{prepared.role_name}: Contacts, See")
    tick.check()
    page.locator("taiga-crm nav.crm-nav").get_by_role("link", name="Accounts").click()
    asked(1)
    shell.global_link(page).or_(page.locator("a[href*=projects]")).first.click()
    asked(2)
    page.evaluate("setTimeout(() => history.back())")
    asked(3)
    assert page.url.endswith("/settings")
    expect(tick).to_be_checked()


def test_a_role_changed_by_somebody_else_is_shown_as_it_is_now(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared
) -> None:
    page = enter("boss", shell.crm("/settings"))
    tick = page.get_by_role("checkbox", name=f"{prepared.role_name}: Contacts, See")
    tick.check()
    prepared.grant(["view_account"])
    page.get_by_role("button", name=f"Save: {prepared.role_name}").click()
    expect(
        page.get_by_role("checkbox", name=f"{prepared.role_name}: Accounts, See")
    ).to_be_checked()
    expect(tick).not_to_be_checked()


def test_an_industry_can_be_added_and_removed(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    page = enter("root", "/crm/settings")
    page.get_by_role("link", name="Industries").click()
    page.get_by_role("button", name="New Industry").first.click()
    page.get_by_role("textbox", name="Name", exact=True).fill(unique)
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/crm/settings/industries")
    row = page.locator("taiga-crm tr[data-row]", has_text=unique)
    row.get_by_role("link", name=unique).click()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.goto("/crm/settings/industries")
    page.locator("taiga-crm tr[data-row]").first.wait_for()
    expect(row).to_have_count(0)


@pytest.mark.feature("F211")
@pytest.mark.feature("F217")
def test_a_user_type_gives_its_members_keys_everywhere(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    api: Callable[[str], SiteApi],
    unique: str,
) -> None:
    assert api("stranger").get("/crm/me")["can"]["enter_global"] is False
    root = api("root")
    made = root.post(
        "/crm/user-types", {"name": unique, "keys": ["view_everything"], "members": []}
    )
    page = enter("root", f"/crm/user-types/{made['id']}/edit")
    people = page.get_by_role("combobox", name="Members")
    name = api("stranger").login["full_name_display"]
    people.click()
    people.press_sequentially(name[:6])
    page.get_by_role("option", name=name).click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/edit"))
    assert api("stranger").get("/crm/me")["can"]["enter_global"] is True
    now = root.get(f"/crm/user-types/{made['id']}")
    root.delete(f"/crm/user-types/{made['id']}")
    assert [one["label"] for one in now["members"]] == [name]
