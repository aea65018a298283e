"""crm_import: what it prints, as whom it acts, and what it refuses."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from records import make_crm_project, make_worker

from factories import make_user
from taiga_crm.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


def command(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("crm_import", "accounts", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text("name,country,mood\nAcme,Philipines,good\n,DE,\n")
    return path


def test_the_command_tells_doubts_refusals_and_the_sum(
    admin: Any, file: Path, tmp_path: Path
) -> None:
    told = command(file, report=tmp_path / "report.csv")
    assert told.splitlines() == [
        "line 2, Acme: doubtful: country “Philipines”: Read as Philippines (PH).",
        "line 3: REFUSED: The name is missing.",
        "column “mood” was not taken",
        "Accounts: 2 rows: 1 created, 0 updated, 0 linked, 0 unchanged, 1 skipped;"
        " 1 of them doubtful",
    ]
    assert (tmp_path / "report.csv").read_text("utf-8-sig").count("\n") == 3
    assert Account.objects.get().created_by == admin


def test_the_command_acts_as_a_person_in_a_project(file: Path) -> None:
    project = make_crm_project("Aurora")
    seller = make_worker(project, "sally", ("view", "add"))
    command(file, "--project", "aurora", "--user", "sally")
    account = Account.objects.get()
    assert (account.created_by, account.project_ids) == (seller, [project.pk])


def test_the_command_says_that_a_dry_run_wrote_nothing(admin: Any, file: Path) -> None:
    assert command(file, "--dry-run").endswith("Dry run: nothing was written\n")
    assert Account.objects.count() == 0


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (("--user", "nobody"), "There is no active user nobody"),
        (("--project", "nowhere"), "root has no project nowhere with the CRM switched on"),
        (("--encoding", "utf-32"), "encoding: This is not one of the choices"),
    ],
)
def test_the_command_refuses_with_the_reason(
    admin: Any, file: Path, arguments: Any, reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        command(file, *arguments)
    assert Account.objects.count() == 0


def test_without_a_superuser_the_command_asks_for_a_person(db: None, file: Path) -> None:
    with pytest.raises(CommandError, match="name somebody with --user"):
        command(file)


def test_a_missing_file_is_named(admin: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read .*: No such file"):
        command(tmp_path / "none.csv")
