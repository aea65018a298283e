"""The report of an import as a file: crm_import --report."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command

from factories import make_user


@pytest.mark.django_db
@pytest.mark.feature("F140")
def test_the_report_file_has_every_row_and_no_formulas(tmp_path: Path) -> None:
    make_user("root", is_superuser=True)
    file, report = tmp_path / "a.csv", tmp_path / "report.csv"
    file.write_bytes(b"name,country\n=Acme(),Xyzzy\nPlain,DE\n")
    call_command("crm_import", "accounts", str(file), report=report, stdout=io.StringIO())
    assert list(csv.reader(io.StringIO(report.read_text("utf-8-sig")))) == [
        ["line", "name", "outcome", "column", "written", "reason"],
        ["2", "'=Acme()", "created", "country", "Xyzzy",
         "This country is not known. The value was left out."],
        ["3", "Plain", "created", "", "", ""],
    ]  # fmt: skip
