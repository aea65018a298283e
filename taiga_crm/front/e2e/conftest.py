"""Fixtures of the journeys: an installation, a browser, people who are signed in, prepared data.

CRM_E2E_URL names a running installation (else the embedded host is started for the run),
CRM_E2E_SHELL is `standalone` or `taiga`, CHROMIUM the browser's executable. What else an
installation needs is in docs/how-to/test-in-a-taiga.md.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import embedded_host
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from prepared import Prepared
from shells import Shell
from site_api import SiteApi

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SEED = """
const kept = %s;
for (const name in kept) {
  if (!localStorage.getItem(name)) localStorage.setItem(name, JSON.stringify(kept[name]));
}
"""
# Chromium's own lines about refused requests, and what Taiga's pages log without any plugin
NOISE = ("Failed to load resource", "project is not defined")


@pytest.fixture(scope="session")
def shell() -> Iterator[Shell]:
    """Return the installation under test.

    Its database lies outside of pytest's own folders: another run takes the rights to those from
    the user that PostgreSQL runs as when we are root.
    """
    if url := os.environ.get("CRM_E2E_URL"):
        yield Shell.from_environment(url)
        return
    with (
        tempfile.TemporaryDirectory(prefix="taiga-crm-", ignore_cleanup_errors=True) as home,
        embedded_host.running(Path(home), hooks=True) as url,
    ):
        yield Shell.from_environment(url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the Chromium of this machine."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip("no Chromium was found; set CHROMIUM")
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, shell: Shell, tmp_path: Path) -> Iterator[BrowserContext]:
    """Return a browser without any memory."""
    context = browser.new_context(
        base_url=shell.url, viewport={"width": 1440, "height": 900}, locale="en-US"
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a page; an exception in its script or a warning of the plugin fails the test."""
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if message.type == "error" or "CRM:" in message.text
            else None
        ),
    )
    yield page
    if pictures := os.environ.get("CRM_E2E_PICTURES"):
        page.screenshot(path=f"{pictures}/{request.node.name}.png")
    serious = [one for one in problems if not any(noise in one for noise in NOISE)]
    assert not serious, serious


@pytest.fixture(scope="session")
def api(shell: Shell) -> Callable[[str], SiteApi]:
    """Return a function that gives the API as seen by root, boss, member or stranger."""
    known: dict[str, SiteApi] = {}

    def of(who: str) -> SiteApi:
        if who not in known:
            known[who] = SiteApi(shell.url, shell.people[who], shell.password)
        return known[who]

    return of


@pytest.fixture
def enter(shell: Shell, page: Page) -> Callable[..., Page]:
    """Return a function that opens an address as somebody, without the login page.

    A second person needs a page of a context of its own.
    """

    def enter(who: str, path: str, page: Page = page) -> Page:
        # a fresh pair of tokens: a used refresh token is refused
        login: dict[str, Any] = SiteApi(shell.url, shell.people[who], shell.password).login
        login = {**login, "lang": login.get("lang") or "en"}
        kept = {"token": login["auth_token"], "refresh": login["refresh"], "userInfo": login}
        page.context.add_init_script(SEED % json.dumps(kept))
        page.goto(path)
        return page

    return enter


@pytest.fixture
def enter_beside(browser: Browser, shell: Shell) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an address as somebody else, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def enter(who: str, path: str) -> Page:
        context = browser.new_context(
            base_url=shell.url, viewport={"width": 1440, "height": 900}, locale="en-US"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        login = {**SiteApi(shell.url, shell.people[who], shell.password).login, "lang": "en"}
        kept = {"token": login["auth_token"], "refresh": login["refresh"], "userInfo": login}
        context.add_init_script(SEED % json.dumps(kept))
        page = context.new_page()
        page.goto(path)
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def prepared(shell: Shell, api: Callable[[str], SiteApi]) -> Iterator[Prepared]:
    """Return the project with the CRM on and the member's role without any right."""
    prepared = Prepared(shell, api)
    prepared.switch(True)
    prepared.grant([])
    yield prepared
    prepared.clean_up()


@pytest.fixture
def unique() -> str:
    """Return a word that no other record contains."""
    return f"e2e{uuid.uuid4().hex[:8]}"


@pytest.fixture
def views(prepared: Prepared) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return a function that reads the views of accounts; delete them afterwards."""
    path = f"/crm/views?kind=account&project={prepared.project['id']}"
    yield lambda: prepared.boss.get(path)
    for view in [one for one in prepared.boss.get(path) if "e2e" in one["name"]]:
        prepared.boss.delete(f"/crm/views/{view['id']}")


@pytest.fixture
def label(api: Callable[[str], SiteApi], unique: str) -> Iterator[str]:
    """Return the label of a custom field; delete it afterwards."""
    yield f"Level {unique}"
    root = api("root")
    for row in root.get("/crm/custom-fields?kind=account"):
        if unique in row["label"]:
            root.delete(f"/crm/custom-fields/{row['id']}")
