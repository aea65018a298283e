"""R17: scripts in names, comments, files, fields, views and tags are shown as text, never run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell
from site_api import SiteApi

pytestmark = pytest.mark.browser
HIT = "crmHit(1)"
PAYLOADS = (
    f"<script>{HIT}</script>", f"<img src=x onerror={HIT}>", f"<svg onload={HIT}>",
    f"<svg/onload={HIT}//", f"<body onload={HIT}>", f"<iframe src=javascript:{HIT}>",
    f"<iframe srcdoc='<script>parent.{HIT}</script>'>", f"<a href=javascript:{HIT}>go</a>",
    f'"><script>{HIT}</script>', f"'><img src=x onerror={HIT}>", f'" onfocus={HIT} autofocus x="',
    f"' onmouseover={HIT} '", f"javascript:{HIT}", f"JaVaScRiPt:{HIT}", f"java\tscript:{HIT}",
    f"data:text/html,<script>{HIT}</script>", f"vbscript:{HIT}", f"<details open ontoggle={HIT}>",
    f"<video><source onerror={HIT}>", f"<audio src=x onerror={HIT}>",
    f"<input autofocus onfocus={HIT}>", f"<select autofocus onfocus={HIT}>",
    f"<marquee onstart={HIT}>", f"<object data=javascript:{HIT}>", f"<embed src=javascript:{HIT}>",
    f"<form><button formaction=javascript:{HIT}>x", f"<math href=javascript:{HIT}>x",
    f"<style>@import 'javascript:{HIT}'</style>", f"<link rel=stylesheet href=javascript:{HIT}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{HIT}'>",
    f"<base href=javascript:{HIT}//>",
    f"<template><script>{HIT}</script></template>", f"<noscript><img src=x onerror={HIT}>",
    f"<textarea></textarea><img src=x onerror={HIT}>", f"<title></title><img src=x onerror={HIT}>",
    f"<!--><img src=x onerror={HIT}>-->", f"<![CDATA[><img src=x onerror={HIT}>]]>",
    f"{{{{constructor.constructor('{HIT}')()}}}}", f"{{{{$on.constructor('{HIT}')()}}}}",
    f"${{{HIT}}}", f"#{{{HIT}}}", f"[go](javascript:{HIT})", f"[go](  JAVASCRIPT:{HIT})",
    f"![x](x\"onerror=\"{HIT})", f"[x]: javascript:{HIT}\n[x]", f"<javascript:{HIT}>",
    f"`<img src=x onerror={HIT}>`", f"```\n<script>{HIT}</script>\n```",
    f"&lt;script&gt;{HIT}&lt;/script&gt;", f"&#x3C;img src=x onerror={HIT}&#x3E;",
    f"\u202e<script>{HIT}</script>", f"＜script＞{HIT}＜/script＞",
)  # fmt: skip
LIVE = """root => [...root.querySelectorAll('*')].filter(one =>
  ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'META'].includes(one.tagName)
  || [...one.attributes].some(({name, value}) => name.startsWith('on')
    || (['href', 'src', 'action', 'formaction'].includes(name)
      && /^\\s*(javascript|vbscript|data:text)/i.test(value)))).map(one => one.outerHTML)"""


@pytest.fixture
def planted(
    prepared: Prepared, api: Callable[[str], SiteApi], unique: str
) -> Iterator[dict[str, Any]]:
    """Put the payloads into every text that people may write; take away what has no owner."""
    boss, root = prepared.boss, api("root")
    texts = iter(PAYLOADS * 3)
    short = ("organisation", "street", "city")
    accounts = [
        prepared.account(
            f"{unique} {next(texts)}",
            **{name: next(texts)[:200] for name in short},
            description="\n\n".join(PAYLOADS),
        )
        for _ in range(6)
    ]
    first = accounts[0]["id"]
    employee = next(t for t in boss.get("/crm/contact-types") if t["relation"] == "employee")
    for _ in range(3):
        names = ("first_name", "last_name", "job_title", "department", "messenger", "notes")
        body = {name: next(texts)[:100] for name in names}
        boss.post("/crm/contacts", {**body, "account": first, "type": employee["id"]})
    for start in range(0, len(PAYLOADS), 13):
        text = "\n\n".join(PAYLOADS[start : start + 13])
        boss.post(f"/crm/accounts/{first}/comments", {"text": text})
    made = []
    for number, payload in enumerate(PAYLOADS[:4]):
        body = {"kind": "account", "name": f"{number} {payload}"[:100], "sharing": "private",
                "show_as_tag": True, "state": {"columns": ["name"]}}  # fmt: skip
        made.append((boss, f"/crm/views/{boss.post('/crm/views', body)['id']}"))
        body = {"name": f"{unique} {payload}"[:80]}
        made.append((root, f"/crm/industries/{root.post('/crm/industries', body)['id']}"))
    issue = prepared.issue(f"{unique} {PAYLOADS[1]}")
    prepared.link(issue, accounts[0])
    yield {"accounts": accounts, "issue": issue}
    for person, path in made:
        person.delete(path)


def test_no_text_that_a_person_wrote_is_run(
    enter: Callable[..., Page], shell: Shell, planted: dict[str, Any], unique: str, tmp_path: Path
) -> None:
    hits: list[str] = []
    first, second = (one["id"] for one in planted["accounts"][:2])
    page = enter("boss", shell.crm(f"/accounts?q={unique}"))
    page.expose_function("crmHit", lambda *_: hits.append(page.url))
    page.on("dialog", lambda dialog: (hits.append(page.url), dialog.dismiss()))
    page.evaluate(HIT)
    assert len(hits) == 1  # what a script that ran would have done
    hits.clear()
    tabs = ("people", "data", "work", "relations", "timeline", "history", "files", "privacy")
    for path in (
        f"/accounts?q={unique}",
        f"/accounts?q={unique}&group_by=city",
        *(f"/accounts/{first}?tab={tab}" for tab in tabs),
        f"/accounts/{first}/edit",
        f"/accounts/merge?ids={first},{second}",
        f"/contacts?q={unique}",
        f"/tickets?q={unique}",
        "/bin",
        "/settings",
    ):
        page.goto(shell.crm(path))
        page.locator("taiga-crm h1").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert page.locator("taiga-crm").evaluate(_inside(LIVE)) == [], path
    _files(page, shell, first, tmp_path)
    page.goto(f"/project/{shell.project}/issue/{planted['issue']['ref']}")
    expect(page.locator("taiga-crm-ticket").get_by_text(unique).first).to_be_visible()
    assert page.locator("taiga-crm-ticket").evaluate(_inside(LIVE)) == []
    assert hits == []


def _inside(script: str) -> str:
    return f"one => ({script})(one.shadowRoot || one)"


def _files(page: Page, shell: Shell, account: int, folder: Path) -> None:
    """A picture or a page that carries a script is offered for download, never shown."""
    names = {
        f"<img src=x onerror={HIT}>.txt": f"<script>{HIT}</script>",
        "picture.svg": f"<svg xmlns='http://www.w3.org/2000/svg' onload='{HIT}'/>",
        "page.html": f"<script>{HIT}</script>",
    }
    page.goto(shell.crm(f"/accounts/{account}?tab=files"))
    for name, text in names.items():
        (folder / name).write_text(text)
        page.locator("taiga-crm .drop-zone input[type=file]").set_input_files(folder / name)
        expect(page.locator("taiga-crm .file-row", has_text=name)).to_be_visible()
    page.locator("taiga-crm").get_by_role("button", name="onerror").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("taiga-crm").evaluate(_inside(LIVE)) == []
