"""Importing accounts: exact counts on the real file, doubts, parents, and the second run."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from imported import Imported, import_bytes, import_lines
from records import fingerprint as all_rows
from records import give_keys, make_account, make_crm_project, make_worker, personal

from factories import make_user
from taiga_crm.models import Account, HistoryEntry

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]

SHARED = os.environ.get("CRM_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data"
REAL_FILE = Path(SHARED) / "maven-crm" / "accounts.csv"


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


@pytest.fixture
def real_file() -> bytes:
    if not REAL_FILE.exists():
        pytest.skip(f"no real data at {REAL_FILE}: set CRM_SHARED_DATA")
    return REAL_FILE.read_bytes()


def run(actor: Any, *lines: str, project_id: int | None = None, **options: Any) -> Imported:
    return import_lines(actor, *lines, project=project_id, **options)


def fingerprint() -> Any:
    """All rows but those that tell of imports."""
    return all_rows(without=("taiga_crm_import", "taiga_crm_importrow"))


def outcomes(report: Imported) -> list[str]:
    return report.outcomes


def told(report: Imported) -> list[tuple[int, str, str]]:
    return report.told


def test_the_real_file_gives_exactly_its_accounts(admin: Any, real_file: bytes) -> None:
    report = import_bytes(admin, real_file)
    assert report.counts == {
        "created": 85, "updated": 0, "linked": 0, "unchanged": 0, "skipped": 0, "doubtful": 13,
    }  # fmt: skip
    assert Account.objects.count() == 85
    assert Account.objects.exclude(parent=None).count() == 15
    assert Account.objects.filter(industry__name="Technology").count() == 12
    assert Account.objects.filter(country="").count() == 0
    assert Account.objects.filter(annual_revenue_currency="USD").count() == 85
    assert HistoryEntry.objects.filter(kind="account", verb="create").count() == 85


def test_a_row_of_the_real_file_arrives_complete(admin: Any, real_file: bytes) -> None:
    import_bytes(admin, real_file)
    bluth = Account.objects.get(name="Bluth Company")
    assert (bluth.type.name, bluth.industry.name, bluth.country) == ("Company", "Technology", "US")
    assert (bluth.founded_year, bluth.employees) == (1993, 3027)
    assert bluth.annual_revenue == Decimal("1242320000")
    assert (bluth.parent.name, bluth.version, bluth.created_by) == ("Acme Corporation", 1, admin)
    later = Account.objects.get(name="Cheers")
    assert later.parent.name == "Massive Dynamic"  # 40 lines further down


def test_every_doubt_about_the_real_file_is_told_with_its_line(
    admin: Any, real_file: bytes
) -> None:
    remarks = told(import_bytes(admin, real_file))
    assert len(remarks) == 14
    assert remarks[:2] == [
        (2, "created", "Read as Technology."),
        (5, "created", "Read as Philippines (PH)."),
    ]
    assert (37, "created", "Read as South Korea (KR).") in remarks
    assert sum(text == "Read as Technology." for _line, _outcome, text in remarks) == 12


def test_the_real_file_a_second_time_changes_nothing_at_all(admin: Any, real_file: bytes) -> None:
    import_bytes(admin, real_file)
    before = fingerprint()
    report = import_bytes(admin, real_file)
    assert report.counts == {
        "created": 0, "updated": 0, "linked": 0, "unchanged": 85, "skipped": 0, "doubtful": 13,
    }  # fmt: skip
    assert fingerprint() == before


def test_a_second_run_asks_as_few_queries_for_many_rows_as_for_few(
    admin: Any, django_assert_max_num_queries: Any
) -> None:
    lines = ["name,email,industry,parent", *(f"Firm {n},a{n}@x.test,Retail," for n in range(40))]
    run(admin, *lines)
    with django_assert_max_num_queries(25):
        assert set(outcomes(run(admin, *lines))) == {"unchanged"}


def test_a_dry_run_reports_everything_and_writes_nothing(admin: Any, real_file: bytes) -> None:
    before = fingerprint()
    report = import_bytes(admin, real_file, dry_run=True)
    assert report.counts["created"] == 85
    assert fingerprint() == before


def test_parents_may_come_before_or_after_their_children(admin: Any) -> None:
    run(admin, "name,parent", "Child,Mother", "Mother,Grandmother", "Grandmother,", "Late,Mother")
    assert dict(Account.objects.values_list("name", "parent__name")) == {
        "Child": "Mother",
        "Mother": "Grandmother",
        "Grandmother": None,
        "Late": "Mother",
    }
    assert set(Account.objects.values_list("version", flat=True)) == {1}


def test_a_parent_is_found_among_the_accounts_of_the_crm_by_its_natural_key(admin: Any) -> None:
    mother = make_account("Mother GmbH")
    report = run(admin, "name,parent", "Child,MOTHER")
    assert Account.objects.get(name="Child").parent == mother
    assert told(report) == []


@pytest.mark.parametrize(
    "lines, remarks",
    [
        (["name,parent", "Child,Nobody"],
         [(2, "created", "It is found neither in the file nor in the CRM."
           " The value was left out.")]),
        (["name,parent", "Selfish,Selfish Inc"],
         [(2, "created", "It would be below itself. The value was left out.")]),
        (["name,parent", "A1,A2", "A2,A3", "A3,A1"],
         [(4, "created", "It would be below itself. The value was left out.")]),
        (["name,country", "Acme,Philipines"], [(2, "created", "Read as Philippines (PH).")]),
        (["name,country", "Acme,Nigera"],
         [(2, "created", "This country is not known. Did you mean Nigeria (NG)?"
           " The value was left out.")]),
        (["name,country", "Acme,Xyzzy"],
         [(2, "created", "This country is not known. The value was left out.")]),
        (["name,sector", "Acme,technolgy"], [(2, "created", "Read as Technology.")]),
        (["name,sector", "Acme,Alchemy"],
         [(2, "created", "This is not known. The value was left out.")]),
        (["name,employees", "Acme,many"],
         [(2, "created", "A whole number is expected. The value was left out.")]),
        (["name,employees", "Acme,-5"],
         [(2, "created", "A number from 0 to 2147483647 is expected. The value was left out.")]),
        (["name,revenue", "Acme,a lot"],
         [(2, "created", "A number is expected. The value was left out.")]),
        (["name,founded", "Acme,12"],
         [(2, "created", "A number from 1000 to 2200 is expected. The value was left out.")]),
        (["name,email", "Acme,nobody"],
         [(2, "created", "“nobody” is not an e-mail address. The value was left out.")]),
        (["name,website", "Acme,javascript:alert(1)"],
         [(2, "created", "This is not a web address. The value was left out.")]),
        (["city,name", "Oslo,"], [(2, "skipped", "The name is missing.")]),
        (["city,name", "Oslo,!!!"], [(2, "skipped", "The name is missing.")]),
        (["name", "Acme Inc.", "", "ACME"],
         [(4, "skipped", "The same as in line 2.")]),
        (["name", "x" * 300], [(2, "skipped", "At most 255 characters, not 300.")]),
    ],
)  # fmt: skip
def test_every_doubtful_row_is_told_with_its_line_and_the_reason(
    admin: Any, lines: list[str], remarks: list[Any]
) -> None:
    assert told(run(admin, *lines)) == remarks


def test_a_value_that_is_left_out_leaves_what_is_stored(admin: Any) -> None:
    run(admin, "name,employees,country", "Acme,12,DE")
    report = run(admin, "name,employees,country", "Acme,many,Xyzzy")
    account = Account.objects.get()
    assert (account.employees, account.country, account.version) == (12, "DE", 1)
    assert outcomes(report) == ["unchanged"]


def test_two_accounts_of_the_same_name_make_the_row_refused(admin: Any) -> None:
    make_account("Acme Ltd")
    make_account("Acme, Inc.")
    before = fingerprint()
    report = run(admin, "name,city", "Acme,Oslo", "Other,Oslo")
    assert told(report) == [(2, "skipped", "2 records match this row.")]
    assert fingerprint()["taiga_crm_account"][0] == before["taiga_crm_account"][0] + 1


def test_a_known_account_gets_only_what_differs(admin: Any) -> None:
    run(admin, "name,city,employees", "Acme,Oslo,12")
    report = run(admin, "name,city,employees,country", "ACME Inc.,Bergen,12,NO")
    account = Account.objects.get()
    assert (account.name, account.city, account.country) == ("Acme", "Bergen", "NO")
    assert (account.version, outcomes(report)) == (2, ["updated"])
    entry = HistoryEntry.objects.order_by("-id")[0]
    assert sorted(change["field"] for change in entry.changes) == ["city", "country"]


def test_the_kind_and_name_of_a_known_account_stay(admin: Any) -> None:
    person = make_account("John Doe", type=personal())
    assert outcomes(run(admin, "name,type", "john doe,Company")) == ["unchanged"]
    person.refresh_from_db()
    assert (person.type, person.name) == (personal(), "John Doe")


def test_empty_cells_delete_nothing(admin: Any) -> None:
    run(admin, "name,city", "Acme,Oslo")
    assert outcomes(run(admin, "name,city", "Acme,")) == ["unchanged"]
    assert Account.objects.get().city == "Oslo"


def test_addresses_are_added_once_and_the_primary_one_stays(admin: Any) -> None:
    run(admin, "name,email,phone", "Acme,a@x.test; b@x.test,+1 212 555 0123")
    report = run(admin, "name,email,phone", "Acme,B@X.test,+12125550123", "New,n@x.test,")
    again = run(admin, "name,email", "Acme,c@x.test")
    rows = Account.objects.get(name="Acme").emails.values_list("value", "is_primary")
    assert outcomes(report) == ["unchanged", "created"]
    assert outcomes(again) == ["updated"]
    assert list(rows) == [("a@x.test", True), ("b@x.test", False), ("c@x.test", False)]


def test_the_project_is_given_to_new_and_known_accounts(admin: Any) -> None:
    project = make_crm_project("Aurora")
    make_account("Known")
    lines = ("name", "Known", "New")
    report = run(admin, *lines, project_id=project.pk)
    assert outcomes(report) == ["linked", "created"]
    assert set(Account.objects.values_list("name", "project_links__project")) == {
        ("Known", project.pk),
        ("New", project.pk),
    }
    before = fingerprint()
    assert outcomes(run(admin, *lines, project_id=project.pk)) == ["unchanged", "unchanged"]
    assert fingerprint() == before


def test_only_accounts_that_the_actor_sees_are_matched() -> None:
    project, elsewhere = make_crm_project("Aurora"), make_crm_project("Nimbus")
    hidden = make_account("Acme", elsewhere, city="Oslo")
    seller = make_worker(project, "sally", ("view", "add"))
    report = run(seller, "name,city", "Acme,Bergen", project_id=project.pk)
    assert outcomes(report) == ["created"]
    hidden.refresh_from_db()
    assert (hidden.city, hidden.version, Account.objects.count()) == ("Oslo", 1, 2)


def test_what_the_actor_may_not_do_is_refused_row_by_row() -> None:
    project = make_crm_project("Aurora")
    make_account("Known", project)
    viewer = make_worker(project, "vera", ("view",))
    before = fingerprint()
    report = run(viewer, "name,city", "Known,Oslo", "New,Oslo", project_id=project.pk)
    assert told(report) == [
        (2, "skipped", "You may not do this."),
        (3, "skipped", "You may not add this."),
    ]
    assert fingerprint() == before


def test_who_sees_only_projects_needs_a_project_for_new_accounts() -> None:
    seller = make_worker(make_crm_project("Aurora"), "sally", ("view", "add"))
    report = run(seller, "name", "New")
    assert told(report) == [(2, "skipped", "Choose a project, or make the account private.")]


def test_a_global_key_is_enough_without_a_project() -> None:
    director = make_user("dirk")
    give_keys(director, "view_everything", "change_everything")
    assert outcomes(run(director, "name,parent", "Child,Mother", "Mother,")) == [
        "created",
        "created",
    ]


def test_a_child_of_a_refused_parent_is_taken_without_it(admin: Any) -> None:
    report = run(admin, "name,parent", "Child," + "x" * 300, "x" * 300 + ",")
    assert outcomes(report) == ["created", "skipped"]
    assert Account.objects.get().parent is None


def test_a_failure_in_the_middle_leaves_nothing(admin: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.burst() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'disk full'; END$$;"
            "CREATE TRIGGER burst BEFORE INSERT ON taiga_crm_account FOR EACH ROW"
            " WHEN (NEW.name = 'Boom') EXECUTE FUNCTION pg_temp.burst()"
        )
    before = fingerprint()
    with pytest.raises(DatabaseError, match="disk full"):
        run(admin, "name", "First", "Boom", "Last")
    assert fingerprint() == before
