"""The long journey: import, mend, a field of one's own, a view for a role, a merge, the bin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import real_accounts
from acts import (
    add_choice,
    check_import,
    delete_and_restore,
    download,
    merge_and_separate,
    run_import,
    save_view,
    start_import,
    undo_import,
)
from playwright.sync_api import Browser, Page, expect
from prepared import Prepared
from shells import Shell
from site_api import SiteApi

pytestmark = pytest.mark.browser
MISSPELLED = {"technolgy": "technology", "Philipines": "Philippines", "Korea": "South Korea"}


@pytest.fixture
def page_of_root(browser: Browser, shell: Shell) -> Iterator[Page]:
    """Return a page in a browser of its own."""
    context = browser.new_context(base_url=shell.url, locale="en-US")
    yield context.new_page()
    context.close()


@pytest.fixture
def file(prepared: Prepared, tmp_path: Path, unique: str) -> Iterator[Path]:
    """Return the real accounts and a line that has no name; forget what came of them."""
    rows = real_accounts.rows_with(unique)
    yield real_accounts.write_rows(tmp_path / f"accounts {unique}.csv", rows)
    real_accounts.clean_up(prepared.boss, unique)


@pytest.mark.feature("F033")
@pytest.mark.feature("F117")
@pytest.mark.feature("F127")
@pytest.mark.feature("F140")
def test_real_accounts_from_the_file_to_the_bin_and_back(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    page_of_root: Page,
    file: Path,
    unique: str,
    label: str,
    views: Callable[[], list[dict[str, Any]]],
) -> None:
    page = enter("boss", shell.crm("/accounts?view=none"))
    start_import(page, shell, file)
    check_import(page)
    expect(run_import(page)).to_contain_text("created: 85 · worth a look: 13 · left out: 1")
    first = page.url
    _mend(page, file, unique)
    add_choice(
        enter("root", "/crm/settings/custom-fields?kind=account", page_of_root),
        label,
        ("Gold", "Silver"),
    )
    _fill_in(page, shell, prepared.boss, unique, label)
    page.goto(shell.crm(f"/accounts?view=none&q={unique}&country=KE"))
    save_view(page, prepared, f"In Kenya {unique}")
    assert [one["sharing"] for one in views() if unique in one["name"]] == ["roles"]
    names = [f"Yearin {unique}", f"Yearin {unique} Ltd"]
    winner = _find(prepared.boss, names[0])
    prepared.account(names[1])
    page.goto(shell.crm(f"/accounts?view=none&q={names[0]}"))
    merge_and_separate(page, names, winner)
    delete_and_restore(page, shell, names[0], names)
    page.goto(first)
    undo_import(page)
    assert _find(prepared.boss, f"Xx-holding {unique}") == 0


def _mend(page: Page, file: Path, unique: str) -> None:
    """Correct every line that was reported, and import those lines again."""
    mended = file.with_name(f"mended {unique}.csv")
    download(page, "Lines with reasons", "CSV: with those worth a look (14)", mended)
    header, *rows = real_accounts.read_rows(mended)
    assert len(rows) == 14
    rows = [[MISSPELLED.get(cell, cell) for cell in row] for row in rows]
    rows[-1][0] = f"Mended {unique}"
    real_accounts.write_rows(mended, [header, *rows])
    page.get_by_role("link", name="Import another file").click()
    page.locator("taiga-crm .drop").wait_for()
    page.locator("taiga-crm input[type=file]").set_input_files(mended)
    page.wait_for_url("**/import/*step=file")
    check_import(page)
    # What was corrected had been read that way before: only the line without a name is new.
    expect(run_import(page)).to_contain_text("created: 1 · unchanged: 13")
    expect(page.locator("taiga-crm .outcome-rows").get_by_text("Read as")).to_have_count(0)


def _fill_in(page: Page, shell: Shell, boss: SiteApi, unique: str, label: str) -> None:
    account = _find(boss, f"Yearin {unique}")
    page.goto(shell.crm(f"/accounts/{account}/edit"))
    page.get_by_role("combobox", name=label).select_option("Gold")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(rf"/accounts/{account}(\?|$)"))  # no longer …/edit
    assert boss.get(f"/crm/accounts/{account}")[f"cf_level_{unique}"] == "gold"


def _find(api: SiteApi, name: str) -> int:
    """Return the number of the account of a name, 0 without one."""
    rows = api.get(f"/crm/accounts?q={quote(name)}")
    return next((int(row["id"]) for row in rows if row["name"] == name), 0)
