"""Spreadsheets: what LibreOffice and our own export save is read; what is hostile is refused."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from customs import define
from imported import import_bytes, import_lines
from records import make_crm_project

from factories import make_user
from taiga_crm.capabilities.table_files import Reading, open_table
from taiga_crm.capabilities.tables import Line
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Account, Import

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]
SAVED = Path(__file__).parents[1] / "spreadsheets" / "libreoffice.xlsx"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


def lines_of(content: bytes, sheet: str = "") -> list[tuple[str, ...]]:
    table = open_table(io.BytesIO(content), Reading("xlsx", sheet=sheet))
    return [table.header, *(line.cells for line in table.lines)]


def workbook(*rows: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, members: dict[str, bytes]) -> bytes:
    """Return an archive with members replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, members.get(name, old.read(name)))
        for name in members.keys() - set(old.namelist()):
            new.writestr(name, members[name])
    return out.getvalue()


def with_sheet(xml: str) -> bytes:
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = f'<?xml version="1.0"?><worksheet xmlns="{name}"><sheetData>'
    return repacked(workbook(["x"]), {SHEET: (head + xml + "</sheetData></worksheet>").encode()})


def test_a_sheet_that_libreoffice_saved_arrives_as_it_was_typed(admin: Any) -> None:
    define("date", "Since", by=admin, name="cf_since")
    define("datetime", "Seen", by=admin, name="cf_seen")
    done = import_bytes(admin, SAVED.read_bytes(), name="거래처.xlsx")
    assert (done.outcomes, done.told) == (["created", "created"], [])
    assert [row.line for row in done.rows] == [2, 5]
    skoda = Account.objects.get(name="Škoda <Plzeň>")
    assert skoda.annual_revenue == Decimal("1234567800")
    assert (skoda.annual_revenue_currency, skoda.employees, skoda.is_key) == ("EUR", 300, True)
    assert (skoda.postal_code, skoda.description) == ("30100", "two\nlines")
    assert skoda.custom == {"cf_since": "2020-01-31", "cf_seen": "2024-02-29T13:45:00Z"}
    hanbit = Account.objects.get(name="한빛전자")
    assert (hanbit.postal_code, hanbit.is_key, hanbit.description) == ("04524", False, "=1+1")
    assert import_bytes(admin, SAVED.read_bytes(), name="a.xlsx").outcomes == ["unchanged"] * 2


def test_another_sheet_is_read_by_its_name() -> None:
    table = open_table(io.BytesIO(SAVED.read_bytes()), Reading("xlsx", sheet="Second"))
    assert (table.sheet, table.sheets) == ("Second", ("거래처", "Second"))
    assert list(table.lines) == [Line(2, ("Elsewhere",))]


def test_inline_texts_numbers_and_flags_are_read_without_references() -> None:
    xml = (
        '<row><c t="inlineStr"><is><t>A</t><rPh sb="0" eb="1"><t>hint</t></rPh></is></c>'
        '<c t="b"><v>1</v></c><c><v>1E-3</v></c><c><v>0.30000000000000004</v></c></row>'
        '<row><c/><c t="str"><v> b </v></c><c t="e"><v>#N/A</v></c></row>'
    )
    assert lines_of(with_sheet(xml)) == [("A", "TRUE", "0.001", "0.3"), ("", "b", "#N/A")]


def test_our_own_export_comes_back_as_no_change(admin: Any, api: Any) -> None:
    make_crm_project("Aurora")
    import_lines(
        admin, "name,city,employees,revenue,email,country,key account",
        "'=cmd(),Oslo,12,5 EUR,a@x.test,NO,yes", "Beta,+1,7,1.50 USD,b@x.test,DE,no",
    )  # fmt: skip
    for form in ("csv", "xlsx"):
        answer = api(admin).get(f"accounts/export.{form}", {"fields": "*"})
        content = b"".join(answer.streaming_content)
        done = import_bytes(admin, content, name=f"a.{form}", key="name")
        assert done.outcomes == ["unchanged", "unchanged"], (form, done.told)


def test_a_sheet_of_ten_thousand_columns_is_refused() -> None:
    with pytest.raises(InvalidInput, match="At most 500 columns"):
        lines_of(workbook([f"c{n}" for n in range(10_000)]))


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"PK\x03\x04 nothing", "not a valid XLSX"),
        (repacked(workbook(["a"]), {f"x/{n}": b"" for n in range(2_001)}), "unpack to more"),
        (repacked(workbook(["a"]), {"bomb": b"\0" * 30_000_000}), "unpack to more"),
        (repacked(workbook(["a"]), {SHEET: b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}),
         "declares entities"),
        (repacked(workbook(["a"]), {SHEET: b"<worksheet><sheetData><row>"}), "not a valid XLSX"),
        (repacked(workbook(["a"]), {"xl/workbook.xml": b"<workbook/>"}), "no sheet"),
        (with_sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "sheet is empty"),
        (with_sheet(f'<row><c t="str"><v>{"x" * 40_000}</v></c></row>'), "more than 32000"),
        (with_sheet('<row r="99999999"><c><v>1</v></c></row>'), "not a valid XLSX"),
        (with_sheet(f'<row a="{"x" * 3_000_000}"/>').replace(b"", b""), "unpack to more|entit"),
    ],
    ids=["no-archive", "members", "ratio", "entities", "cut", "no-sheet", "empty", "cell", "row",
         "token"],
)  # fmt: skip
def test_hostile_files_are_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refusal:
        lines_of(content)
    assert list(refusal.value.fields) == ["file"]


def test_a_directory_that_lies_about_sizes_unpacks_to_no_more_than_it_says() -> None:
    content = bytearray(with_sheet("<row><c><v>1</v></c></row>" * 200_000))
    place = content.rfind(SHEET.encode()) - 46
    content[place + 24 : place + 28] = (1_000).to_bytes(4, "little")
    with pytest.raises(InvalidInput):
        lines_of(bytes(content))


def test_a_million_shared_texts_take_little_memory() -> None:
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    texts = "".join(f"<si><t>{n:07d}</t></si>" for n in range(400_000))
    content = repacked(
        with_sheet('<row><c t="s"><v>399999</v></c></row>'),
        {"xl/sharedStrings.xml": f'<sst xmlns="{name}">{texts}</sst>'.encode()},
    )
    del texts
    tracemalloc.start()
    assert lines_of(content) == [("0399999",)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_refused_file_leaves_nothing(admin: Any, api: Any, settings: Any, tmp_path: Path) -> None:
    answer = api(admin).upload("imports", "../../a.xlsx", b"PK\x03\x04 x", kind="account")
    assert (answer.status_code, list(answer.json())[0]) == (400, "file")
    assert Import.objects.count() == 0
    big = api(admin).upload("imports", "a.xlsx", b"PK\x03\x04" + b"x" * 10_000_001, kind="account")
    assert big.status_code == 413
    named = api(admin).upload("imports", "../../<b>.csv", b"name\nA\n", kind="account").json()
    assert "/" not in named["file_name"]
