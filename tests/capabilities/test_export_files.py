"""Files of lists: XLSX with real cells, all columns, groups as on the screen (R16)."""

import datetime

import pytest
from asking import book_of, exported, got, sheet_of, values_of
from openpyxl.utils.escape import unescape
from records import industry, make_account, make_crm_project, make_worker, set_rules

from taiga_crm.models import AccountEmail, AccountGroup, AccountGroupMember, AccountPhone

pytestmark = pytest.mark.django_db

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠1", "'=1", "''=1")


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project))


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


def test_a_row_with_two_groups_stands_in_both_as_on_the_screen(client, project):
    groups = [AccountGroup.objects.create(name=name) for name in ("Asia", "Keen")]
    both, one, _none = (make_account(name, project) for name in "ABC")
    for group, account in ((groups[0], both), (groups[1], both), (groups[1], one)):
        AccountGroupMember.objects.create(group=group, account=account)
    params = {"group_by": "groups", "fields": "name"}
    rows = exported(client, "accounts", **params)
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("Asia (1)", ""), ("Asia, Keen", "A"), ("Keen (2)", ""), ("Asia, Keen", "A"), ("Keen", "B"),
        ("(empty) (1)", ""), ("", "C"), ("Total (3)", ""),
    ]  # fmt: skip
    shown = got(client.get("accounts/groups", {"group_by": "groups"}))["groups"]
    assert [(one["label"], one["count"]) for one in shown] == [
        ("Asia", 1), ("Keen", 2), ("(empty)", 1)]  # fmt: skip
    assert len(values_of(sheet_of(client, **params))) == len(rows)


@pytest.mark.feature("F139")
def test_an_account_of_two_groups_stands_in_both(client, project):
    one, two = (AccountGroup.objects.create(name=name) for name in ("Zed one", "Zed two"))
    both, none = make_account("Both", project, employees=5), make_account("None", project)
    both.groups.set([one, two])
    make_account("Single", project, employees=2).groups.set([two])
    params = {"group_by": "groups", "fields": "name,employees"}
    assert exported(client, "accounts", **params) == [
        ["Groups", "Account", "Employees"],
        ["Zed one (1)", "", "5"],
        ["Zed one, Zed two", "Both", "5"],
        ["Zed two (2)", "", "7"],
        ["Zed one, Zed two", "Both", "5"],
        ["Zed two", "Single", "2"],
        ["(empty) (1)", "", ""],
        ["", none.name, ""],
        ["Total (3)", "", "7"],
    ]
    assert len(values_of(sheet_of(client, **params))) == 9
    state = str(both.type_id)
    set_rules("account", {"field": "groups", "effect": "hidden", "states": [state]})
    groups = got(client.get("accounts/groups", {"group_by": "groups"}))["groups"]
    assert [(one["label"], one["count"], one["totals"]["employees"]) for one in groups] == [
        ("(empty)", 3, 7)
    ]
    rows = exported(client, "accounts", **params)
    assert [row[0] for row in rows] == ["Groups", "(empty) (3)", "", "", "", "Total (3)"]


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
