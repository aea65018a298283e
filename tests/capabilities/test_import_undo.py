"""Undo of an import: what it did goes, what people did later stays and is told."""

from __future__ import annotations

from typing import Any

import pytest
from imported import draft, import_lines
from records import fingerprint, make_account, make_contact, make_crm_project, make_worker

from factories import make_user
from taiga_crm.capabilities import imports
from taiga_crm.capabilities.jobs import run_waiting
from taiga_crm.capabilities.plain_edit import change_record
from taiga_crm.kernel.errors import WrongState
from taiga_crm.models import Account, BinEntry, HistoryEntry, Import, Industry
from taiga_crm.registry.catalog import entity

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]
OWN = ("taiga_crm_import", "taiga_crm_importrow", "taiga_crm_job")


@pytest.fixture
def admin() -> Any:
    return make_user("root", is_superuser=True)


def undo(run: Import, actor: Any) -> Import:
    imports.start_undo(actor, run.pk)
    run_waiting()
    return imports.import_of(actor, run.pk)


def test_what_was_made_goes_into_the_bin_and_what_was_changed_comes_back(admin: Any) -> None:
    import_lines(admin, "name,city,employees,email", "Known,Oslo,12,a@x.test")
    before = Account.objects.values("city", "employees", "industry", "name").get()
    done = import_lines(
        admin, "name,city,employees,email,industry",
        "Known,Bergen,,b@x.test,Retail", "New,Oslo,1,n@x.test,",
    )  # fmt: skip
    assert done.outcomes == ["updated", "created"]
    run = undo(done.run, admin)
    assert (run.state, run.undone) == ("undone", {"undone": 2, "kept": [], "kept_count": 0})
    known = Account.objects.get()
    assert Account.objects.values("city", "employees", "industry", "name").get() == before
    assert [one.value for one in known.emails.all()] == ["a@x.test"]
    assert BinEntry.objects.get().label == "New"
    entry = HistoryEntry.objects.filter(object_id=known.pk).order_by("-pk")[0]
    assert (entry.verb, entry.actor) == ("update", admin)


def test_what_somebody_edited_later_is_kept_and_told(admin: Any) -> None:
    import_lines(admin, "name,city", "Known,Oslo")
    done = import_lines(admin, "name,city", "Known,Bergen", "New,Oslo", "Other,Oslo")
    for name in ("Known", "New"):
        record = Account.objects.get(name=name)
        change_record(entity("account"), admin, record.pk, {"version": record.version, "city": "X"})
    run = undo(done.run, admin)
    assert run.undone["undone"] == 1
    assert {(one["label"], one["reason"]) for one in run.undone["kept"]} == {
        ("Known", "It was edited since."), ("New", "It was edited since."),
    }  # fmt: skip
    assert set(Account.objects.values_list("name", "city")) == {("Known", "X"), ("New", "X")}


def test_a_record_that_others_hang_on_is_kept(admin: Any) -> None:
    done = import_lines(admin, "name,parent", "Mother,", "Child,Mother", "Other,")
    make_contact(Account.objects.get(name="Child"))
    run = undo(done.run, admin)
    assert {one["label"] for one in run.undone["kept"]} == {"Mother", "Child"}
    assert Account.objects.get(name="Child").parent.name == "Mother"


def test_a_tree_that_was_imported_goes_whole(admin: Any) -> None:
    done = import_lines(admin, "name,parent", "Child,Mother", "Mother,Top", "Top,")
    assert undo(done.run, admin).undone["undone"] == 3
    assert Account.objects.count() == 0


def test_what_was_made_for_links_goes_when_nobody_uses_it(admin: Any) -> None:
    lines = ("name,sector", "Acme,Alchemy", "Other,Astrology")
    done = import_lines(admin, *lines, create_missing=["industry"])
    assert {one["kind"] for one in done.run.made} == {"industry"}
    make_account("User", industry=Industry.objects.get(name="Astrology"))
    undo(done.run, admin)
    assert set(Account.objects.values_list("name", flat=True)) == {"User"}
    assert set(Industry.objects.filter(name__startswith="A").values_list("name", flat=True)) >= {
        "Astrology"
    }
    assert not Industry.objects.filter(name="Alchemy").exists()


def test_who_may_not_delete_keeps_what_he_imported() -> None:
    project = make_crm_project("Aurora")
    seller = make_worker(project, "sally", ("view", "add"))
    done = import_lines(seller, "name", "New", project=project.pk)
    run = undo(done.run, seller)
    assert run.undone["kept"] == [
        {
            "kind": "account",
            "id": Account.objects.get().pk,
            "label": "New",
            "reason": "You may not delete it.",
        }
    ]


def test_an_import_is_undone_once_and_only_when_it_is_done(admin: Any) -> None:
    run = draft(admin, b"name\nA\n")
    with pytest.raises(WrongState):
        imports.start_undo(admin, run.pk)
    done = import_lines(admin, "name", "B")
    undo(done.run, admin)
    before = fingerprint(without=OWN)
    with pytest.raises(WrongState):
        imports.start_undo(admin, done.run.pk)
    assert fingerprint(without=OWN) == before
