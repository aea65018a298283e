"""The journey of a personal token: made, used by a program, seen in the log, renewed, revoked."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from shells import Shell
from site_api import SiteApi

pytestmark = [pytest.mark.browser, pytest.mark.feature("F021")]


def ask(shell: Shell, token: str, path: str, method: str = "GET") -> tuple[int, str]:
    """Ask as a program does; return the status and the code of a refusal."""
    request = urllib.request.Request(
        f"{shell.url}/api/v1/crm/{path}",
        b"{}" if method == "POST" else None,
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.loads(refusal.read()).get("code", "")


@pytest.fixture
def name(api: Callable[[str], SiteApi], unique: str) -> Iterator[str]:
    """Return the name of a token; revoke it afterwards."""
    yield f"Report {unique}"
    for person in ("boss", "root"):
        for row in api(person).get("/crm/tokens"):
            if unique in row["name"] and row["state"] == "active":
                api(person).post(f"/crm/tokens/{row['id']}/revoke")


def secret_of(page: Page) -> str:
    """Read the secret from the dialog that shows it once, and close it."""
    dialog = page.get_by_role("dialog")
    secret = dialog.get_by_role("textbox", name="The token").input_value()
    dialog.get_by_role("button", name="I have kept it").click()
    expect(dialog).to_have_count(0)
    return secret


def make(page: Page, name: str) -> str:
    """Make a token that may read; return its secret."""
    page.get_by_role("button", name="New token").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("button", name="Make the token").click()
    return secret_of(page)


def test_a_token_is_made_used_renewed_and_revoked(
    enter: Callable[..., Page], shell: Shell, name: str
) -> None:
    page = enter("boss", shell.crm("/settings"))
    page.get_by_role("link", name="API tokens").click()
    first = make(page, name)
    row = page.locator("taiga-crm .sub-rows li", has_text=name)
    expect(row).to_contain_text("never used")
    assert first not in page.content()

    assert ask(shell, first, "me") == (200, "")
    assert ask(shell, first, "accounts", "POST") == (403, "token_scope")
    assert ask(shell, first, "tokens", "POST") == (403, "token_scope")
    page.reload()
    expect(row).to_contain_text("last used")

    row.get_by_role("button", name=f"Renew {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Renew", exact=True).click()
    second = secret_of(page)
    assert ask(shell, first, "me")[0] == 401
    assert ask(shell, second, "me") == (200, "")

    row.get_by_role("button", name=f"Revoke {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
    expect(row).to_contain_text("revoked")
    expect(row.get_by_role("button")).to_have_count(0)
    assert ask(shell, second, "me")[0] == 401


def test_what_a_token_did_is_in_the_security_log(
    enter: Callable[..., Page], shell: Shell, name: str
) -> None:
    page = enter("root", "/crm/settings/tokens")
    secret = make(page, name)
    assert ask(shell, secret, "me") == (200, "")
    assert ask(shell, secret, "accounts", "POST") == (403, "token_scope")

    page.goto("/crm/settings/security-log")
    lines = page.locator("taiga-crm .log-rows li")
    used = lines.filter(has_text=name).filter(has_text="Token used")
    used.get_by_role("button", name=name).click()
    page.wait_for_url("**token=*")
    expect(lines.filter(has_text="Refused")).to_contain_text("POST accounts")
    page.get_by_role("combobox", name="What happened").select_option("denied")
    expect(lines).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as CSV").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert text.count("\n") == 2
    assert secret[:15] in text
    assert secret not in text


def test_the_security_log_is_closed_to_others(enter: Callable[..., Page]) -> None:
    page = enter("boss", "/crm/settings/security-log")
    expect(page.get_by_text("You may not read the security log.")).to_be_visible()
