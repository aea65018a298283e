"""Files as people really have them: titles, totals, shortened numbers, stray signs (F140)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from asking import got
from imported import Imported, draft, import_bytes, import_lines

from factories import make_user
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Account, Contact

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]
TABLE = ("Company,City,Phone", "Acme,Oslo,+47 22 33 44 55", "Beta,Rome,")
SHORTENED = (
    "A spreadsheet has shortened this number: its column must be text. The value was left out."
)


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


def sheet(fill: Callable[[Any, Any], None]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book, book.add_worksheet())
    book.close()
    return out.getvalue()


def cities() -> dict[str, str]:
    return dict(Account.objects.values_list("name", "city"))


def reasons(done: Imported) -> list[tuple[int, str]]:
    return [(line, reason) for line, _outcome, reason in done.told]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_text_of_a_spreadsheet_is_read_with_and_without_its_mark(
    admin: Any, encoding: str
) -> None:
    import_bytes(admin, "Company\tCity\r\nÅkesson\tMalmö\r\n한빛\t서울\r\n".encode(encoding))
    assert cities() == {"Åkesson": "Malmö", "한빛": "서울"}


def test_a_first_line_that_names_the_delimiter_is_no_header(admin: Any) -> None:
    done = import_bytes(admin, "sep=|\r\nFirma|Ort\r\nAlpha, Beta|Köln\r\n".encode("utf-8-sig"))
    assert [row.line for row in done.rows] == [3]
    assert cities() == {"Alpha, Beta": "Köln"}


@pytest.mark.parametrize(
    "above",
    [
        ("", "", ",,", " ; ;", ""),
        ("Customer list 2026", ""),
        ("Customer list 2026,,", "Exported,26.11.2026,", ",,"),
        ("거래처 목록",),
    ],
)
def test_the_header_may_stand_below_titles_and_empty_lines(
    admin: Any, above: tuple[str, ...]
) -> None:
    done = import_lines(admin, *above, *TABLE)
    assert [row.line for row in done.rows] == [len(above) + 2, len(above) + 3]
    assert cities() == {"Acme": "Oslo", "Beta": "Rome"}


def test_the_delimiter_is_found_below_a_title(admin: Any) -> None:
    import_lines(admin, "Customer list 2026", "Company;City", "Acme, Inc;Oslo", "Beta;Rome")
    assert cities() == {"Acme, Inc": "Oslo", "Beta": "Rome"}


def test_a_header_that_nobody_knows_is_the_first_line_with_several_cells(admin: Any) -> None:
    run = draft(admin, b"My list\n\nFoo,Bar\n1,2\n3,4\n")
    assert [one["header"] for one in run.columns] == ["Foo", "Bar"]
    run = draft(admin, b"Foo\nAcme, Inc\nBeta\nGamma\n")
    assert [one["header"] for one in run.columns] == ["Foo"]


def test_a_person_says_where_the_header_is(api: Any, admin: Any) -> None:
    client, run = api(admin), draft(admin, b"Foo,Bar\n\nSecond,Line\nAcme,Oslo\n")
    assert got(client.get(f"imports/{run.pk}"))["heading"] == 1
    shown = got(client.patch(f"imports/{run.pk}", {"heading": 3}))
    assert (shown["heading"], shown["row_count"]) == (3, 1)
    assert [one["header"] for one in shown["columns"]] == ["Second", "Line"]
    for wrong in (0, -1, "x", 10**9, 5):
        assert client.patch(f"imports/{run.pk}", {"heading": wrong}).status_code == 400
    assert got(client.get(f"imports/{run.pk}"))["heading"] == 3


def test_a_sheet_with_a_title_over_all_columns_and_a_total_is_read(admin: Any) -> None:
    def fill(_book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 3, "Customer list")
        page.write_row(2, 0, ["Company", "City", "Employees"])
        page.write_row(3, 0, ["Acme", "Oslo", 3])
        page.write_row(5, 0, ["Total: 1", "", 3])

    done = import_bytes(admin, sheet(fill))
    assert reasons(done) == [(6, "This looks like the line of totals.")]
    assert cities() == {"Acme": "Oslo"}


@pytest.mark.parametrize("name", ["Total", "Summe", "합계", "CELKEM:", "Grand total"])
def test_a_line_of_totals_becomes_no_record(admin: Any, name: str) -> None:
    done = import_lines(admin, "Company;City;Employees", "Acme;Oslo;1 200", f"{name};;1.200,00")
    assert reasons(done) == [(3, "This looks like the line of totals.")]
    assert cities() == {"Acme": "Oslo"}


def test_a_company_may_be_called_total(admin: Any) -> None:
    import_lines(admin, "Company,City,Employees", "Total,Paris,100000")
    import_lines(admin, "Company", "Sum")
    assert set(cities()) == {"Total", "Sum"}


def test_numbers_keep_the_zeros_and_results_that_people_see(admin: Any) -> None:
    def fill(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["Company", "Phone", "Postal code", "Employees", "VAT"])
        page.write_formula(1, 0, '=CONCATENATE("Ac","me")', None, "Acme")
        page.write_number(1, 1, 420777123456)
        page.write_number(1, 2, 1234, book.add_format({"num_format": "00000"}))
        page.write_formula(1, 3, "=1+2", None, 3)
        page.write_formula(1, 4, "=A9", None, "#N/A")

    done = import_bytes(admin, sheet(fill))
    account = Account.objects.get()
    assert (account.name, account.postal_code, account.employees) == ("Acme", "01234", 3)
    assert (account.vat_number, done.told) == ("", [])
    assert account.phones.get().value == "420777123456"


def test_numbers_whose_digits_are_lost_are_left_out_and_told(admin: Any) -> None:
    done = import_lines(
        admin, "Company,Phone,VAT,Postal code,Registration number",
        "Acme,4.20777E+11,1.23457E+11,1E+05,CZ1E+5",
    )  # fmt: skip
    assert reasons(done) == [(2, SHORTENED)] * 3
    account = Account.objects.get()
    assert (account.vat_number, account.postal_code) == ("", "")
    assert (account.registration_number, account.phones.count()) == ("CZ1E+5", 0)


def test_numbers_kept_as_texts_and_numbers_with_a_needless_point_are_read(admin: Any) -> None:
    done = import_lines(
        admin, "Company,Postal code,Phone", 'Acme,="00123",', "Beta,1234.0,49170123456.0"
    )
    assert dict(Account.objects.values_list("name", "postal_code")) == {
        "Acme": "00123", "Beta": "1234",
    }  # fmt: skip
    assert reasons(done) == [(3, "Read as 1234."), (3, "Read as 49170123456.")]


def test_signs_for_nothing_are_no_values(admin: Any) -> None:
    header = "Company,City,Employees,Email,Phone,Country,Website"
    done = import_lines(admin, header, "Acme,N/A,-,null,--,NULL,#N/A", "Beta,–,nan,-,n/a,-,—")
    assert (done.told, cities()) == ([], {"Acme": "", "Beta": ""})
    import_lines(admin, "Company,City", "Acme,Oslo")
    import_lines(admin, "Company,City", "Acme,N/A")
    assert cities()["Acme"] == "Oslo"
    import_lines(admin, "Company,City", "Acme,N/A", empty="clear")
    assert cities()["Acme"] == ""


def test_a_person_may_be_called_null(admin: Any) -> None:
    from records import employee

    employee()
    import_lines(admin, "First name,Last name", "Jennifer,Null", kind="contact")
    assert Contact.objects.get().name == "Jennifer Null"


def test_addresses_are_found_among_the_words_around_them(admin: Any) -> None:
    import_lines(
        admin, "Company,Email", '"A","Kim, Ada <ada@x.test>"', '"B","<b@x.test>; C <c@x.test>"',
        "D,mailto:d@x.test", "E,e@x.test / f@x.test", "F,g@x.test h@x.test",
    )  # fmt: skip
    found = {one.name: [row.value for row in one.emails.all()] for one in Account.objects.all()}
    assert found == {
        "A": ["ada@x.test"], "B": ["b@x.test", "c@x.test"], "D": ["d@x.test"],
        "E": ["e@x.test", "f@x.test"], "F": ["g@x.test", "h@x.test"],
    }  # fmt: skip


def test_numbers_are_found_among_the_words_around_them(admin: Any) -> None:
    import_lines(
        admin, "Company,Phone", "A,+49 170 1234567 (mobile)", "B,휴대폰: 010-1234-5678",
        "C,02-555-1234 / 010-1234-5678", "D,tel:+47 22 33 44 55", "E,030 / 123 45 67",
        "F,+1 212 555 0123 ext. 5", "G,Fax: +47 22 33 44 56",
    )  # fmt: skip
    found = {one.name: [(row.value, row.type) for row in one.phones.all()]
             for one in Account.objects.all()}  # fmt: skip
    assert found == {
        "A": [("+49 170 1234567", "mobile")], "B": [("010-1234-5678", "mobile")],
        "C": [("02-555-1234", "work"), ("010-1234-5678", "work")],
        "D": [("+47 22 33 44 55", "work")], "E": [("030 / 123 45 67", "work")],
        "F": [("+1 212 555 0123 ext. 5", "work")], "G": [("+47 22 33 44 56", "fax")],
    }  # fmt: skip


def test_one_wrong_address_takes_no_other_along(admin: Any) -> None:
    done = import_lines(admin, "Company,Email", "Acme,a@x.test; nobody; b@x.test")
    assert reasons(done) == [(2, "“nobody” is not an e-mail address. The value was left out.")]
    assert [row.value for row in Account.objects.get().emails.all()] == ["a@x.test", "b@x.test"]


def test_a_cell_broken_into_lines_fills_a_field_of_one_line(admin: Any) -> None:
    content = 'Company,City,Description\r\n"Acme\r\nHolding","Ber\rlin","one\r\ntwo"\r\n'
    import_bytes(admin, content.encode())
    account = Account.objects.get()
    assert (account.name, account.city) == ("Acme Holding", "Ber lin")
    assert account.description == "one\ntwo"


def test_more_cells_than_columns_are_told(admin: Any) -> None:
    done = import_lines(admin, "Company,City,", "Acme,Oslo,note", "Beta,Rome,note,more", "Gamma")
    assert reasons(done) == [(3, "The line has more cells than the file has columns.")]


def test_a_stray_zero_is_left_out_and_many_are_no_text(admin: Any) -> None:
    import_bytes(admin, b"Company,City\nAc\x00me,Oslo\nBeta,Rome\x00\n")
    assert cities() == {"Acme": "Oslo", "Beta": "Rome"}
    with pytest.raises(InvalidInput) as refused:
        draft(admin, b"Company,City\nA\x00\x00\x00b\x00\x00\x00c\x00,d\n")
    assert refused.value.fields == {"file": ["The file is not a text file."]}


def test_a_file_with_nothing_under_its_header_is_refused(admin: Any) -> None:
    for content in (b"Company,City\n", b"Company,City\n,\n\n"):
        with pytest.raises(InvalidInput) as refused:
            draft(admin, content)
        assert refused.value.fields == {
            "file": ["There is no line under the names of the columns."]
        }


def test_lines_may_end_in_every_way_at_once(admin: Any) -> None:
    import_bytes(admin, b"Company,City\r\nAcme,Oslo\rBeta,Rome\nGamma,Bonn")
    assert cities() == {"Acme": "Oslo", "Beta": "Rome", "Gamma": "Bonn"}
