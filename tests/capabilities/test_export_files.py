"""Files of lists: XLSX with real cells, all columns, groups as on the screen (R16)."""

import csv
import datetime
import io
import zipfile
from urllib.parse import unquote

import openpyxl
import pytest
from asking import exported, got
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl.utils.escape import unescape
from records import industry, link, make_account, make_contact, make_crm_project, make_worker

from factories import make_issue, make_user
from taiga_crm import conf as configuration
from taiga_crm.api.downloads import attachment
from taiga_crm.capabilities import exporting
from taiga_crm.models import AccountEmail, AccountPhone
from taiga_crm.registry.catalog import entity

pytestmark = pytest.mark.django_db

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠1", "'=1", "''=1")


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project))


@pytest.fixture
def configured(settings):
    def change(**values):
        settings.TAIGA_CRM = {**getattr(django_settings, "TAIGA_CRM", {}), **values}
        configuration.conf.cache_clear()

    yield change
    configuration.conf.cache_clear()


def content_of(client, path, **params):
    answer = client.get(path, params)
    assert answer.status_code == 200, answer.content
    return answer, b"".join(answer.streaming_content)


def book_of(client, path="accounts", **params):
    """Return the workbook of an export, read by another program's library."""
    _answer, content = content_of(client, f"{path}/export.xlsx", **params)
    return openpyxl.load_workbook(io.BytesIO(content))


def sheet_of(client, path="accounts", **params):
    return book_of(client, path, **params).worksheets[0]


def values_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_cells_have_the_types_of_their_fields(client, project):
    moment = datetime.datetime(2026, 3, 10, 9, 5, 7, tzinfo=datetime.timezone.utc)
    make_account(
        "Acme", project, employees=12, is_key=True, country="NO", created_at=moment,
        annual_revenue="1234.50", annual_revenue_currency="EUR", vat_number="0012345678901234567",
        industry=industry("Software"), founded_year=1999,
    )  # fmt: skip
    make_account("Yen", project, annual_revenue="500", annual_revenue_currency="JPY")
    names = "name,employees,is_key,country,created_at,annual_revenue,vat_number,industry"
    rows = values_of(sheet_of(client, fields=names))
    assert rows[0] == [
        "Account", "Employees", "Key account", "Country", "Created", "Annual revenue",
        "Annual revenue (currency)", "VAT number", "Industry",
    ]  # fmt: skip
    naive = moment.replace(tzinfo=None)
    assert rows[1] == ["Acme", 12, True, "Norway", naive, 1234.5, "EUR",
                       "0012345678901234567", "Software"]  # fmt: skip
    assert rows[2][1:3] == [None, False]
    assert rows[2][5:7] == [500, "JPY"]


def test_amounts_show_the_decimals_of_their_currency_and_long_numbers_stay_texts(client, project):
    make_account("Eur", project, annual_revenue="12345678901234.5678",
                 annual_revenue_currency="EUR", vat_number="12345678901234567890")  # fmt: skip
    make_account("Yen", project, annual_revenue="500", annual_revenue_currency="JPY")
    sheet = sheet_of(client, fields="name,annual_revenue,vat_number")
    assert sheet["B2"].value == "12345678901234.5678"
    assert (sheet["D2"].value, sheet["D2"].number_format) == ("12345678901234567890", "@")
    assert sheet["B3"].number_format == "#,##0"


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_a_text_in_both_files_and_comes_back_as_typed(client, project, text):
    make_account(text, project, city=text)
    sheet = sheet_of(client, fields="name,city")
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [(text, "s"), (text, "s")]
    if not text.startswith("'"):
        assert sheet["A2"].quotePrefix
    row = exported(client, "accounts", fields="name,city")[1]
    assert row == [f"'{text}", f"'{text}"]


@pytest.mark.parametrize(
    "text",
    ["a<b>&\"'", "_x0041_", " spaces ", "two\nlines", "tab\tinside", "한빛 株式会社 Ñ 😀", "00123",
     "\ufeffmark", "1e5", "TRUE", "carriage\rreturn"],
)  # fmt: skip
def test_any_text_comes_back_from_the_sheet(client, project, text):
    make_account("Acme", project, description=text)
    assert unescape(sheet_of(client, fields="name,description")["B2"].value) == text


def test_the_sheet_is_ready_for_work(client, project):
    make_account("A name that is quite long, to make its column wide", project)
    book = book_of(client, fields="name,city")
    sheet = book.worksheets[0]
    assert (sheet.title, sheet.freeze_panes) == ("Accounts", "A2")
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width > 45
    assert sheet.column_dimensions["B"].width < 12
    about = dict(values_of(book.worksheets[1]))
    assert about["List"] == "Accounts"
    assert about["Rows"] == "1"
    assert "Not complete" not in about


def test_an_empty_list_is_a_file_with_a_header(client):
    assert values_of(sheet_of(client, fields="name,city")) == [["Account", "City"]]
    assert exported(client, "accounts", fields="name,city") == [["Account", "City"]]


def test_a_sheet_of_several_chunks_has_every_row_in_order(client, project):
    from taiga_crm.models import Account, AccountType

    kind = AccountType.objects.order_by("pk").first() or make_account("x", project).type
    Account.objects.all().delete()
    names = [f"Account {number:04}" for number in range(4_500)]
    Account.objects.bulk_create(
        Account(type=kind, first_name=one, name=one, project_ids=[project.pk]) for one in names
    )
    assert [row[0] for row in values_of(sheet_of(client, fields="name"))[1:]] == names
    assert [row[0] for row in exported(client, "accounts", fields="name")[1:]] == names


def test_the_same_rows_and_columns_as_in_the_list(client, project):
    for name, city in (("A", "Oslo"), ("B", "Bergen"), ("C", "Oslo")):
        make_account(name, project, city=city)
    found = values_of(sheet_of(client, fields="city,name", sort="-name", city="Oslo"))
    assert found == [["City", "Account"], ["Oslo", "C"], ["Oslo", "A"]]
    assert client.get("accounts/export.xlsx", {"fields": "nothing"}).status_code == 400
    assert client.get("accounts/export.xlsx", {"sort": "nothing"}).status_code == 400


def test_all_columns_hold_every_mail_and_phone_and_the_reader_s_projects(api, client, project):
    other = make_crm_project("Zenith")
    account = make_account("Acme", project, other)
    for place, value in enumerate(("b@x.no", "a@x.no")):
        AccountEmail.objects.create(
            account=account, value=value, key=value, is_primary=place == 1, position=place
        )
    AccountPhone.objects.create(account=account, value="+4722334455", key="+4722334455")
    header, row = exported(client, "accounts", fields="*")
    found = dict(zip(header, row, strict=True))
    assert found["E-mails"] == "a@x.no, b@x.no"
    assert found["Phones"] == "'+4722334455"
    assert found["Projects"] == "Aurora"
    both = make_worker(other, user=make_worker(project))
    header, row = exported(api(both), "accounts", fields="*")
    assert dict(zip(header, row, strict=True))["Projects"] == "Aurora, Zenith"
    assert len(header) == len(set(header)) > 25


def test_groups_are_lines_with_their_totals_above_their_rows(client, project):
    money = {"annual_revenue_currency": "EUR"}
    make_account("B", project, city="Oslo", annual_revenue=5, employees=2, **money)
    make_account("A", project, city="Oslo", annual_revenue=7, **money)
    make_account("C", project, city="Bergen", annual_revenue=1, annual_revenue_currency="USD")
    make_account("D", project, annual_revenue=3, **money)
    params = {"group_by": "city", "fields": "name,annual_revenue,employees"}
    assert exported(client, "accounts", **params) == [
        ["City", "Account", "Annual revenue", "Employees"],
        ["Bergen (1)", "", "1.00 USD", ""],
        ["Bergen", "C", "1.00 USD", ""],
        ["Oslo (2)", "", "12.00 EUR", "2"],
        ["Oslo", "A", "7.00 EUR", ""],
        ["Oslo", "B", "5.00 EUR", "2"],
        ["'(empty) (1)".removeprefix("'"), "", "3.00 EUR", ""],
        ["", "D", "3.00 EUR", ""],
        ["Total (4)", "", "15.00 EUR; 1.00 USD", "2"],
    ]
    sheet = sheet_of(client, **params)
    rows = values_of(sheet)
    assert rows[3] == ["Oslo (2)", None, 12, "EUR", 2]
    assert rows[4] == ["Oslo", "A", 7, "EUR", None]
    assert rows[8] == ["Total (4)", None, "15.00 EUR; 1.00 USD", None, 2]
    assert [sheet.row_dimensions[number].outlineLevel for number in (2, 3, 4, 5)] == [0, 1, 0, 1]
    assert sheet["A4"].font.bold


@pytest.mark.parametrize("group", ["created_at:month", "type", "is_key", "country"])
def test_every_group_is_there_once_and_no_row_is_lost(client, project, group):
    for number in range(12):
        make_account(
            f"Account {number}", project, country=("NO", "", "KR")[number % 3],
            is_key=number % 2 == 0, created_at=datetime.datetime(
                2026, 1 + number % 4, 5, tzinfo=datetime.timezone.utc),
        )  # fmt: skip
    rows = exported(client, "accounts", group_by=group, fields="name")[1:-1]
    heads = [row[0] for row in rows if row[1] == ""]
    assert len(heads) == len(set(heads))
    assert [row[1] for row in rows if row[1]] != []
    assert sum(int(one.rpartition("(")[2][:-1]) for one in heads) == 12
    assert len(rows) - len(heads) == 12
    shown = got(client.get("accounts/groups", {"group_by": group}))["groups"]
    assert heads == [f"{one['label']} ({one['count']})" for one in shown]


def test_a_cut_file_says_so_in_its_name_its_headers_and_on_its_second_sheet(
    client, project, configured
):
    for number in range(5):
        make_account(f"Account {number}", project)
    configured(max_export_rows=3)
    assert len(exported(client, "accounts", fields="name")) == 4
    answer, content = content_of(client, "accounts/export.xlsx", fields="name")
    assert answer["X-Export-Rows"] == "3"
    assert answer["X-Export-Complete"] == "false"
    assert "Accounts (first 3 rows).xlsx" in answer["Content-Disposition"]
    about = dict(values_of(openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]))
    assert about["Not complete"].startswith("This file was cut after 3 rows")
    configured(max_export_rows=5)
    answer, _content = content_of(client, "accounts/export.csv", fields="name")
    assert (answer["X-Export-Rows"], answer["X-Export-Complete"]) == ("5", "true")
    assert answer["Content-Disposition"] == 'attachment; filename="Accounts.csv"'


def test_a_file_has_its_name_in_the_reader_s_language(api, project):
    make_account("Acme", project)
    answer, content = content_of(api(make_worker(project), lang="ko"), "accounts/export.csv")
    name = unquote(answer["Content-Disposition"].partition("filename*=UTF-8''")[2])
    assert name.endswith(".csv")
    assert not name.isascii()
    header = next(csv.reader(io.StringIO(content.decode())))
    assert not any(cell.isascii() for cell in header[1:3])


@pytest.mark.parametrize(
    "name,sent",
    [
        ("Accounts.csv", 'attachment; filename="Accounts.csv"'),
        ("거래처.csv",
         "attachment; filename=\"_.csv\"; filename*=UTF-8''%EA%B1%B0%EB%9E%98%EC%B2%98.csv"),
        ('a"b\r\nX: 1.csv', 'attachment; filename="a_b__X_ 1.csv"'),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
        ("", 'attachment; filename="file"'),
    ],
)  # fmt: skip
def test_a_name_cannot_break_out_of_its_header(name, sent):
    assert attachment(name) == sent


def test_a_list_that_takes_too_long_is_refused_before_the_first_byte(client, project, configured):
    from taiga_crm.models import Account

    make_account("Acme", project)
    kind = Account.objects.get().type
    Account.objects.bulk_create(
        Account(type=kind, first_name=str(one), name=str(one), project_ids=[project.pk])
        for one in range(5_000)
    )
    configured(export_timeout_ms=1)
    answer = client.get("accounts/export.csv", {"fields": "*", "sort": "-description"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")


def test_every_export_is_told_with_who_what_and_how_much(api, project, monkeypatch):
    told, person = [], make_worker(project)
    client = api(person)
    monkeypatch.setattr(exporting, "_listeners", [])
    exporting.listen(lambda entity, user, count, format: told.append((entity.key, count, format)))
    make_account("Acme", project)
    exported(client, "accounts", fields="name")
    assert told == [("account", 1, "csv")]
    chunks = exporting.open_export(entity("account"), person, {"fields": "name"}, "xlsx").chunks
    next(chunks)
    chunks.close()  # the person stops the download
    assert told[1:] == [("account", 1, "xlsx")]
    assert client.get("accounts/export.csv", {"fields": "nothing"}).status_code == 400
    assert len(told) == 2


def test_links_that_the_person_may_not_see_are_empty_in_the_sheet(api, client, project):
    keeper = make_worker(project)
    secret = make_account("Zq7xSecret", project, created_by=keeper, is_private=True)
    make_account("Child", project, parent=secret)
    root = api(make_user("root", is_superuser=True))
    _answer, content = content_of(root, "accounts/export.xlsx", fields="*")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert all(b"Zq7xSecret" not in archive.read(name) for name in archive.namelist())
    assert "Zq7xSecret" in str(values_of(sheet_of(api(keeper), fields="*")))


def test_tickets_and_contacts_are_exported_too(client, project):
    account = make_account("Acme", project)
    make_contact(account, "Kim")
    link(make_issue(project, "Printer"), account)
    assert "Kim" in str(values_of(sheet_of(client, "contacts", fields="*")))
    sheet = sheet_of(client, "tickets", fields="*")
    assert "Printer" in str(values_of(sheet))
    grouped = values_of(sheet_of(client, "tickets", group_by="account", fields="subject"))
    assert grouped[1:] == [["Acme (1)", None], ["Acme", "Printer"], ["Total (1)", None]]


def test_the_number_of_queries_does_not_grow_with_the_rows(client, project):
    def asked(format):
        with CaptureQueriesContext(connection) as queries:
            content_of(client, f"accounts/export.{format}", fields="*")
        return len(queries)

    few = []
    for number in range(30):
        account = make_account(f"Account {number}", project)
        AccountEmail.objects.create(account=account, value="a@b.c", key="a@b.c", is_primary=True)
        if number in (0, 1):
            few = [asked("csv"), asked("xlsx")]
    assert [asked("csv"), asked("xlsx")] == few
    assert max(few) <= 8
