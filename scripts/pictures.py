"""Take the pictures of the user guide from the demo: `make pictures`, needs a Chromium.

`CRM_E2E_URL` names a running demo; without it one is started for the run.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
E2E = ROOT / "taiga_crm" / "front" / "e2e"
INTO = ROOT / "docs" / "user-guide" / "pictures"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROJECT = "/project/aurora-shop/crm"
sys.path.insert(0, str(E2E))


@dataclass(frozen=True)
class Picture:
    """One picture: its file, who looks, at which address, and what is clicked before."""

    name: str
    address: str
    steps: Callable[[Page], Any] = lambda page: None
    who: str = "admin"
    height: int = 760


def choose_four(page: Page) -> None:
    """Tick the first four rows."""
    boxes = page.locator("taiga-crm tr[data-row] .pick input")
    boxes.first.click()
    boxes.nth(3).click(modifiers=["Shift"])


def open_merge(page: Page) -> None:
    """Compare the first two rows."""
    page.locator("taiga-crm tr[data-row] .pick input").first.click()
    page.locator("taiga-crm tr[data-row] .pick input").nth(1).click()
    page.get_by_role("button", name="Merge", exact=True).click()
    page.locator("taiga-crm .merge-table").wait_for()


FILE = """Company;Sector;Country;Founded;Revenue (thousand EUR);Parent company;Loyalty card
Harbor Freight Lines;Transport;Norway;1988;12,400;;A-1
Nordlys Kraft AS;Energy;Norway;2001;88,150;;A-7
Nordlys Nett AS;Energy;Norway;2004;9,300;Nordlys Kraft AS;
Hanok Foods;Retal;South Korea;1997;31,020;;B-4
Bluebird Clinics;Healthcare;Philipines;2011;4,870;;
;Healthcare;Kenya;2015;1,200;;B-9
Quarry & Sons;Manufacturing;Czechia;nineteen;2,450;Rock Group;
"""


def read_file(page: Page) -> None:
    """Give the import a file."""
    content = {"name": "customers.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.locator("taiga-crm .drop").wait_for()
    page.locator("taiga-crm input[type=file]").set_input_files(content)
    page.locator("taiga-crm .sample").wait_for()


def map_columns(page: Page) -> None:
    """Show what was guessed about the columns of a file, and search a field for the last one."""
    read_file(page)
    page.get_by_role("button", name="Choose the fields").click()
    page.get_by_role("combobox", name="Field for the column Loyalty card").fill("number")
    page.locator("taiga-crm .k-option").first.wait_for()


def check_file(page: Page) -> None:
    """Show what would become of the lines that are worth a look."""
    read_file(page)
    page.get_by_role("button", name="Choose the fields").click()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("tab", name="Worth a look").click()
    page.locator("taiga-crm .outcome-rows").wait_for()


def new_webhook(page: Page) -> None:
    """Begin a webhook."""
    page.get_by_role("button", name="Add a webhook").click()
    page.get_by_role("textbox", name="Name").fill("Web shop")
    page.get_by_role("textbox", name="Address").fill("https://shop.example/crm-events")


NESTED = (
    '{"all":[["city","contains","o"],{"any":[["employees","gte","50"],'
    '{"not":["is_key","exact","true"]},["created_at","within","last_30_days"]]}]}'
)


def open_builder(page: Page) -> None:
    """Open the builder of the nested filter."""
    page.locator("taiga-crm .tree-chip .text").click()
    page.locator("taiga-crm .builder-count", has_text="found").wait_for()


def rule(page: Page, field: str, *choices: tuple[str, str, str]) -> None:
    """Open a field and choose what holds for whom in which state; nothing is saved."""
    page.get_by_role("button", name=field, exact=True).click()
    for who, state, effect in choices:
        cell = page.get_by_role("combobox", name=f"{field}: {who}, {state}", exact=True)
        cell.select_option(effect)


def some_rules(page: Page) -> None:
    """Give some fields rules, and leave one open."""
    rule(page, "Website", ("Everybody", "Company", "required"))
    rule(page, "Annual revenue", ("Support", "Every state", "hidden"),
         ("Partner", "Every state", "hidden"))  # fmt: skip
    rule(page, "City", ("Sales", "Company", "read_only"), ("Viewer", "Every state", "hidden"))
    page.locator("tr[data-field=website]").scroll_into_view_if_needed()


def preview_of_rules(page: Page) -> None:
    """Show what Sales would see of them."""
    some_rules(page)
    page.get_by_role("button", name="City", exact=True).click()
    page.get_by_role("combobox", name="Preview as").select_option(label="Sales")
    page.get_by_role("combobox", name="Account type").select_option(label="Company")
    page.locator("taiga-crm h1").scroll_into_view_if_needed()


def make_tokens(page: Page) -> None:
    """Make two tokens, unless the demo has them from the last time."""
    for name in ("Monthly report", "Newsletter"):
        if page.get_by_text(name, exact=True).count():
            continue
        page.get_by_role("button", name="New token").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox", name="Name").fill(name)
        dialog.get_by_role("button", name="Make the token").click()
        dialog.get_by_role("button", name="I have kept it").click()
        page.get_by_text(name, exact=True).wait_for()


def open_first(page: Page) -> None:
    """Open the page of the first record of a list."""
    page.locator("taiga-crm tr[data-row] td.name a").first.click()
    page.locator("taiga-crm .group-chips").wait_for()


def tree_is_there(page: Page) -> None:
    """Wait for the rows of the tree."""
    page.locator("taiga-crm .tree-row").first.wait_for()


def open_members(page: Page) -> None:
    """Open the members of the first group."""
    page.locator("taiga-crm .tree-members").first.click()
    page.locator("taiga-crm .members-rows li").first.wait_for()


def type_a_name(page: Page) -> None:
    """Begin an account that exists already."""
    page.get_by_role("textbox", name="Name", exact=True).fill("Juniper Stores")
    page.locator("taiga-crm .same-warning li").first.wait_for()


PICTURES = (
    Picture("accounts", f"{PROJECT}/accounts"),
    Picture("contacts", f"{PROJECT}/contacts"),
    Picture("files", f"{PROJECT}/accounts/1?tab=files"),
    Picture("chosen", f"{PROJECT}/accounts", choose_four, "pam"),
    Picture("merge", f"{PROJECT}/accounts", open_merge, "pam"),
    Picture("views", f"{PROJECT}/accounts?country=KR&sort=-annual_revenue", who="pam"),
    Picture("filter-builder", f"{PROJECT}/accounts?tree={quote(NESTED)}", open_builder, "pam"),
    Picture("manage-views", f"{PROJECT}/views", who="pam"),
    Picture("custom-fields", "/crm/settings/custom-fields"),
    Picture("import-columns", f"{PROJECT}/import/new?kind=account", map_columns, "pam", 820),
    Picture("import-check", f"{PROJECT}/import/new?kind=account", check_file, "pam", 560),
    Picture("webhooks", f"{PROJECT}/settings/webhooks", new_webhook, "pam"),
    Picture("field-permissions", f"{PROJECT}/settings/field-permissions", some_rules, "pam", 980),
    Picture(
        "field-permissions-preview",
        f"{PROJECT}/settings/field-permissions",
        preview_of_rules,
        "pam",
    ),
    Picture("bin", f"{PROJECT}/bin", who="pam"),
    Picture("settings", "/crm/settings"),
    Picture("tokens", "/crm/settings/tokens", make_tokens, height=520),
    Picture("security-log", "/crm/settings/security-log", height=640),
    Picture("groups", f"{PROJECT}/account-groups", tree_is_there, "pam"),
    Picture("members", f"{PROJECT}/account-groups", open_members, "pam"),
    Picture("account-groups", f"{PROJECT}/accounts?is_key=true", open_first, "pam", 420),
    Picture("favorites", f"{PROJECT}/favorites", who="sally"),
    Picture("doubles", f"{PROJECT}/accounts/new", type_a_name, "pam"),
)


def main(wanted: list[str]) -> int:
    """Take all pictures, or those that are named."""
    import embedded_host
    from conftest import ARGUMENTS, SEED
    from site_api import SiteApi

    INTO.mkdir(exist_ok=True)
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        print("No Chromium was found: install one, or set CHROMIUM", file=sys.stderr)
        return 1
    with ExitStack() as stack:
        url = os.environ.get("CRM_E2E_URL") or stack.enter_context(
            embedded_host.running(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        )
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=found, args=ARGUMENTS
        )
        for picture in PICTURES:
            if wanted and picture.name not in wanted:
                continue
            login = {**SiteApi(url, picture.who, "123123").login, "lang": "en"}
            kept = {"token": login["auth_token"], "refresh": login["refresh"], "userInfo": login}
            context = browser.new_context(
                base_url=url, viewport={"width": 1280, "height": picture.height}, locale="en-US"
            )
            context.add_init_script(SEED % json.dumps(kept))
            page = context.new_page()
            page.goto(picture.address)
            page.wait_for_load_state("networkidle")
            picture.steps(page)
            page.wait_for_timeout(400)
            page.screenshot(path=INTO / f"{picture.name}.png")
            print(f"{picture.name}.png  {(INTO / f'{picture.name}.png').stat().st_size // 1024} kB")
            context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
