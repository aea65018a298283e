"""Korean is complete, and what Django reads is what translators wrote.

Renew the catalogues with `make messages`, then translate what is new in the .po file.
"""

from __future__ import annotations

import ast
import importlib.util
import io
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils import translation

from taiga_crm.registry.catalog import entity, fields_of

ROOT = Path(__file__).resolve().parents[2]
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}


@pytest.fixture(scope="module")
def messages() -> Any:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_korean_translation_is_missing_fuzzy_or_has_other_placeholders(messages: Any) -> None:
    assert messages.untranslated(messages.updated("ko")) == []


def test_the_catalogue_has_exactly_the_messages_of_the_code(messages: Any) -> None:
    assert messages.po_path("ko").read_bytes() == messages.po_bytes(messages.updated("ko"))


def test_the_compiled_catalogue_equals_the_text(messages: Any) -> None:
    path = messages.po_path("ko")
    written = read_po(io.BytesIO(path.read_bytes()), locale="ko")
    with path.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert {m.id: m.string for m in compiled if m.id} == {m.id: m.string for m in written if m.id}


def test_no_message_hides_in_an_f_string_where_it_is_not_collected() -> None:
    hidden = []
    for path in (ROOT / "taiga_crm").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
                names = {n.func.id for n in calls if isinstance(n.func, ast.Name)}
                hidden += [f"{path.name}:{node.lineno}"] if names & GETTEXT else []
    assert hidden == []


def test_django_speaks_korean() -> None:
    with translation.override("ko"):
        assert str(entity("account").label) == "고객사"
        assert str(fields_of("account")["account_manager"].label) == "고객사 담당자"


@pytest.mark.django_db
def test_the_api_refuses_in_korean(api: Any, world: Any) -> None:
    with translation.override("en"):  # a request leaves its language active in the thread
        answer = api(world.people["seller"], lang="ko").post("contacts", {"first_name": "Kim"})
    assert answer.status_code == 400
    assert answer.json()["type"] == ["필수 항목입니다."]
