"""Names of 200 characters, with and without spaces: no page is wider, nothing is cut in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from prepared import Prepared
from shells import Shell
from site_api import SiteApi

pytestmark = pytest.mark.browser

SPACED = "Vereinigte Sächsische Dampfschifffahrtsgesellschaft am Fluss " * 4
SOLID = "Donaudampfschifffahrtsgesellschaftskapitaenswitwe" * 5
SCREENS = (
    "", "/accounts?q=WORD", "/accounts?q=WORD&group_by=type", "/accounts/new",
    "/accounts/SPACED", "/accounts/SOLID", "/accounts/SOLID?tab=contacts",
    "/accounts/SOLID?tab=timeline", "/accounts/SOLID?tab=relations", "/accounts/SOLID?tab=files",
    "/accounts/SOLID?tab=tickets", "/accounts/SOLID/edit", "/accounts/SPACED/edit",
    "/contacts?q=WORD", "/contacts/CONTACT", "/contacts/CONTACT/edit", "/tickets?q=WORD",
    "/account-groups", "/account-groups/GROUP", "/favorites", "/bin", "/views",
    "/accounts/merge?ids=SPACED,SOLID",
)  # fmt: skip
# Text that is cut must end with an ellipsis, and pointing at it must tell the whole. What a list
# of its own scrolls over is not cut. Fields scroll by themselves.
CUT = """async () => {
  const found = [];
  const cut = [];
  const root = document.querySelector('taiga-crm').shadowRoot;
  for (const one of root.querySelectorAll('*')) {
    const style = getComputedStyle(one);
    const hides = ['hidden', 'clip'].includes(style.overflowX);
    const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!hides || !words || one.clientWidth <= 1) continue;
    const wide = one.scrollWidth > one.clientWidth + 1;
    if (!wide && one.scrollHeight <= one.clientHeight + 1) continue;
    cut.push({ one, style, wide });
    one.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (const { one, style, wide } of cut) {
    const text = one.textContent.trim().replace(/\\s+/g, ' ');
    const told = one.closest('[title]')?.title.includes(text.slice(0, 40));
    const dots = wide
      ? style.textOverflow === 'ellipsis' && !style.display.includes('flex')
      : style.webkitLineClamp !== 'none';
    if (!told || !dots) found.push(`${one.tagName}.${one.className}: ${text.slice(0, 60)}`);
  }
  return { seen: cut.length, found: [...new Set(found)] };
}"""


@pytest.fixture
def named(
    prepared: Prepared, api: Callable[[str], SiteApi], unique: str
) -> Iterator[dict[str, str]]:
    """Make two accounts and what belongs to them, all with names as long as the fields take."""
    boss = prepared.boss
    spaced = prepared.account(f"{unique} {SPACED}"[:200].strip(), city=SPACED[:100].strip())
    solid = prepared.account(f"{unique}{SOLID}"[:200], city=SOLID[:100])
    contact = prepared.contact(solid, f"{unique}{SOLID}"[:100], SOLID[:100])
    prepared.link(prepared.issue(f"{unique}{SOLID}"[:200]), solid)
    path = f"/crm/accounts/{solid['id']}"
    boss.post(f"{path}/connections", {"account": spaced["id"], "note": SOLID[:200]})
    boss.post(f"{path}/comments", {"text": f"{SOLID}\n\n{SPACED}"})
    boss.post(f"{path}/favorite", {})
    root = api("root")
    group = root.post("/crm/account-groups", {"name": f"{unique}{SOLID}"[:100]})
    boss.post(f"/crm/account-groups/{group['id']}/members", {"add": [solid["id"], spaced["id"]]})
    ids = {"SPACED": spaced, "SOLID": solid, "CONTACT": contact, "GROUP": group}
    yield {"WORD": unique, **{word: str(row["id"]) for word, row in ids.items()}}
    root.delete(f"/crm/account-groups/{group['id']}")


@pytest.mark.parametrize("width", [1440, 900, 390])
def test_long_names_widen_no_page_and_are_cut_with_an_ellipsis(
    enter: Callable[..., Page], shell: Shell, named: dict[str, str], width: int
) -> None:
    page = enter("boss", shell.crm())
    page.set_viewport_size({"width": width, "height": 900})
    wrong: dict[str, Any] = {}
    seen = 0
    for path in SCREENS:
        address = path
        for word, value in named.items():
            address = address.replace(word, value)
        page.goto(shell.crm(address))
        page.locator("taiga-crm h1").first.wait_for()
        page.wait_for_load_state("networkidle")
        wide, cut = shell.sideways(page), page.evaluate(CUT)
        seen += cut["seen"]
        if wide > 0 or cut["found"]:
            wrong[path] = (wide, cut["found"])
    assert wrong == {}
    assert seen > len(SCREENS)


@pytest.mark.parametrize("width", [1440, 390])
def test_long_names_fit_into_dialogs_and_lists_of_choices(
    enter: Callable[..., Page], shell: Shell, named: dict[str, str], width: int
) -> None:
    page = enter("boss", shell.crm(f"/accounts/{named['SOLID']}"))
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(named["WORD"])
    assert _outside(page, dialog) == 0
    page.goto(shell.crm(f"/accounts/{named['SPACED']}/edit"))
    page.get_by_role("combobox", name="Parent account").fill(named["WORD"])
    option = page.get_by_role("option").first
    expect(option).to_contain_text(named["WORD"])
    assert _outside(page, option) == 0
    assert page.evaluate(CUT)["found"] == []
    assert shell.sideways(page) <= 0


def _outside(page: Page, shown: Locator) -> int:
    """Return by how much something is wider than the page, or than what it contains.

    Taiga's own bar makes its page wider than the narrowest window; `sideways` measures the rest.
    """
    return int(
        shown.evaluate(
            "(one) => Math.max(0, one.scrollWidth - one.clientWidth,"
            " one.getBoundingClientRect().right"
            " - Math.max(innerWidth, document.documentElement.scrollWidth))"
        )
    )
