"""crm_doctor finds broken promises, mends what is safe, and says by its exit code what is left."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from records import (
    fingerprint,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import MAKE_TICKET, make_role, make_user
from taiga_crm.management import surroundings
from taiga_crm.models import Account, AccountProject, Contact, RoleGrant, TicketAccount

pytestmark = pytest.mark.django_db


def doctor(*options: str) -> tuple[int, list[str]]:
    out = io.StringIO()
    try:
        call_command("crm_doctor", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), _data_lines(out)
    return 0, _data_lines(out)


def _data_lines(out: io.StringIO) -> list[str]:
    """Leave out what a machine without a built front end or without pg_trgm rightly tells."""
    around = ("front end", "inside words")
    return [line for line in out.getvalue().splitlines() if not any(a in line for a in around)]


@pytest.fixture
def project() -> Any:
    return make_crm_project("Aurora")


@pytest.fixture
def sound(project: Any) -> Any:
    """Return an account to which nothing is wrong, with contacts and a ticket."""
    account = make_account("Sound", project)
    make_contact(account)
    make_contact(account)
    link(MAKE_TICKET["issue"](project), account)
    make_worker(project)
    return account


def test_sound_data_has_no_fault(sound: Any) -> None:
    before = fingerprint()
    _code, lines = doctor("--fix")
    assert [line for line in lines if line != "No fault found"] == []
    assert fingerprint() == before


def test_an_array_of_projects_that_differs_from_the_rows_is_mended(
    sound: Any, project: Any
) -> None:
    other = make_crm_project("Nimbus")
    without_row = make_account("Without row", project)
    AccountProject.objects.filter(account=without_row).delete()
    without_array = make_account("Without array")
    AccountProject.objects.create(account=without_array, project=other)
    code, lines = doctor()
    assert code == 1
    assert lines == [
        "FAULT  2 accounts whose list of projects differs from their rows:"
        f" {without_row.pk}, {without_array.pk}; run crm_doctor --fix"
    ]
    doctor("--fix")
    assert Account.objects.get(pk=without_row.pk).project_ids == []
    assert Account.objects.get(pk=without_array.pk).project_ids == [other.pk]
    assert Account.objects.get(pk=sound.pk).project_ids == [project.pk]
    assert doctor()[1] in ([], ["No fault found"])


def test_the_order_of_an_array_is_no_fault(project: Any) -> None:
    other = make_crm_project("Nimbus")
    account = make_account("Both", project, other)
    Account.objects.filter(pk=account.pk).update(project_ids=[other.pk, project.pk])
    assert doctor()[1] in ([], ["No fault found"])


def test_an_account_without_primary_contact_gets_its_oldest_one(sound: Any) -> None:
    account = make_account("Leaderless")
    first = make_contact(account, is_primary=False)
    make_contact(account, is_primary=False)
    make_contact(None, is_primary=False)
    code, lines = doctor()
    assert (code, lines) == (
        1,
        [
            f"FAULT  1 accounts with contacts but no primary contact: {account.pk};"
            " run crm_doctor --fix"
        ],
    )
    doctor("--fix")
    assert list(Contact.objects.filter(account=account, is_primary=True)) == [first]


@pytest.mark.parametrize("kind", list(MAKE_TICKET))
def test_a_ticket_without_primary_account_gets_its_oldest_one(
    kind: str, sound: Any, project: Any
) -> None:
    ticket = MAKE_TICKET[kind](project)
    first = link(ticket, make_account("First", project), primary=False)
    link(ticket, make_account("Second", project), primary=False)
    code, lines = doctor()
    assert (code, lines) == (
        1,
        [
            f"FAULT  1 tickets with accounts but no primary one: {kind} {ticket.pk};"
            " run crm_doctor --fix"
        ],
    )
    doctor("--fix")
    links = TicketAccount.objects.filter(**{kind: ticket}, is_primary=True)
    assert list(links) == [first]


def test_keys_of_kinds_that_do_not_exist_are_dropped(sound: Any, project: Any) -> None:
    role = make_role(project)
    grant = RoleGrant.objects.create(role=role, keys=["view_account", "view_yacht"])
    assert doctor() == (
        1,
        [f"FAULT  1 roles with keys that no kind has: {grant.pk}; run crm_doctor --fix"],
    )
    doctor("--fix")
    grant.refresh_from_db()
    assert (grant.keys, grant.version) == (["view_account"], 2)


def test_a_private_account_of_nobody_is_told_but_left_to_a_person(sound: Any) -> None:
    creator = make_user("leaver")
    account = make_account("Secret", is_private=True, created_by=creator)
    assert doctor()[1] in ([], ["No fault found"])
    creator.delete()
    before = fingerprint()
    code, lines = doctor("--fix")
    assert code == 1
    assert lines == [
        "FAULT  1 private accounts whose creator is gone, so that nobody sees them:"
        f" {account.pk}; give them to somebody with crm_adopt"
    ]
    assert fingerprint() == before


def test_mending_tells_what_it_did(sound: Any, project: Any) -> None:
    RoleGrant.objects.create(role=make_role(project), keys=["view_yacht"])
    _code, lines = doctor("--fix")
    assert lines[0].startswith("MENDED 1 roles with keys that no kind has: ")


def test_a_long_list_is_cut(project: Any) -> None:
    for number in range(12):
        make_account(f"Account {number}", project, is_private=True)
    _code, lines = doctor()
    assert lines[0].startswith("FAULT  12 private accounts")
    assert lines[0].count(",") == 10
    assert " …; give them" in lines[0]


def test_a_missing_search_index_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS crm_contact_search_trgm")
    assert "crm_contact_search_trgm" in surroundings.missing_search_indexes()
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("crm_doctor", stdout=out)
    assert "crm_contact_search_trgm; docs/install.md" in out.getvalue()


def test_all_migrations_of_ours_are_applied() -> None:
    assert surroundings.pending_migrations() == []


def test_files_that_were_not_collected_or_are_old_are_named(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "built"
    built.mkdir()
    for name in surroundings.FRONT:
        (built / Path(name).name).write_text("new")
    monkeypatch.setattr(surroundings.finders, "find", lambda name: str(built / Path(name).name))
    settings.STATIC_ROOT = str(tmp_path / "static")
    assert surroundings.uncollected_front_files() == []  # nothing is served from there
    collected = tmp_path / "static" / "taiga_crm"
    collected.mkdir(parents=True)
    (collected / "crm.json").write_text("new")
    (collected / "crm.js").write_text("old")
    assert surroundings.uncollected_front_files() == ["taiga_crm/crm.js"]
    (collected / "crm.json").unlink()
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("crm_doctor", stdout=out)
    told = "collected, or in a former version: taiga_crm/crm.json, taiga_crm/crm.js; run collect"
    assert told in out.getvalue()


def test_missing_files_of_the_front_end_are_named(settings: Any) -> None:
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    try:
        assert surroundings.missing_front_files() == list(surroundings.FRONT)
    finally:
        finders.get_finder.cache_clear()
