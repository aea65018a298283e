"""Imports are swept when they are old, and hold nothing of a person who was anonymized (R19)."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.core.serializers import serialize
from imported import draft, import_lines
from records import employee

from factories import make_user
from taiga_crm.capabilities.erasing import anonymize
from taiga_crm.capabilities.import_upkeep import imports_about, sweep_imports
from taiga_crm.capabilities.kept_files import files_root
from taiga_crm.kernel import clock
from taiga_crm.models import Contact, Import, ImportRow
from taiga_crm.registry.catalog import entity

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F163")]
LINES = ("name,email,company", "Jan Novák,jan.novak@x.test,", "Eva Malá,eva@x.test,")


@pytest.fixture
def admin() -> Any:
    employee()
    return make_user("root", is_superuser=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    from taiga_crm.conf import conf

    settings.TAIGA_CRM = {**getattr(settings, "TAIGA_CRM", {}), "files_root": str(tmp_path)}
    conf.cache_clear()
    yield
    conf.cache_clear()


def kept() -> int:
    return sum(path.is_file() for path in files_root().rglob("*"))


def stored() -> str:
    rows = [*Import.objects.all(), *ImportRow.objects.all()]
    return json.dumps(json.loads(serialize("json", rows)), ensure_ascii=False)


def test_an_anonymized_person_is_gone_from_rows_samples_and_files(
    admin: Any, django_capture_on_commit_callbacks: Any
) -> None:
    done = import_lines(admin, *LINES, kind="contact")
    waiting = draft(admin, b"name,email\nOther,JAN.NOVAK@x.test\n", "contact")
    harmless = draft(admin, b"name,email\nOther,o@x.test\n", "contact")
    assert (kept(), "jan.novak" in stored().lower()) == (3, True)
    with django_capture_on_commit_callbacks(execute=True):
        anonymize(Contact.objects.get(last_name="Novák"), admin)
    assert "novak@x" not in stored().lower()
    assert "Jan Novák" not in stored()
    assert kept() == 1
    runs = Import.objects.in_bulk([done.run.pk, waiting.pk, harmless.pk])
    assert [bool(runs[one.pk].file) for one in (done.run, waiting, harmless)] == [
        False, False, True,
    ]  # fmt: skip
    row = ImportRow.objects.get(run=done.run, line=2)
    assert (row.name, row.remarks, row.before, row.outcome) == ("", [], None, "created")


def test_the_archive_of_a_person_tells_which_rows_wrote_him(admin: Any) -> None:
    done = import_lines(admin, *LINES, kind="contact")
    contact = Contact.objects.get(last_name="Novák")
    assert imports_about(entity("contact"), admin, contact.pk) == [
        {"file": "file.csv", "line": 2, "outcome": "created", "at": done.run.finished_at,
         "by": "Root"}
    ]  # fmt: skip


def test_old_imports_are_swept_with_their_rows_and_files(
    admin: Any, django_capture_on_commit_callbacks: Any
) -> None:
    old = import_lines(admin, *LINES, kind="contact").run
    fresh = draft(admin, b"name\nA\n")
    long_ago = clock.now() - datetime.timedelta(days=31)
    Import.objects.filter(pk=old.pk).update(created_at=long_ago, finished_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_imports(clock.now()) == 1
    assert list(Import.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert (ImportRow.objects.count(), kept(), Contact.objects.count()) == (0, 1, 2)


def test_an_import_whose_file_is_gone_says_so(admin: Any, api: Any) -> None:
    run = draft(admin, b"name\nA\n")
    Import.objects.filter(pk=run.pk).update(file="")
    assert api(admin).get(f"imports/{run.pk}").json()["has_file"] is False
    for answer in (api(admin).post(f"imports/{run.pk}/run"),
                   api(admin).get(f"imports/{run.pk}/errors")):  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
