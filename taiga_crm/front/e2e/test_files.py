"""The journey of a file: added, replaced, an earlier version taken back, deleted, brought back."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.feature("F080")
@pytest.mark.feature("F124")
@pytest.mark.feature("F152")
def test_a_file_from_the_first_version_to_the_bin_and_back(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str, tmp_path: Path
) -> None:
    account = prepared.account(f"Files {unique}")
    plan, picture = tmp_path / "계획 2026.txt", tmp_path / "picture.png"
    plan.write_text("first plan")
    picture.write_bytes(PIXEL)
    page = enter("boss", shell.crm(f"/accounts/{account['id']}?tab=files"))
    expect(page.get_by_text("No files yet")).to_be_visible()
    chooser = page.locator("taiga-crm .drop-zone input[type=file]")
    chooser.set_input_files([plan, picture])
    rows = page.locator("taiga-crm .file-rows:not(.deleted) .file-row")
    for name in (plan.name, picture.name):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    plan.write_text("second plan")
    chooser.set_input_files(plan)
    page.get_by_role("button", name="New version").click()
    row = rows.filter(has_text="계획 2026.txt")
    row.get_by_role("button", name="2 versions").click()
    assert _downloaded(page, lambda: row.get_by_role("button", name="Version 1").click()) == (
        "계획 2026.txt",
        "first plan",
    )
    row.get_by_role("button", name="Make current").click()
    expect(row.get_by_role("button", name="3 versions")).to_be_visible()
    _look(page, "계획 2026.txt", "first plan")
    page.get_by_role("button", name="picture.png", exact=True).click()
    expect(page.locator("taiga-crm .file-preview img")).to_have_js_property("naturalWidth", 1)
    page.keyboard.press("Escape")
    row.get_by_role("button", name=re.compile("^More about")).click()
    page.get_by_role("menuitem", name="Delete").click()
    deleted = page.locator("taiga-crm .file-rows.deleted .file-row")
    expect(deleted).to_have_count(1)
    deleted.get_by_role("button", name="Bring back").click()
    expect(
        rows.filter(has_text="계획 2026.txt").get_by_role("button", name="3 versions")
    ).to_be_visible()


def _look(page: Page, name: str, text: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("taiga-crm .file-preview pre")).to_have_text(text)
    page.keyboard.press("Escape")


def _downloaded(page: Page, act: Callable[[], None]) -> tuple[str, str]:
    with page.expect_download() as download:
        act()
    return download.value.suggested_filename, Path(download.value.path()).read_text()


@pytest.mark.feature("F152")
def test_a_refused_file_stays_with_its_reason_and_nothing_is_stored(
    enter: Callable[..., Page], shell: Shell, prepared: Prepared, unique: str, tmp_path: Path
) -> None:
    account = prepared.account(f"Refused {unique}")
    program = tmp_path / "setup.exe"
    program.write_bytes(b"MZ")
    page = enter("boss", shell.crm(f"/accounts/{account['id']}?tab=files"))
    page.locator("taiga-crm .drop-zone input[type=file]").set_input_files(program)
    expect(page.locator("taiga-crm .file-row .problem")).to_have_text(
        "Files ending in .exe are not allowed."
    )
    page.get_by_role("button", name="Remove setup.exe").click()
    expect(page.get_by_text("No files yet")).to_be_visible()
    assert prepared.boss.get(f"/crm/accounts/{account['id']}/attachments") == []
