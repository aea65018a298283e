"""The documentation names what exists: files, settings, commands, keys."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.management import get_commands

from taiga_crm.conf import Conf
from taiga_crm.permissions.keys import GLOBAL_KEYS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", *(ROOT / "changes").glob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
KINDS = {"added", "changed", "fixed", "removed", "upgrade"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_install_page_explains_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", (DOCS / "install.md").read_text(), re.MULTILINE)
    told = dict(rows)
    for field in fields(Conf):
        assert field.name in told
        default = "the real Taiga" if field.name == "HOST" else f"`{field.default!r}`"
        assert told[field.name] == default.replace("'", '"')


def test_the_install_page_explains_every_global_key() -> None:
    text = (DOCS / "install.md").read_text()
    assert [key for key in GLOBAL_KEYS if f"| `{key}` |" not in text] == []


def test_every_command_that_the_documentation_names_exists() -> None:
    named = {
        name for page in PAGES for name in re.findall(r"crm_[a-z]+(?:_[a-z]+)*", page.read_text())
    }
    commands = {name for name, app in get_commands().items() if app.startswith("taiga_crm")}
    told = {name for name in named if name in commands}
    assert {name for name in commands if name.startswith("crm_")} <= told


def test_every_fragment_of_changes_has_a_known_kind() -> None:
    fragments = [path for path in (ROOT / "changes").glob("*.md") if path.name != "README.md"]
    assert fragments != []
    assert {path.suffixes[0].lstrip(".") for path in fragments} <= KINDS
