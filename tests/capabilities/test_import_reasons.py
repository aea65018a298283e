"""Reasons of an import: counted over its rows, and the rows of one of them (F140)."""

from __future__ import annotations

from typing import Any

import pytest
from asking import got
from imported import draft, import_lines
from records import make_account

from factories import make_user
from taiga_crm.capabilities import import_reasons
from taiga_crm.capabilities.jobs import run_waiting
from taiga_crm.models import Account, ImportRow

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


def brief(run: Any) -> list[tuple[Any, ...]]:
    """Return the reasons without their numbers."""
    return [(one["rows"], one["outcome"], one["column"], one["reason"], one["written"])
            for one in run.result["reasons"]]  # fmt: skip


def test_rows_of_one_reason_are_counted_together(admin: Any) -> None:
    lines = ["Sector,Account,Staff", *(f"technolgy,Firm {n},many" for n in range(12)),
             "Alchemy,Gold,lots", "Retail,!!!,1", "Retail,Firm 1,1", "Retail,Firm 2,1"]  # fmt: skip
    done = import_lines(admin, *lines)
    assert brief(done.run) == [
        (12, "doubtful", "Sector", "Read as Technology.", ["technolgy"]),
        (2, "skipped", "Account", "The same as in line ….", ["Firm 1", "Firm 2"]),
        (1, "doubtful", "Sector", "This is not known. The value was left out.", ["Alchemy"]),
        (1, "skipped", "Account", "The name is missing.", ["!!!"]),
    ]


def test_what_was_written_is_told_by_a_few_samples(admin: Any) -> None:
    lines = ["name,employees", *(f"Firm {n},x{n}" for n in range(9))]
    (reason,) = import_lines(admin, *lines).run.result["reasons"]
    assert reason == {
        "number": 1, "outcome": "doubtful", "column": "employees", "rows": 9,
        "reason": "A whole number is expected. The value was left out.",
        "written": ["x0", "x1", "x2"], "more": True,
    }  # fmt: skip


def test_a_row_counts_once_for_a_reason_and_for_each_of_its_own(admin: Any) -> None:
    done = import_lines(admin, "name,email,email 2,employees", "Acme,nobody,nobody2,many")
    assert [(one["column"], one["rows"]) for one in done.run.result["reasons"]] == [
        ("email", 1), ("email 2", 1), ("employees", 1),
    ]  # fmt: skip


def test_the_rows_of_a_reason_are_found_by_its_number(api: Any, admin: Any) -> None:
    client = api(admin)
    run = draft(admin, b"name,employees\nA,many\nB,3\nC,lots\n!!!,1\nD,1234567\n")
    assert client.post(f"imports/{run.pk}/preview").status_code == 202
    run_waiting()
    told = got(client.get(f"imports/{run.pk}"))["preview"]["reasons"]
    assert [(one["number"], one["rows"]) for one in told] == [(1, 2), (2, 1)]
    for number, lines in ((1, [2, 4]), (2, [5]), (9, [])):
        answer = client.get(f"imports/{run.pk}/rows", {"reason": number})
        assert [one["line"] for one in got(answer)] == lines
        assert answer["x-pagination-count"] == str(len(lines))
    answer = got(client.get(f"imports/{run.pk}/rows", {"reason": 1, "outcome": "skipped"}))
    assert answer == []
    for wrong in ("x", "-1", "9" * 30):
        assert client.get(f"imports/{run.pk}/rows", {"reason": wrong}).status_code == 400
    assert "reasons" not in got(client.get("imports"))[0]["preview"]


def test_reasons_beyond_the_bound_have_no_number_and_lose_no_row(
    admin: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(import_reasons, "MAX_REASONS", 1)
    done = import_lines(admin, "name,employees,country", "A,many,Xyzzy", "B,1,Xyzzy")
    assert [one["rows"] for one in done.run.result["reasons"]] == [1]
    assert [len(one) for row in done.rows for one in row.remarks] == [4, 3, 3]


def test_who_is_anonymized_is_gone_from_the_reasons_too(api: Any, admin: Any) -> None:
    client = api(admin)
    kind = make_account("Ada Lovelace").type
    Account.objects.all().delete()
    kind.__class__.objects.filter(pk=kind.pk).update(has_last_name=True)
    done = import_lines(admin, "name,email,country", "Ada Lovelace,ada@x.test,ada@x.test")
    assert "ada@x.test" in str(done.run.result)
    assert client.post(f"accounts/{Account.objects.get().pk}/anonymize").status_code == 200
    done.run.refresh_from_db()
    assert "ada@x.test" not in str(done.run.result)
    assert ImportRow.objects.get(run=done.run).remarks == []
