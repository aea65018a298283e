"""Exports: the list as shown, no formula runs, nothing is lost on the way back (R16)."""

import datetime

import pytest
from asking import exported, got
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imported import csv_lines
from records import make_account, make_contact, make_crm_project, make_worker

from taiga_crm.capabilities.cells import plain_cell, safe_cell
from taiga_crm.models import AccountEmail

pytestmark = pytest.mark.django_db

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project))


def test_an_export_is_utf_8_with_a_mark_and_names_its_file(client, project):
    make_account("Żółć 한빛", project)
    answer = client.get("accounts/export.csv", {"fields": "name"})
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"] == 'attachment; filename="Accounts.csv"'
    body = b"".join(answer.streaming_content)
    assert body == b"\xef\xbb\xbf" + "Account\r\nŻółć 한빛\r\n".encode()


def test_quotes_commas_and_lines_survive(client, project):
    names = ['say "hi"', "a,b", "two\nlines", "semi;colon"]
    for name in names:
        make_account(name, project)
    assert [row[0] for row in exported(client, "accounts", fields="name")[1:]] == sorted(names)


def test_columns_and_order_are_those_of_the_list(client, project):
    make_account("Two", project, city="Oslo", annual_revenue=5, annual_revenue_currency="EUR")
    one = make_account("One", project, is_key=True, country="NO")
    AccountEmail.objects.create(account=one, value="a@b.c", key="a@b.c", is_primary=True)
    rows = exported(
        client,
        "accounts",
        fields="name,city,country,annual_revenue,is_key,email,type",
        sort="-name",
    )
    assert rows == [
        ["Account", "City", "Country", "Annual revenue", "Key account", "E-mail", "Account type"],
        ["Two", "Oslo", "", "5.00 EUR", "no", "", "Company"],
        ["One", "", "Norway", "", "yes", "a@b.c", "Company"],
    ]


def test_an_export_has_all_rows_not_a_page(client, project):
    for number in range(60):
        make_account(f"Account {number:02}", project)
    assert len(exported(client, "accounts", page_size=10, fields="name")) == 61


def test_filters_and_search_narrow_an_export(client, project):
    make_account("Acme", project, city="Oslo")
    make_account("Bolt", project)
    assert exported(client, "accounts", fields="name", city="Oslo")[1:] == [["Acme"]]
    assert exported(client, "accounts", fields="name", q="bolt")[1:] == [["Bolt"]]


@pytest.mark.parametrize("start", DANGEROUS)
@pytest.mark.parametrize("before", ["", " =", "\u00a0", "\u3000", "'", "''"])
def test_no_cell_begins_with_a_formula(start, before):
    text = f"{before}{start}=cmd|' /C calc'!A0"
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Acme", "1234.50 EUR", "a=b", "2026-01-31", "", "(x)", "it's"])
def test_harmless_cells_stay_as_they_are(text):
    assert safe_cell(text) == text


def test_a_dangerous_name_is_escaped_in_the_file(client, project):
    make_account('=HYPERLINK("http://evil","x")', project, city="+1", description="-2")
    make_contact(make_account("@SUM(A1)", project), "=1+1")
    rows = exported(client, "accounts", fields="name,city,description")
    assert rows[1:] == [
        ['\'=HYPERLINK("http://evil","x")', "'+1", "'-2"], ["'@SUM(A1)", "", ""],
    ]  # fmt: skip
    assert exported(client, "contacts", fields="name,account")[1:] == [["'=1+1", "'@SUM(A1)"]]


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from("'=+-@ \t\nax＝\u3000"), max_size=6))
def test_escaping_loses_nothing(text):
    assert plain_cell(safe_cell(text)) == text


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_a_name_comes_back_from_the_file_as_it_was_typed(client, project, text):
    name = text.strip()
    if not name:
        return
    body = {"first_name": name, "projects": [project.pk]}
    body["type"] = got(client.get("accounts/new"))["type"]["id"]
    row = got(client.post("accounts", body), 201)
    shown = exported(client, "accounts", fields="name,description")
    assert name in [plain_cell(one[0]) for one in shown[1:]]
    client.delete(f"accounts/{row['id']}")


def test_a_phone_number_of_our_own_export_is_imported_again(client, project):
    account = make_account("Acme", project)
    client.patch(f"accounts/{account.pk}", {"version": 1, "phones": ["+47 22 33 44 55"]})
    row = exported(client, "accounts", fields="name,phone")[1]
    assert row == ["Acme", "'+47 22 33 44 55"]
    file = f"Name,Phone\n{row[0]},{row[1]}\n".encode()
    assert csv_lines(file)[1].cells == ("Acme", "+47 22 33 44 55")


def test_moments_are_exported_in_utc_as_the_api_writes_them(client, project):
    moment = datetime.datetime(2026, 3, 10, 9, 5, tzinfo=datetime.timezone.utc)
    make_account("Acme", project, created_at=moment)
    assert exported(client, "accounts", fields="created_at")[1:] == [["2026-03-10T09:05:00Z"]]
