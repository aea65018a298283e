"""What cells and headers mean: numbers, countries, misspelled names, synonyms of columns."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from factories import make_user
from taiga_crm.capabilities.import_mapping import guess_mapping
from taiga_crm.capabilities.import_targets import targets_of
from taiga_crm.kernel.written_numbers import read_amount, read_money, read_whole
from taiga_crm.registry.catalog import entity
from taiga_crm.registry.written_names import closest, read_country

pytestmark = pytest.mark.django_db


def guessed(headers: list[str], kind: str = "account") -> list[dict[str, Any]]:
    of = entity(kind)
    targets = targets_of(of, make_user(is_superuser=True))
    return guess_mapping(of, targets, headers, [[] for _ in headers])


@pytest.mark.parametrize(
    "text, amount",
    [
        ("4618", "4618"),
        ("4269.9", "4269.9"),
        ("-12,5", "-12.5"),
        ("1,234", "1234"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12 000,75", "12000.75"),
        ("12\u00a0000", "12000"),
        ("12'000.05", "12000.05"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "n/a", "12 apples", "1.2.3,4,5", "NaN", "Infinity", "4.6M"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        read_amount(text)


@pytest.mark.parametrize("text, number", [("9", 9), ("1.234", 1234), ("1,234", 1234), ("7.0", 7)])
def test_whole_numbers_may_be_grouped(text: str, number: int) -> None:
    assert read_whole(text) == number


def test_half_a_person_is_no_whole_number() -> None:
    with pytest.raises(ValueError, match="7.5"):
        read_whole("7.5")


@pytest.mark.parametrize(
    "text, scale, money",
    [
        ("1100.04", 1_000_000, ("1100040000.00", "USD")),
        ("12 000 Kč", 1, ("12000.00", "CZK")),
        ("EUR 1.234,5", 1, ("1234.50", "EUR")),
        ("₩1,000,000", 1, ("1000000", "KRW")),
        ("0.005", 1, ("0.01", "USD")),
    ],
)
def test_money_takes_its_currency_and_the_units_decimals(
    text: str, scale: int, money: tuple[str, str]
) -> None:
    amount, currency = read_money(text, scale, "USD")
    assert (str(amount), currency) == money


@pytest.mark.parametrize(
    "text, code",
    [
        ("KR", "KR"), ("de", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("독일", "DE"),
        ("Česko", "CZ"), ("Czech Republic", "CZ"), ("대한민국", "KR"), ("한국", "KR"),
        ("South Korea", "KR"), ("USA", "US"), ("U.S.A.", "US"), ("UNITED STATES", "US"),
        ("日本", "JP"), ("Magyarország", "HU"), ("ÖSTERREICH", "AT"), ("Россия", "RU"),
        ("Ελλάδα", "GR"), ("臺灣", "TW"), ("Việt Nam", "VN"), ("Bosnia and Herzegovina", "BA"),
        ("Côte d'Ivoire", "CI"),
    ],
)  # fmt: skip
def test_countries_are_known_by_code_and_by_name_in_several_languages(text: str, code: str) -> None:
    reading = read_country(text)
    assert (reading.value, reading.is_sure) == (code, True)


@pytest.mark.parametrize(
    "text, code", [("Philipines", "PH"), ("Korea", "KR"), ("Untied Kindom", "GB")]
)
def test_a_probable_country_is_taken_with_a_doubt(text: str, code: str) -> None:
    reading = read_country(text)
    assert (reading.value, reading.is_sure) == (code, False)


@pytest.mark.parametrize(
    "text, proposal", [("Nigera", "NG"), ("Xyzzy", ""), ("ZZ", ""), ("Kongo", "TG")]
)
def test_an_unlikely_country_is_only_proposed(text: str, proposal: str) -> None:
    reading = read_country(text)
    assert (reading.value, reading.is_sure, reading.proposal) == (None, False, proposal)


def test_the_closest_name_is_taken_only_when_no_other_is_nearly_as_close() -> None:
    assert closest("technolgy", ["technology", "telecommunications"]).value == "technology"
    assert closest("techology", ["technology", "techologys"]).value is None
    assert closest("farming", ["technology", "retail"]).proposal == ""


@pytest.mark.parametrize(
    "header, fields",
    [
        (
            "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
            [
                "name",
                "industry",
                "founded_year",
                "annual_revenue",
                "employees",
                "country",
                "parent",
            ],
        ),
        ("Company,E-mail,Tel.,Web,VAT", ["name", "emails", "phones", "website", "vat_number"]),
        ("회사명,전화번호,이메일,주소", ["name", "phones", "emails", "street"]),
        ("Firma,IČO,DIČ,Ulice,Město,PSČ", ["name", "registration_number", "vat_number", "street",
                                           "city", "postal_code"]),
    ],
)  # fmt: skip
def test_headers_are_understood_in_several_spellings(header: str, fields: list[str]) -> None:
    assert [one["field"] for one in guessed(header.split(","))] == fields


@pytest.mark.parametrize(
    "header, scale, currency",
    [
        ("revenue", 1, ""),
        ("Annual revenue (in millions of USD)", 1_000_000, "USD"),
        ("revenue_eur", 1, "EUR"),
        ("Umsatz Tsd. EUR", 1_000, "EUR"),
        ("매출 (백만)", 1_000_000, ""),
    ],
)
def test_the_header_of_an_amount_may_name_its_unit(header: str, scale: int, currency: str) -> None:
    column = guessed(["name", header])[1]
    assert column["field"] == "annual_revenue"
    found = (column["options"].get("scale", 1), column["options"].get("currency", ""))
    assert found == (scale, currency)


def test_unknown_and_repeated_columns_are_left_aside() -> None:
    found = [one["field"] for one in guessed(["Company", "Mood", "Name", ""])]
    assert found == ["name", None, None, None]
