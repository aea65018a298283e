"""The journey of a file: checked, imported, its errors mended and imported, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import real_accounts
from acts import A_JOB, check_import, download, run_import, start_import, undo_import
from playwright.sync_api import Locator, Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = [pytest.mark.browser, pytest.mark.feature("F140")]


@pytest.fixture
def file(prepared: Prepared, tmp_path: Path, unique: str) -> Iterator[Path]:
    """Return the real accounts and a line that has no name; forget what came of them."""
    rows = real_accounts.rows_with(unique)
    yield real_accounts.write_rows(tmp_path / f"accounts {unique}.csv", rows)
    real_accounts.clean_up(prepared.boss, unique)


def test_real_accounts_are_imported_mended_and_taken_back(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, file: Path, unique: str
) -> None:
    page = enter("boss", shell.crm("/accounts?view=none"))
    start_import(page, shell, file)
    expect(page.locator("taiga-crm .sample tbody tr")).to_have_count(5)
    expect(page.locator("taiga-crm .file-card")).to_contain_text("86 lines, 7 columns")
    _look_at_columns(page)
    expect(_tab(page, "New")).to_have_text("New · 85")
    expect(_tab(page, "Worth a look")).to_have_text("Worth a look · 13")
    expect(_tab(page, "Left out")).to_have_text("Left out · 1")
    assert prepared.boss.get(f"/crm/accounts?q={unique}") == []
    head = run_import(page)
    expect(head).to_contain_text("created: 85 · worth a look: 13 · left out: 1")
    first = page.url
    acme = prepared.boss.get(f"/crm/accounts?q=Acme%20Corporation%20{unique}")[0]
    assert acme["name"] == f"Acme Corporation {unique}"
    _mend(page, file, unique)
    _take_back(page, prepared, first, acme["id"])


def _look_at_columns(page: Page) -> None:
    """See what was guessed, and that a reload loses nothing of what was chosen."""
    page.get_by_role("button", name="Choose the fields").click()
    revenue = page.locator("taiga-crm .column-row", has_text="revenue")
    expect(revenue.get_by_role("combobox", name="Written in")).to_have_value("1000000")
    expect(revenue.get_by_role("combobox", name="Currency")).to_have_value("USD")
    year = page.get_by_role("combobox", name="Field for the column year_established")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.locator("taiga-crm .column-row", has_text="year_established").get_by_role(
            "button", name="Clear"
        ).click()
    page.reload()
    expect(year).to_have_value("")
    expect(page.get_by_text("6 of 7 columns are imported")).to_be_visible()
    year.click()
    year.fill("found")
    page.get_by_role("option", name="Founded").click()
    expect(page.get_by_text("7 of 7 columns are imported")).to_be_visible()
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="This would happen")).to_be_visible(timeout=A_JOB)


def _mend(page: Page, file: Path, unique: str) -> None:
    """Fill in what is missing in the file of errors; it is all that is new afterwards."""
    _tab(page, "Left out").click()
    row = page.locator("taiga-crm .outcome-rows tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("td").first).to_have_text("87")
    mended = file.with_name(f"mended {unique}.csv")
    download(page, "Lines with reasons", "CSV: lines left out (1)", mended)
    header, wrong = real_accounts.read_rows(mended)
    assert (len(header), header[-1]) == (8, "reason")
    assert wrong[-1] != ""
    wrong[0] = f"Mended {unique}"
    real_accounts.write_rows(mended, [header, wrong])
    page.get_by_role("link", name="Import another file").click()
    page.locator("taiga-crm .drop").wait_for()
    page.locator("taiga-crm input[type=file]").set_input_files(mended)
    page.wait_for_url("**/import/*step=file")
    check_import(page)
    expect(_tab(page, "New")).to_have_text("New · 1")
    expect(run_import(page)).to_contain_text("created: 1")
    page.get_by_role("link", name=f"Mended {unique}").click()
    expect(page.locator("taiga-crm h1")).to_have_text(f"Mended {unique}")


def _take_back(page: Page, prepared: Prepared, first: str, edited: int) -> None:
    """Take all back but the record that somebody has edited since."""
    account = prepared.boss.get(f"/crm/accounts/{edited}")
    prepared.boss.patch(f"/crm/accounts/{edited}", {"version": account["version"], "city": "Brno"})
    page.goto(first)
    told = undo_import(page)
    expect(told).to_contain_text("84 records were taken back")
    expect(told.locator("li")).to_have_count(1)
    expect(told.locator("li")).to_contain_text(account["name"])
    assert prepared.boss.get(f"/crm/accounts/{edited}")["city"] == "Brno"


def _tab(page: Page, name: str) -> Locator:
    return page.locator("taiga-crm [role=tab]", has_text=name)


def test_a_file_that_is_no_table_is_refused_beside_its_name(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, tmp_path: Path, unique: str
) -> None:
    wrong = tmp_path / f"{unique}.xlsx"
    wrong.write_bytes(b"PK\x03\x04 this is no spreadsheet")
    page = enter("boss", shell.crm("/import/new?kind=account"))
    page.locator("taiga-crm .drop").wait_for()
    page.locator("taiga-crm input[type=file]").set_input_files(wrong)
    expect(page.get_by_role("alert")).to_contain_text(f"{unique}.xlsx")
    assert [one for one in prepared.boss.get("/crm/imports") if unique in one["file_name"]] == []


def test_only_who_may_add_is_offered_an_import(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str
) -> None:
    prepared.account(unique)
    prepared.grant(["view_account"])
    page = enter("member", shell.crm("/accounts?view=none"))
    expect(page.get_by_role("button", name="Export")).to_be_visible()
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)
