"""Files of lists: names, limits, what is told, and what stays hidden (R16, R23)."""

import csv
import io
import zipfile
from urllib.parse import unquote

import openpyxl
import pytest
from asking import content_of, exported, sheet_of, values_of
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import link, make_account, make_contact, make_crm_project, make_worker

from factories import make_issue, make_user
from taiga_crm.api.downloads import attachment
from taiga_crm.capabilities import exporting
from taiga_crm.models import AccountEmail
from taiga_crm.registry.catalog import entity

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project))


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
    exporting.listen(lambda done: told.append((done.entity.key, done.rows, done.format)))
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
        return len([one for one in queries if "SAVEPOINT" not in one["sql"]])

    few = []
    for number in range(30):
        account = make_account(f"Account {number}", project)
        AccountEmail.objects.create(account=account, value="a@b.c", key="a@b.c", is_primary=True)
        if number in (0, 1):
            few = [asked("csv"), asked("xlsx")]
    assert [asked("csv"), asked("xlsx")] == few
    assert max(few) <= 8  # two of them bound the time; one tells the security log
