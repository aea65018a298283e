"""Company names are compared without case, punctuation and legal forms."""

from __future__ import annotations

import pytest

from taiga_crm.kernel.text import company_key


@pytest.mark.parametrize(
    "written, key",
    [
        ("Acme Corporation", "acme"),
        ("  ACME,  Inc. ", "acme"),
        ("Gekko & Co.", "gekko"),
        ("Müller GmbH & Co. KG", "müller"),
        ("Foo L.L.C.", "foo"),
        ("Foo S.p.A.", "foo"),
        ("Foo B.V.", "foo"),
        ("Foo Sp. z o.o.", "foo"),
        ("Škoda s. r. o.", "škoda"),
        ("Škoda S.R.O.", "škoda"),
        ("ABC, spol. s r.o.", "abc"),
        ("Firma a. s.", "firma"),
        ("(주)한빛전자", "한빛전자"),
        ("㈜한빛전자", "한빛전자"),
        ("주식회사 한빛전자", "한빛전자"),
        ("주식회사한빛전자", "한빛전자"),
        ("株式会社テスト", "テスト"),
        ("テスト株式会社", "テスト"),
        ("Green-Plus", "green plus"),
        ("Genco Pura Olive Oil Company", "genco pura olive oil"),
        (" ".join(f"w{n}" for n in range(14)) + " Ltd", " ".join(f"w{n}" for n in range(14))),
    ],
)
def test_legal_forms_and_punctuation_do_not_count(written: str, key: str) -> None:
    assert company_key(written) == key


@pytest.mark.parametrize("written", ["Inc", "Co.", "株式会社", "주식회사", "A S"])
def test_a_name_that_is_nothing_but_a_legal_form_stays(written: str) -> None:
    assert company_key(written) != ""


def test_different_companies_keep_different_keys() -> None:
    names = ("Green-Plus", "Greenplus", "Plus Green", "Green")
    assert len({company_key(name) for name in names}) == len(names)
