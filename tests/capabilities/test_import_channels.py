"""Columns of numbers and addresses: their headers say what they are, a person may say otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from asking import got
from imported import draft, import_lines
from records import fingerprint

from factories import make_user
from taiga_crm.capabilities.import_mapping import guess_mapping
from taiga_crm.capabilities.import_targets import targets_of
from taiga_crm.models import Account, Import
from taiga_crm.registry.catalog import entity

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


def guessed(*headers: str) -> list[tuple[Any, Any]]:
    """Return (field, type) of each header, between a name and the reasons."""
    of = entity("account")
    targets = targets_of(of, make_user(is_superuser=True))
    found = guess_mapping(of, targets, headers, [[] for _ in headers])
    return [(one["field"], one["options"].get("type")) for one in found]


@pytest.mark.parametrize(
    "header, kind",
    [
        ("Mobile", "mobile"), ("Mobile number", "mobile"), ("Cell", "mobile"),
        ("Cell Phone", "mobile"), ("Work phone", "work"), ("Business Phone 2", "work"),
        ("Phone (home)", "home"),
        ("Fax", "fax"), ("Fax no.", "fax"), ("Business Fax", "fax"), ("Home Fax", "fax"),
        ("Other Phone", "other"), ("Phone", None), ("Phone 2", None), ("Tel.", None),
        ("휴대폰", "mobile"), ("휴대폰 번호", "mobile"), ("핸드폰번호", "mobile"), ("팩스", "fax"),
        ("팩스번호", "fax"), ("직장 전화", "work"), ("회사전화", "work"), ("집전화", "home"),
        ("자택 전화번호", "home"), ("전화번호", None),
        ("Handy", "mobile"), ("Mobiltelefon", "mobile"), ("Telefon geschäftlich", "work"),
        ("Telefon privat", "home"), ("Telefax", "fax"), ("Faxnummer", "fax"),
        ("Mobil", "mobile"), ("Mobilní telefon", "mobile"), ("Telefon domů", "home"),
        ("Telefon práce", "work"), ("携帯", "mobile"),
    ],
)  # fmt: skip
def test_the_header_of_a_number_tells_its_type(header: str, kind: str | None) -> None:
    assert guessed("name", header) == [("name", None), ("phones", kind)]


@pytest.mark.parametrize(
    "header, kind",
    [
        ("Work e-mail", "work"), ("E-mail (home)", "home"), ("E-mail 2 Address", None),
        ("Private E-Mail", "home"), ("회사 이메일", "work"), ("개인 이메일", "home"),
        ("Other e-mail", "other"), ("E-mail", None),
    ],
)  # fmt: skip
def test_the_header_of_an_e_mail_tells_its_type(header: str, kind: str | None) -> None:
    assert guessed("name", header) == [("name", None), ("emails", kind)]


@pytest.mark.parametrize(
    "header",
    ["Home", "Work", "Office", "Business", "Number", "회사 주소", "Home page", "Direct", "Other"],
)
def test_a_type_alone_is_no_number(header: str) -> None:
    ((field, kind),) = guessed(header)
    assert (field in ("phones", "emails"), kind) == (False, None)


def test_several_columns_go_into_one_field_each_with_its_type(admin: Any) -> None:
    lines = (
        "name,Phone,Mobile,Fax,Work e-mail,Home e-mail",
        "Acme,+1 212 555 0001,+1 212 555 0002; +1 212 555 0003,+1 212 555 0004,a@x.test,b@x.test",
    )
    import_lines(admin, *lines)
    account = Account.objects.get()
    assert list(account.phones.values_list("value", "type", "is_primary")) == [
        ("+1 212 555 0001", "work", True), ("+1 212 555 0002", "mobile", False),
        ("+1 212 555 0003", "mobile", False), ("+1 212 555 0004", "fax", False),
    ]  # fmt: skip
    assert list(account.emails.values_list("value", "type")) == [
        ("a@x.test", "work"), ("b@x.test", "home"),
    ]  # fmt: skip
    before = fingerprint(without=("taiga_crm_import", "taiga_crm_importrow"))
    assert import_lines(admin, *lines).outcomes == ["unchanged"]
    assert fingerprint(without=("taiga_crm_import", "taiga_crm_importrow")) == before


def test_a_known_number_gets_the_type_that_the_file_names_and_no_other(admin: Any) -> None:
    import_lines(admin, "name,Phone,Fax", "Acme,+1 212 555 0001,+1 212 555 0002")
    done = import_lines(admin, "name,Mobile", "Acme,+12125550001")
    assert done.outcomes == ["updated"]
    assert import_lines(admin, "name,Phone", "Acme,+12125550002").outcomes == ["unchanged"]
    rows = Account.objects.get().phones.values_list("value", "type", "is_primary")
    assert list(rows) == [("+1 212 555 0001", "mobile", True), ("+1 212 555 0002", "fax", False)]


def test_a_person_chooses_another_type_and_none_that_does_not_exist(api: Any, admin: Any) -> None:
    client, run = api(admin), draft(admin, b"name,Mobile,City\nAcme,+1 212 555 0001,Oslo\n")
    shown = got(client.get(f"imports/{run.pk}"))
    targets = {one["name"]: one["types"] for one in shown["targets"]}
    assert [one["value"] for one in targets["phones"]] == [
        "work", "mobile", "home", "fax", "other",
    ]  # fmt: skip
    assert (targets["emails"][0], targets["city"]) == ({"value": "work", "label": "Work"}, [])
    assert shown["columns"][1]["options"] == {"type": "mobile"}

    def choose(position: int, field: str, kind: str) -> Any:
        one = {"position": position, "field": field, "options": {"type": kind}}
        return client.patch(f"imports/{run.pk}", {"mapping": [one]})

    assert got(choose(1, "phones", "fax"))["columns"][1]["options"] == {"type": "fax"}
    for position, field, kind in (
        (1, "phones", "carrier"),
        (1, "emails", "fax"),
        (2, "city", "fax"),
    ):
        assert choose(position, field, kind).status_code == 400
    assert Import.objects.get().mapping[1]["options"] == {"type": "fax"}
