"""Updates of an import: written together as creates are, each with its rules and its history."""

from __future__ import annotations

from typing import Any

import pytest
from customs import define
from django.db import connection
from django.test.utils import CaptureQueriesContext
from imported import draft, import_lines
from records import (
    employee,
    fingerprint,
    industry,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    set_rules,
)

from factories import make_user
from taiga_crm.capabilities import imports
from taiga_crm.capabilities.jobs import run_waiting
from taiga_crm.models import Account, AccountEmail, AccountProject, Contact, HistoryEntry

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]
OWN = ("taiga_crm_import", "taiga_crm_importrow")


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


def undo(run: Any, actor: Any) -> Any:
    imports.start_undo(actor, run.pk)
    run_waiting()
    return imports.import_of(actor, run.pk)


def test_updates_ask_as_few_queries_for_many_rows_as_for_few(admin: Any) -> None:
    project, other = make_crm_project("Aurora"), make_crm_project("Boreas")
    define("text", "Plan")
    for name in ("Retail", "Mining"):
        industry(name)
    asked = []
    for size in (2, 3, 60):
        names = [f"{size} firm {number}" for number in range(size)]
        header = "name,city,email,phone,industry,account manager,Plan"
        first = [f"{one},Oslo,a@x.test,,Retail,," for one in names]
        then = [f"{one},Rome {one},b{n}@x.test,+1 212 555 {1000 + n},Mining,root,{one}"
                for n, one in enumerate(names)]  # fmt: skip
        import_lines(admin, header, *first, project=project.pk)
        with CaptureQueriesContext(connection) as queries:
            done = import_lines(admin, header, *then, project=other.pk)
        assert done.outcomes == ["updated"] * size
        asked.append(len(queries))
        account = Account.objects.get(name=names[-1])
        assert (account.city, account.industry.name, account.version) == (
            f"Rome {names[-1]}", "Mining", 2,
        )  # fmt: skip
        assert account.project_ids == [project.pk, other.pk]
        assert account.emails.count() == 2
        assert "rome" in account.search_text
    assert asked[1] == asked[2]
    assert HistoryEntry.objects.filter(verb="update").count() == 65
    assert AccountProject.objects.count() == 130


def test_an_undo_asks_as_few_queries_for_many_rows_as_for_few(admin: Any) -> None:
    asked = []
    for size in (3, 60):
        names = [f"{size} firm {number}" for number in range(size)]
        import_lines(admin, "name,city,industry", *(f"{one},Oslo,Retail" for one in names))
        before = list(Account.objects.order_by("pk").values("city", "industry", "search_text"))
        done = import_lines(admin, "name,city,industry,email",
                            *(f"{one},Rome,Mining,{n}@x.test" for n, one in enumerate(names)),
                            create_missing=["industry"])  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            run = undo(done.run, admin)
        asked.append(len(queries))
        assert (run.undone["undone"], run.undone["kept"]) == (size, [])
        after = list(Account.objects.order_by("pk").values("city", "industry", "search_text"))
        assert after == before
        assert not AccountEmail.objects.exists()
    assert asked[0] == asked[1]


def test_a_row_that_the_rules_refuse_leaves_the_others_of_its_chunk(admin: Any) -> None:
    import_lines(admin, "name,city,vat", "One,Oslo,CZ1", "Two,Oslo,CZ2", "Three,Oslo,CZ3")
    done = import_lines(
        admin, "vat,name,city", "CZ1,One,Rome", f"CZ2,{'x' * 300},Rome", "CZ3,Three,Rome",
        key="vat_number",
    )  # fmt: skip
    assert done.outcomes == ["updated", "skipped", "updated"]
    assert dict(Account.objects.values_list("name", "city")) == {
        "One": "Rome", "Two": "Oslo", "Three": "Rome",
    }  # fmt: skip
    assert HistoryEntry.objects.filter(verb="update").count() == 2


def test_a_rule_of_the_database_refuses_one_row_and_not_its_chunk(admin: Any) -> None:
    names = ("First", "Boom", "Last")
    import_lines(admin, "name,city,email", *(f"{one},Oslo,{one}@x.test" for one in names))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.burst() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE unique_violation; END$$;"
            "CREATE TRIGGER burst BEFORE UPDATE ON taiga_crm_account FOR EACH ROW"
            " WHEN (NEW.name = 'Boom') EXECUTE FUNCTION pg_temp.burst()"
        )
    lines = [f"{one},Rome,{one}@x.test" for one in names]
    done = import_lines(admin, "name,city,email", *lines)
    assert done.told == [(3, "skipped", "This is not possible or exists already.")]
    assert list(Account.objects.order_by("pk").values_list("city", "version")) == [
        ("Rome", 2), ("Oslo", 1), ("Rome", 2),
    ]  # fmt: skip
    assert HistoryEntry.objects.filter(verb="update").count() == 2
    assert AccountEmail.objects.count() == 3


def test_two_rows_that_would_close_a_circle_only_together_do_not(admin: Any) -> None:
    import_lines(admin, "name,parent", "A,", "Under A,A", "B,", "Under B,B")
    done = import_lines(admin, "name,parent", "A,Under B", "B,Under A")
    assert done.outcomes == ["linked", "skipped"]
    assert Account.objects.get(name="A").parent.name == "Under B"
    assert Account.objects.get(name="B").parent is None


def test_contacts_that_move_leave_one_primary_contact_in_each_account(admin: Any) -> None:
    employee()
    one, two = make_account("One"), make_account("Two")
    for number in range(3):
        make_contact(one, f"C{number}")
    make_contact(one, "Stays")
    done = import_lines(
        admin, "crm id,company", *(f"{row.pk},Two" for row in Contact.objects.order_by("pk")[:3]),
        kind="contact", mode="update",
    )  # fmt: skip
    assert done.outcomes == ["linked"] * 3
    primary = set(Contact.objects.filter(is_primary=True).values_list("account", "name"))
    assert primary == {(two.pk, "C0"), (one.pk, "Stays")}


def test_a_field_that_is_closed_to_the_person_refuses_the_row_that_changes_it(admin: Any) -> None:
    project = make_crm_project("Aurora")
    seller = make_worker(project, "sally")
    import_lines(admin, "name,city", "One,Oslo", "Two,Oslo", project=project.pk)
    state = make_account("State", type=Account.objects.first().type)
    set_rules("account", {"field": "city", "effect": "read_only", "states": [str(state.type_id)]})
    before = fingerprint(without=OWN)
    done = import_lines(seller, "name,city", "One,Rome", "Two,Oslo")
    assert done.outcomes == ["skipped", "unchanged"]
    assert fingerprint(without=OWN) == before


def test_records_of_a_blocked_project_stay_as_they_are(admin: Any) -> None:
    blocked = make_crm_project("Zephyr", blocked_code="blocked-by-staff")
    make_account("Acme", blocked, city="Oslo")
    make_account("Free", city="Oslo")
    done = import_lines(admin, "name,city", "Acme,Rome", "Free,Rome")
    assert done.outcomes == ["skipped", "updated"]
    assert Account.objects.get(name="Acme").city == "Oslo"


def test_a_preview_of_updates_leaves_everything(admin: Any) -> None:
    import_lines(admin, "name,city,email", "Acme,Oslo,a@x.test")
    before = fingerprint(without=OWN)
    done = import_lines(admin, "name,city,email", "Acme,Rome,b@x.test", dry_run=True)
    assert done.outcomes == ["updated"]
    assert fingerprint(without=OWN) == before


def test_a_cell_that_empties_a_field_with_several_values_takes_them_all(admin: Any) -> None:
    import_lines(admin, "name,email,city", "Acme,a@x.test;b@x.test,Oslo")
    done = import_lines(admin, "name,email,city", "Acme,,", empty="clear")
    assert done.outcomes == ["updated"]
    assert (AccountEmail.objects.count(), Account.objects.get().city) == (0, "")
    assert undo(done.run, admin).undone["undone"] == 1
    rows = Account.objects.get().emails.values_list("value", "is_primary")
    assert list(rows) == [("a@x.test", True), ("b@x.test", False)]
    assert draft(admin, b"name\nA\n").state == "draft"
