"""Imports of any kind: links by natural key, several values, what is made, who is told."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from customs import define
from hypothesis import given
from hypothesis import strategies as st
from imported import import_lines
from records import (
    employee,
    fingerprint,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    personal,
    set_rules,
)

from factories import make_user
from taiga_crm.capabilities.import_order import plan
from taiga_crm.kernel.written_dates import order_of, read_day
from taiga_crm.models import (
    Account,
    AccountGroup,
    Contact,
    Follower,
    HistoryEntry,
    Industry,
    Notification,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


def test_contacts_find_their_accounts_by_name_mail_and_number(admin: Any) -> None:
    employee()
    import_lines(admin, "name,email,vat", "Acme s.r.o.,info@acme.test,CZ 123456", "Twin,,")
    make_account("Twin Ltd")
    done = import_lines(
        admin, "First name,Last name,Company,E-mail 1,E-mail 2,Phone", "Jan,Novák,ACME,j@x.test,"
        "k@x.test,+420 777 123 456", "Eva,Malá,info@acme.test,e@x.test,,", "Jo,Doe,CZ123456,,,",
        "Al,Ert,Twin,,,", "No,Body,Nowhere,,,", kind="contact",
    )  # fmt: skip
    assert done.counts["created"] == 5
    assert dict(Contact.objects.values_list("last_name", "account__name")) == {
        "Novák": "Acme s.r.o.", "Malá": "Acme s.r.o.", "Doe": "Acme s.r.o.", "Ert": None,
        "Body": None,
    }  # fmt: skip
    assert done.told == [
        (5, "created", "2 records have this name. The value was left out."),
        (6, "created", "This is not known. The value was left out."),
    ]
    jan = Contact.objects.get(last_name="Novák")
    assert [(e.value, e.is_primary) for e in jan.emails.all()] == [
        ("j@x.test", True), ("k@x.test", False),
    ]  # fmt: skip
    assert Contact.objects.filter(account__name="Acme s.r.o.", is_primary=True).count() == 1


def test_a_second_import_of_contacts_changes_nothing(admin: Any) -> None:
    employee()
    lines = ("name,company,email", "Jan Novák,Acme,j@x.test", "Eva Malá,Acme,", "Eva Malá,Beta,")
    options = {"kind": "contact", "create_missing": ["account"]}
    first = import_lines(admin, *lines, **options)
    assert (first.outcomes, Account.objects.count()) == (["created"] * 3, 2)
    own = ("taiga_crm_import", "taiga_crm_importrow")
    before = fingerprint(without=own)
    assert import_lines(admin, *lines, **options).outcomes == ["unchanged"] * 3
    assert fingerprint(without=own) == before


def test_what_links_name_is_made_once_and_only_where_told(admin: Any) -> None:
    project = make_crm_project("Aurora")
    lines = ("name,company", "A B,New Ltd", "C D,NEW", "E F,New Ltd")
    done = import_lines(
        admin, *lines, kind="contact", create_missing=["account"], project=project.pk
    )
    account = Account.objects.get()
    assert (account.name, account.project_ids) == ("New Ltd", [project.pk])
    assert Contact.objects.filter(account=account).count() == 3
    assert done.run.made == [{"kind": "account", "id": account.pk}]


def test_an_account_of_a_type_with_two_names_splits_the_whole_name(admin: Any) -> None:
    personal()
    import_lines(admin, "name,type", "Jan Karel Novák,Personal")
    account = Account.objects.get()
    assert (account.first_name, account.last_name) == ("Jan Karel", "Novák")


def test_values_of_every_kind_are_read_as_people_write_them(admin: Any) -> None:
    options = [{"value": "gold", "label": "Gold", "labels": {"ko": "금"}},
               {"value": "tin", "label": "Tin", "labels": {}}]  # fmt: skip
    define("choice", "Metal", by=admin, name="cf_metal", options=options)
    define("tags", "Metals", by=admin, name="cf_metals", options=options)
    define("boolean", "Paid", by=admin, name="cf_paid")
    define("date", "Since", by=admin, name="cf_since")
    define("decimal", "Share", by=admin, name="cf_share")
    for name in ("Key", "Czechia"):
        AccountGroup.objects.get_or_create(name=name)
    done = import_lines(
        admin, "name;Metal;Metals;Paid;Since;Share;Groups;Manager",
        "A;금;Gold, 금|tin;ano;31.12.2023;1.234,5;Key, Czechia;root",
        "B;golld;lead;perhaps;12/31/2023;x;Nope;nobody",
    )  # fmt: skip
    one = Account.objects.get(name="A")
    assert one.custom == {
        "cf_metal": "gold", "cf_metals": ["gold", "tin"], "cf_paid": True,
        "cf_since": "2023-12-31", "cf_share": "1234.5",
    }  # fmt: skip
    assert sorted(one.groups.values_list("name", flat=True)) == ["Czechia", "Key"]
    assert one.account_manager == admin
    assert [reason for line, _outcome, reason in done.told if line == 3] == [
        "Read as Gold.",
        "This is not one of the choices. The value was left out.",
        "Yes or no is expected. The value was left out.",
        "A number is expected. The value was left out.",
        "This is not known. The value was left out.",
        "This is not known. The value was left out.",
    ]


def test_modes_and_keys_decide_what_becomes_of_known_and_new_records(admin: Any) -> None:
    import_lines(admin, "name,VAT,city", "Acme,CZ1,Oslo")
    lines = ("name,VAT,city", "Renamed,CZ 1,Rome", "New,CZ2,Rome")
    assert import_lines(admin, *lines, key="vat_number", mode="create").outcomes == [
        "skipped", "created",
    ]  # fmt: skip
    done = import_lines(admin, *lines, key="vat_number", mode="update")
    assert done.outcomes == ["updated", "unchanged"]
    acme = Account.objects.get(vat_number="CZ 1")
    assert (acme.name, acme.city) == ("Renamed", "Rome")
    numbered = import_lines(
        admin, "crm id,city", f"{acme.pk},Bonn", "999999,Bonn", "x,Bonn", key="id", mode="update"
    )
    assert numbered.outcomes == ["updated", "skipped", "skipped"]
    assert numbered.told[0][2] == "There is no such record."


def test_empty_cells_clear_only_when_they_are_told_to(admin: Any) -> None:
    import_lines(admin, "name,city,email,VAT", "Acme,Oslo,a@x.test,CZ1")
    assert import_lines(admin, "name,city,email", "Acme,,").outcomes == ["unchanged"]
    cleared = import_lines(admin, "name,city,email", "Acme,,", empty="clear")
    acme = Account.objects.get()
    assert (cleared.outcomes, acme.city, acme.emails.count()) == (["updated"], "", 0)
    assert acme.vat_number == "CZ1"


def test_a_hidden_record_and_none_at_all_get_the_same_answer(admin: Any) -> None:
    project, other = make_crm_project("Aurora"), make_crm_project("Nimbus")
    seller = make_worker(project, "sally")
    hidden = make_account("Secret", other, vat_number="CZ9", vat_key="cz9")
    lines = ("name,parent,VAT", "Mine,Secret,", "Ours,Nowhere,")
    done = import_lines(seller, *lines, project=project.pk)
    assert len({reason for _line, _outcome, reason in done.told}) == 1
    for number in (hidden.pk, 999_999):
        done = import_lines(seller, "crm id,city", f"{number},X", key="id", mode="update")
        assert done.told == [(2, "skipped", "There is no such record.")]
    hidden.refresh_from_db()
    assert (hidden.city, hidden.version) == ("", 1)


def test_field_rules_hold_for_every_row(admin: Any) -> None:
    project = make_crm_project("Aurora")
    seller = make_worker(project, "sally")
    set_rules("account", {"field": "city", "effect": "read_only"},
              {"field": "vat_number", "effect": "visible_to", "users": [admin.pk]},
              {"field": "website", "effect": "required"})  # fmt: skip
    done = import_lines(
        seller, "name,city,VAT,web", "A,Oslo,CZ1,a.test", "B,,,", project=project.pk
    )
    assert {one["field"] for one in done.run.mapping} == {"name", "website", None}
    assert done.outcomes == ["created", "skipped"]
    assert done.told == [(3, "skipped", "This field is required.")]
    assert (Account.objects.get().city, Account.objects.get().vat_number) == ("", "")


def test_each_person_hears_once_of_an_import(admin: Any) -> None:
    manager, follower = make_user("mia", is_superuser=True), make_user("finn", is_superuser=True)
    for number in range(30):
        account = make_account(f"Known {number}")
        Follower.objects.create(kind="account", object_id=account.pk, user=follower)
    lines = ["name,city,manager", *(f"Known {n},Oslo," for n in range(30)),
             *(f"New {n},Oslo,mia" for n in range(30))]  # fmt: skip
    done = import_lines(admin, *lines)
    assert (done.counts["created"], done.counts["updated"]) == (30, 30)
    assert Notification.objects.filter(user=manager).count() == 1
    assert Notification.objects.filter(user=follower).count() == 1
    assert Notification.objects.filter(user=admin).count() == 0
    assert Follower.objects.filter(user=manager).count() == 30
    assert HistoryEntry.objects.filter(kind="account", actor=admin).count() == 60


def test_short_lists_are_imported_too(admin: Any) -> None:
    before = Industry.objects.count()
    done = import_lines(admin, "name,position", "Alchemy,7", "Retail,", kind="industry")
    assert done.outcomes == ["created", "unchanged"]
    assert (Industry.objects.count(), Industry.objects.get(name="Alchemy").position) == (
        before + 1, 7,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text, order, day, is_sure",
    [
        ("31.1.2024", "", (2024, 1, 31), True), ("1/31/24", "", (2024, 1, 31), True),
        ("2024-01-31", "dmy", (2024, 1, 31), True), ("1/2/2024", "", (2024, 1, 2), False),
        ("1/2/2024", "dmy", (2024, 2, 1), True), ("1.2.2024", "", (2024, 2, 1), False),
        ("24/1/31", "ymd", (2024, 1, 31), True), ("31 Jan 2024", "", (2024, 1, 31), True),
        ("January 31st, 2024", "", (2024, 1, 31), True), ("20240131", "", (2024, 1, 31), True),
        ("2024년 1월 31일", "", (2024, 1, 31), True),
        ("2024-01-31T10:20:00Z", "", (2024, 1, 31), True),
        ("1. ledna 2024", "", (2024, 1, 1), True), ("1.1.70", "", (1970, 1, 1), True),
    ],
)  # fmt: skip
def test_days_are_read_in_many_forms(text: str, order: str, day: Any, is_sure: bool) -> None:
    found = read_day(text, order)
    assert (found.day, found.is_sure) == (datetime.date(*day), is_sure)


@pytest.mark.parametrize("text", ["", "31.2.2024", "soon", "1/2", "99999999", "13.13.2024"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the texts of datetime differ
        read_day(text)


def test_a_column_tells_the_order_of_its_dates() -> None:
    assert order_of(["1/2/2024", "31/1/2024"]) == "dmy"
    assert order_of(["1/2/2024", "1/31/2024"]) == "mdy"
    assert order_of(["1/31/2024", "31/1/2024"]) == order_of(["1/2/2024"]) == ""


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30))
def test_however_rows_name_each_other_the_order_has_no_circle(pairs: Any) -> None:
    rows = [(line, f"k{key}", f"k{above}") for line, (key, above) in enumerate(pairs, 2)]
    found = plan(rows)
    first = {}
    for line, key, above in rows:
        first.setdefault(key, (line, above))
    for key, (line, above) in first.items():
        if line in found.circles or above not in first:
            continue
        assert key != above
        assert found.levels.get(line, 0) == found.levels.get(first[above][0], 0) + 1


def test_a_chain_of_a_hundred_thousand_rows_is_ordered_at_once() -> None:
    rows = [(n, f"k{n}", f"k{n - 1}") for n in range(1, 100_001)]
    found = plan(rows)
    assert (max(found.levels.values()), len(found.deep)) == (50, 99_999 - 50)


def test_contacts_of_one_name_are_told_apart_by_their_account(admin: Any) -> None:
    one, other = make_account("One"), make_account("Other")
    make_contact(one, "Jo Doe"), make_contact(other, "Jo Doe")
    done = import_lines(admin, "name,company,title", "Jo Doe,Other,Boss", kind="contact")
    assert done.outcomes == ["updated"]
    assert dict(Contact.objects.values_list("account__name", "job_title")) == {
        "One": "", "Other": "Boss",
    }  # fmt: skip
