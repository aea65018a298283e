"""The page about what a new entity gets tells what there is: every URL, every word, the example."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from taiga_crm.api import router
from taiga_crm.api.privacy import privacy_urls
from taiga_crm.api.record_page import page_urls
from taiga_crm.api.streams import stream_urls
from taiga_crm.api.vcards import vcard_urls
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/what-a-new-entity-gets-for-free.md").read_text()
CALL = re.compile(r"`([A-Z]+) <path>([^`]*)`")
ID = r"\(\?P<\w+>\[0-9\]\{1,19\}\)"


def calls_of(entity: Entity) -> set[tuple[str, str]]:
    """Return (method, address) of everything that is derived for an entity but its actions."""
    urls = [*router.entity_urls(entity), *page_urls(entity), *stream_urls(entity)]
    urls += privacy_urls(entity)
    if entity.vcard is not None:
        urls += vcard_urls()
    found = set()
    for url in urls:
        pattern = re.sub(ID, "<id>", str(url.pattern)).replace("\\", "")
        if not re.match(rf"\^{entity.path}(/|\$)", pattern):
            continue
        tail = pattern.strip("^$").removeprefix(entity.path)
        if tail.removeprefix("/<id>/") in {action.name for action in entity.actions}:
            continue
        found |= {(method, tail) for method in methods_of(url.callback)}
    return found


def methods_of(view: object) -> set[str]:
    """Return the methods of a view, generated or written by hand."""
    actions = getattr(view, "actions", None)
    names = actions or [name for name in ("get", "post", "put", "patch", "delete")
                        if hasattr(view.cls, name)]  # type: ignore[attr-defined]  # fmt: skip
    return {name.upper() for name in names} - {"HEAD"}


def test_every_url_on_the_page_exists_and_every_derived_url_is_on_the_page() -> None:
    told = set(CALL.findall(PAGE)) - {("POST", "/<id>/<action>")}
    there = set().union(*(calls_of(entity) for entity in entities()))
    assert told == there


def test_every_word_of_a_declaration_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", PAGE))
    assert [one.name for one in fields(Entity) if one.name not in explained] == []


def test_the_example_is_the_declaration_that_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert example == (ROOT / "taiga_crm/entities/account_group.py").read_text()


@pytest.mark.parametrize("entity", entities(), ids=lambda entity: entity.key)
def test_the_lines_that_switch_urls_on_do_so_and_nothing_else_does(entity: Entity) -> None:
    there = calls_of(entity)
    switched = {
        ("GET", "/tree"): bool(entity.tree),
        ("POST", "/<id>/members"): entity.members is not None,
        ("GET", "/duplicates"): bool(entity.duplicate_by),
        ("GET", "/vcards"): entity.vcard is not None,
        ("POST", "/bulk"): entity.is_record,
        ("GET", "/<id>/attachments"): entity.is_record,
        ("GET", "/<id>/consents"): entity.person is not None,
        ("GET", "/new"): "add" in entity.rules,
        ("DELETE", "/<id>"): "delete" in entity.rules,
    }
    assert {call: call in there for call in switched} == switched
