"""vCard imports are imports: listed, told card by card, and taken back (F140, F141)."""

import pytest
from asking import got
from django.core.files.uploadedfile import SimpleUploadedFile
from records import (
    employee,
    fingerprint,
    keys_for,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import make_user
from taiga_crm.capabilities import imports, kept_files
from taiga_crm.capabilities.jobs import run_waiting
from taiga_crm.capabilities.plain_edit import change_record
from taiga_crm.models import Account, BinEntry, Contact, Import, ImportRow, VcardKept
from taiga_crm.registry.catalog import entity

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140"), pytest.mark.feature("F141")]
OWN = ("taiga_crm_import", "taiga_crm_importrow", "taiga_crm_job", "taiga_crm_historyentry",
       "taiga_crm_binentry", "taiga_crm_binrow")  # fmt: skip


@pytest.fixture
def project():
    employee()
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project)


@pytest.fixture
def client(api, worker):
    return api(worker)


def card(*lines, version="3.0"):
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def upload(client, text, **fields):
    file = SimpleUploadedFile("people.vcf", text.encode(), "text/vcard")
    answer = client.client.post("/api/v1/crm/vcards", {"file": file, **fields}, **client.headers)
    run = got(answer, 202)["import"]
    run_waiting()
    return run


def undo(client, run):
    assert client.post(f"imports/{run}/undo").status_code == 202
    run_waiting()
    return got(client.get(f"imports/{run}"))


def stored(model, *names):
    return list(model.objects.order_by("pk").values(*names))


ADA = ("N:Kim;Ada;;;", "ORG:Acme Ltd.", "EMAIL:ada@x.test", "X-PET:Cat")


def test_a_vcard_import_is_listed_with_what_became_of_each_card(client, project):
    run = upload(client, card(*ADA) + card("NOTE:nobody"), create_accounts="true",
                 project=str(project.pk))  # fmt: skip
    listed = got(client.get("imports"))[0]
    assert (listed["id"], listed["kind_label"], listed["format"], listed["state"]) == (
        run, "vCards", "vcard", "done",
    )  # fmt: skip
    assert (listed["row_count"], listed["can_undo"]) == (2, True)
    assert listed["result"]["counts"] == {
        "created": 1, "updated": 0, "linked": 0, "unchanged": 0, "skipped": 1, "doubtful": 1,
    }  # fmt: skip
    rows = got(client.get(f"imports/{run}/rows"))
    assert [(row["line"], row["kind"], row["outcome"], row["record"]) for row in rows] == [
        (1, "contact", "created", Contact.objects.get().pk), (2, "contact", "skipped", None),
    ]  # fmt: skip
    assert rows[0]["remarks"][0]["reason"] == "The account “Acme Ltd.” was made."
    whole = got(client.get(f"imports/{run}"))
    assert (whole["columns"], whole["has_file"]) == ([], False)


def test_an_undo_takes_contacts_and_the_accounts_that_were_made_for_them(client, project):
    text = card(*ADA) + card("KIND:org", "FN:Beta", "ORG:Beta", version="4.0") + card(
        "N:Lee;Bo;;;", "ORG:Beta")  # fmt: skip
    run = upload(client, text, create_accounts="true", project=str(project.pk))
    assert (Contact.objects.count(), Account.objects.count()) == (2, 2)
    told = undo(client, run)
    assert (told["state"], told["undone"]["undone"], told["undone"]["kept"]) == ("undone", 3, [])
    assert (Contact.objects.count(), Account.objects.count(), VcardKept.objects.count()) == (0,) * 3
    assert BinEntry.objects.count() == 4


def test_an_undo_gives_updated_records_back_what_they_had(client, project):
    acme = make_account("Acme", project)
    upload(client, card("UID:1", "N:Kim;Ada;;;", "ORG:Acme", "EMAIL:ada@x.test", "X-PET:Cat"))
    upload(client, card("N:Loose;Lee;;;", "EMAIL:lee@x.test"))
    before = fingerprint(without=OWN)
    kept = stored(VcardKept, "uid", "lines")
    people = stored(Contact, "first_name", "last_name", "job_title", "account", "search_text")
    text = card("UID:1", "N:Kim-Lee;Ada;;;", "TITLE:CEO", "EMAIL:ada@x.test", "EMAIL:b@x.test",
                "TEL;TYPE=CELL:+82 10 1234 5678", "X-PET:Dog") + card(
                "N:Loose;Lee;;;", "EMAIL:lee@x.test", "ORG:Acme", "X-PET:Bird")  # fmt: skip
    run = upload(client, text)
    assert fingerprint(without=OWN) != before
    assert Contact.objects.get(last_name="Loose").account == acme
    told = undo(client, run)
    assert (told["undone"]["undone"], told["undone"]["kept"]) == (2, [])
    assert stored(Contact, "first_name", "last_name", "job_title", "account", "search_text") == (
        people
    )
    assert stored(VcardKept, "uid", "lines") == kept
    ada = Contact.objects.get(last_name="Kim")
    assert list(ada.emails.values_list("value", "is_primary")) == [("ada@x.test", True)]
    assert not ada.phones.exists()


def test_what_was_edited_after_the_import_is_kept_and_told(client, worker):
    run = upload(client, card(*ADA) + card("N:Lee;Bo;;;"))
    ada = Contact.objects.get(first_name="Ada")
    change_record(entity("contact"), worker, ada.pk, {"version": 1, "job_title": "CEO"})
    told = undo(client, run)
    assert told["undone"]["undone"] == 1
    assert told["undone"]["kept"] == [
        {"kind": "contact", "id": ada.pk, "label": "Ada Kim", "reason": "It was edited since."}
    ]
    assert [one.name for one in Contact.objects.all()] == ["Ada Kim"]
    assert VcardKept.objects.count() == 1


def test_a_later_import_of_the_same_card_keeps_the_record(client):
    first = upload(client, card("UID:1", "N:Kim;Ada;;;", "X-PET:Cat"))
    second = upload(client, card("UID:1", "N:Kim;Ada;;;", "X-PET:Dog"))
    assert undo(client, first)["undone"]["kept_count"] == 1
    assert undo(client, second)["undone"]["undone"] == 1
    assert "Cat" in str(VcardKept.objects.get().lines)


def test_several_cards_of_one_person_are_taken_back_as_one(client, worker):
    text = card("UID:1", "N:Kim;Ada;;;") + card("UID:1", "N:Kim;Ada;;;", "TITLE:CEO")
    run = upload(client, text)
    assert got(client.get(f"imports/{run}"))["result"]["counts"]["updated"] == 1
    assert undo(client, run)["undone"] == {"undone": 1, "kept": [], "kept_count": 0}
    assert not Contact.objects.exists()
    known = make_contact(None, "Kim", first_name="Ada", created_by=worker, job_title="CFO")
    run = upload(client, card("UID:2", "N:Kim;Ada;;;", "TITLE:CTO")
                 + card("UID:2", "N:Kim;Ada;;;", "TITLE:CEO", "EMAIL:a@x.test"))  # fmt: skip
    assert undo(client, run)["undone"]["undone"] == 1
    known.refresh_from_db()
    assert (known.job_title, known.emails.count()) == ("CFO", 0)


def test_an_account_that_was_made_for_a_refused_card_goes_with_it(api, project):
    keys = keys_for("view", "add", kinds=["account"]) + keys_for("view", kinds=["contact"])
    client = api(make_worker(project, keys=keys))
    text = card("N:Kim;Ada;;;", "ORG:Acme") + card("N:Lee;Bo;;;", "ORG:Acme")
    run = upload(client, text, create_accounts="true", project=str(project.pk))
    told = got(client.get(f"imports/{run}/rows"))
    assert [one["outcome"] for one in told] == ["skipped", "skipped"]
    assert told[0]["remarks"] == told[1]["remarks"]
    assert (Account.objects.count(), Import.objects.get().made) == (0, [])


def test_who_may_not_delete_keeps_what_the_cards_made(api, project):
    seller = make_worker(project, "sally", ("view", "add"))
    client = api(seller)
    run = upload(client, card(*ADA), create_accounts="true", project=str(project.pk))
    kept = undo(client, run)["undone"]["kept"]
    assert [(one["label"], one["reason"]) for one in kept] == [
        ("Ada Kim", "You may not delete it.")
    ]
    assert Account.objects.count() == 1


def test_nobody_else_sees_or_undoes_the_import(api, client):
    run = upload(client, card(*ADA))
    other = api(make_user("root", is_superuser=True))
    assert other.get(f"imports/{run}").status_code == 404
    assert other.post(f"imports/{run}/undo").status_code == 404
    assert Contact.objects.count() == 1


def test_a_file_that_cannot_be_read_is_a_failed_import_that_wrote_nothing(client):
    run = upload(client, "hello")
    told = got(client.get(f"imports/{run}"))
    assert (told["state"], told["result"], told["can_undo"]) == ("failed", None, False)
    for act in ("preview", "run", "undo"):
        assert client.post(f"imports/{run}/{act}").status_code == 409
    assert client.get(f"imports/{run}/errors").status_code == 409
    assert client.delete(f"imports/{run}").status_code == 204


def test_the_cards_of_a_done_import_are_not_kept(client, django_capture_on_commit_callbacks):
    def files():
        return {one for one in kept_files.files_root().rglob("*") if one.is_file()}

    before = files()
    with django_capture_on_commit_callbacks(execute=True):
        run = Import.objects.get(pk=upload(client, card(*ADA)))
    assert (run.file, files()) == ("", before)
    assert imports.imports_of(run.owner).count() == 1
    assert ImportRow.objects.get(run=run).version == 1
