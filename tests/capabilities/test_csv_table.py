"""CSV files come in any encoding and with any delimiter; line numbers are those of the file."""

from __future__ import annotations

import io

import pytest
from imported import csv_lines

from taiga_crm.capabilities.csv_table import detect_encoding, read_csv
from taiga_crm.kernel.errors import InvalidInput


def cells(content: bytes, **options: str) -> list[tuple[str, ...]]:
    return [line.cells for line in csv_lines(content, **options)]


@pytest.mark.parametrize(
    "text, written_in, read_as",
    [
        ("name,city\nAcme,Oslo\n", "ascii", "utf-8"),
        ("name,city\nŠkoda,Plzeň\n", "utf-8", "utf-8"),
        ("name,city\nŠkoda,Plzeň\n", "utf-8-sig", "utf-8-sig"),
        ("회사명,도시\n한빛전자,서울\n", "cp949", "cp949"),
        ("회사명,도시\n한빛전자,서울\n", "euc-kr", "cp949"),
        ("name,city\n한빛전자,서울\n", "utf-16", "utf-16"),
        ("name,city\nMüller,Köln\nCrème,Genève\n", "cp1252", "cp1252"),
        ("name,city\nŠumava,Žďár\n".replace("ď", "d").replace("á", "á"), "cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found(text: str, written_in: str, read_as: str) -> None:
    content = text.encode(written_in)
    assert detect_encoding([content]) == read_as
    expected = [tuple(line.split(",")) for line in text.splitlines()]
    assert cells(content) == expected


def test_bytes_that_no_guess_fits_are_read_as_latin_1() -> None:
    assert detect_encoding([b"name\nM\x81ller ", b"\xe9\n"]) == "latin-1"


def test_a_named_encoding_is_not_guessed() -> None:
    assert cells("name\nПлзень\n".encode("cp1251"), encoding="cp1251")[1] == ("Плзень",)


@pytest.mark.parametrize("encoding", ["ascii", "no-such-encoding"])
def test_a_named_encoding_that_does_not_fit_is_refused(encoding: str) -> None:
    with pytest.raises(InvalidInput, match=f"not written in {encoding}"):
        csv_lines("name\nMüller\n".encode("cp1252"), encoding=encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = f"name{delimiter}city\nA, B{delimiter}C\n".replace("A, B", '"A, B"')
    assert read_csv(io.BytesIO(text.encode())).delimiter == delimiter
    assert cells(text.encode())[1] == ("A, B", "C")


def test_line_numbers_count_blank_lines_and_lines_within_cells() -> None:
    lines = csv_lines(b'name,note\n\nA,"two\nlines"\n , \nB,x\n')
    assert [(line.number, line.cells[0]) for line in lines[1:]] == [(3, "A"), (6, "B")]


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"name\nA\0B\n", "not a text file"),
        (b'name,city\nA,B\n"open,C\nD,E\n', "Line 3 is not valid CSV"),
        (b"name\n" + b"x" * 40_000, "Line 2 is not valid CSV"),
        (b"," * 600 + b"x\n1\n", "At most 500 columns can be read, not 601"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refusal:
        csv_lines(content)
    assert list(refusal.value.fields) == ["file"]
