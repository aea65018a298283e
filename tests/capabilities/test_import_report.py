"""The report of an import as a file."""

from __future__ import annotations

import csv
import io

import pytest

from factories import make_user
from taiga_crm.services.importing import import_accounts


@pytest.mark.django_db
@pytest.mark.feature("F140")
def test_the_report_file_has_every_row_and_no_formulas() -> None:
    content = b"name,country\n=Acme(),Xyzzy\nPlain,DE\n"
    report = import_accounts(content, make_user("root", is_superuser=True))
    out = io.StringIO()
    report.write_csv(out)
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [
        ["line", "name", "outcome", "column", "written", "reason"],
        ["2", "'=Acme()", "created", "country", "Xyzzy",
         "This country is not known. The value was left out."],
        ["3", "Plain", "created", "", "", ""],
    ]  # fmt: skip
