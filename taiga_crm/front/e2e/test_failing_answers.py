"""When the server fails, refuses or is away, every page says so in a sentence and goes on later."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser

PAGES = (
    "", "/accounts", "/contacts", "/tickets", "/accounts/ACCOUNT", "/accounts/ACCOUNT/edit",
    "/accounts/new", "/accounts/merge?ids=ACCOUNT,OTHER", "/bin", "/import", "/import/new",
    "/views", "/favorites", "/settings", "/settings/custom-fields",
    "/settings/field-permissions", "/settings/webhooks", "/settings/tokens",
    "/settings/security-log", "/settings/vcards",
)  # fmt: skip
SOME = ("/accounts", "/accounts/ACCOUNT", "/settings/webhooks")
# what a page needs to be there at all, asked for before the pages open
ASKED_FIRST = ("/crm/me", "/crm/meta")
FAILURES = {
    "a fault": ({"status": 500, "body": "<h1>Error</h1>"}, "The server has made a mistake", PAGES),
    "nobody there": (None, "The server did not answer", PAGES),
    "a refusal": ({"status": 403, "json": {}}, "You are not allowed to see this", SOME),
    "a restart": ({"status": 502, "body": "Bad gateway"}, "not available at the moment", SOME),
}


def fail(page: Page, answer: dict[str, object] | None) -> Callable[[], None]:
    """Let every further read of the API end this way; return what ends that."""

    def handle(route: Route) -> None:
        path = route.request.url.partition("?")[0]
        if route.request.method != "GET" or path.endswith(ASKED_FIRST):
            route.continue_()
        elif answer is None:
            route.abort("connectionrefused")
        else:
            route.fulfill(**answer)

    page.route("**/api/v1/crm/**", handle)
    return lambda: page.unroute("**/api/v1/crm/**")


@pytest.mark.parametrize("failure", FAILURES)
def test_every_page_says_what_is_wrong_and_loads_when_tried_again(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str, failure: str
) -> None:
    account, other = (prepared.account(f"{unique} {n}") for n in (1, 2))
    page = enter("root", shell.crm())
    answer, sentence, pages = FAILURES[failure]
    silent, stuck = [], []
    for path in pages:
        path = path.replace("ACCOUNT", str(account["id"])).replace("OTHER", str(other["id"]))
        recover = fail(page, answer)
        page.goto(shell.crm(path))
        told = page.locator("taiga-crm [role=alert]").filter(has_text=sentence).first
        try:
            expect(told).to_be_visible()
        except AssertionError:
            silent.append(path)
        recover()
        again = page.locator("taiga-crm [role=alert]").get_by_role("button", name="Try again")
        for _part in range(20):  # one that is loaded may show a further one
            if not again.count():
                break
            again.first.click()
            page.wait_for_load_state("networkidle")
        if page.locator("taiga-crm [role=alert]").count():
            stuck.append(path)
    assert (silent, stuck) == ([], [])


def test_a_page_whose_file_is_gone_offers_to_reload(
    enter: Callable[..., Page], shell: Shell
) -> None:
    page = enter("boss", shell.crm("/accounts"))
    page.locator("taiga-crm h1").wait_for()
    page.route("**/app/SettingsScreen-*.js", lambda route: route.fulfill(status=404))
    page.locator("taiga-crm").get_by_role("link", name="Settings", exact=True).click()
    lost = page.get_by_role("alert").filter(has_text="This page could not be loaded")
    expect(lost).to_be_visible()
    page.unroute("**/app/SettingsScreen-*.js")
    lost.get_by_role("button", name="Reload").click()
    page.locator("taiga-crm h1").wait_for()
    assert "settings" in page.url
