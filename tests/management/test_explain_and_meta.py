"""What is derived from the declarations is kept as text, so that a review shows every effect.

Renew with `make snapshots`, then read the difference.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from taiga_crm.management.commands.crm_meta import SNAPSHOT, meta_text
from taiga_crm.management.explaining import explain
from taiga_crm.management.snapshots import drift, renew
from taiga_crm.registry.catalog import entities, entity

SNAPSHOTS = Path(__file__).resolve().parent.parent / "snapshots"
KEYS = [one.key for one in entities()]


@pytest.mark.parametrize("key", KEYS)
def test_the_explanation_of_an_entity_is_as_reviewed(key: str) -> None:
    assert explain(entity(key)) == (SNAPSHOTS / f"explain_{key}.txt").read_text(encoding="utf-8")


def test_every_explanation_belongs_to_an_entity() -> None:
    kept = {path.stem.removeprefix("explain_") for path in SNAPSHOTS.glob("explain_*.txt")}
    assert kept == set(KEYS)


def test_the_meta_of_the_front_is_current() -> None:
    if not SNAPSHOT.parent.parent.exists():
        pytest.skip("the sources of the front end are not here")
    assert drift(SNAPSHOT, meta_text()) == ""


def test_meta_is_english_sorted_json_whatever_language_is_active() -> None:
    with translation.override("ko"):
        meta = json.loads(meta_text())
    assert meta["order"] == KEYS
    assert meta["entities"]["account"]["label"] == "Account"
    assert list(meta["entities"]) == sorted(KEYS)


def test_crm_meta_prints_the_meta() -> None:
    out = io.StringIO()
    call_command("crm_meta", stdout=out)
    assert out.getvalue() == meta_text()


def test_crm_explain_takes_one_or_all_entities() -> None:
    one, every = io.StringIO(), io.StringIO()
    call_command("crm_explain", "contact", stdout=one)
    call_command("crm_explain", stdout=every)
    assert one.getvalue() == explain(entity("contact"))
    assert every.getvalue() == "".join(explain(one) for one in entities())


def test_crm_explain_refuses_an_unknown_entity_and_names_the_known_ones() -> None:
    with pytest.raises(CommandError, match="No entity acount. There are: account, contact"):
        call_command("crm_explain", "acount", stdout=io.StringIO())


def test_the_explanation_tells_fields_rules_urls_and_indexes() -> None:
    text = explain(entity("account"))
    for part in (
        "first_name                 text       First name",
        "when type.has_first_name",
        "GET, PATCH, DELETE   /api/v1/crm/accounts/{id}",
        "POST                 /api/v1/crm/accounts/{id}/favorite",
        "index crm_account_projects: project_ids",
        "view_account, add_account, change_account, delete_account",
    ):
        assert part in text


def test_a_list_without_write_rules_offers_nothing_to_edit() -> None:
    fields = json.loads(meta_text())["entities"]["ticket"]["fields"]
    assert {field["name"] for field in fields if field["editable_inline"]} == set()
    assert {field["name"] for field in fields if not field["read_only"]} == set()


def test_a_snapshot_is_renewed_only_when_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "text.txt"
    assert drift(path, "a\n").endswith("text.txt is missing: make snapshots")
    assert renew(path, "a\n") is True
    assert drift(path, "a\n") == ""
    assert renew(path, "a\n") is False
    assert drift(path, "b\n").endswith("text.txt is not current: make snapshots")
