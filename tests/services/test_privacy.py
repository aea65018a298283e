"""Privacy: what is held about a person is handed over, forgotten for good, and asked for first."""

import io
import json
import zipfile

import pytest
from asking import column, got
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from records import (
    company,
    fingerprint,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    personal,
)

from factories import make_user
from taiga_crm import models
from taiga_crm.capabilities.kept_files import files_root
from taiga_crm.kernel import clock
from taiga_crm.permissions.fields import every_field

pytestmark = pytest.mark.django_db
TRACES = ("Zimmermann", "Zoe", "zoe@zq7x.example", "420601123456", "601 123 456")


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def anna(project):
    return make_worker(project, "anna")


@pytest.fixture
def account(project):
    return make_account("Acme", project)


@pytest.fixture
def zoe(api, anna, account):
    """Return the id of a person about whom much is held."""
    from records import employee

    client = api(anna)
    body = {
        "account": account.pk, "type": employee().pk, "last_name": "Zimmermann",
        "first_name": "Zoe", "emails": ["Zoe@zq7x.example"], "phones": ["+420 601 123 456"],
        "notes": "Likes Zimmermann tea", "job_title": "CFO",
    }  # fmt: skip
    pk = got(client.post("contacts", body), 201)["id"]
    got(client.patch(f"contacts/{pk}", {"version": 1, "notes": "Zoe moved"}))
    got(client.post(f"contacts/{pk}/comments", {"text": "Zoe said yes"}), 201)
    said = "Call Zoe Zimmermann, zoe@zq7x.example or +420601123456"
    got(client.post(f"accounts/{account.pk}/comments", {"text": said}), 201)
    models.Job.objects.create(kind="x", created_by=anna, result={"rows": [said]}, error=said)
    models.SavedView.objects.create(kind="contact", name="Zoe Zimmermann", state={"q": [said]})
    models.VcardKept.objects.create(kind="contact", object_id=pk, lines=["FN:Zoe Zimmermann"])
    models.MergeRun.objects.create(kind="contact", winner_id=pk, loser_ids=[999_999],
                                   labels={"9": "Zoe Zimmermann"}, journal={"x": said})  # fmt: skip
    client.client.post(
        f"/api/v1/crm/contacts/{pk}/attachments",
        {"file": SimpleUploadedFile("Zoe.txt", b"Zoe Zimmermann", "text/plain")},
        **client.headers,
    )
    got(client.post(f"contacts/{pk}/follow"))
    return pk


def dump():
    """Return every row of every table of the CRM as text, as a dump of the database has it."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("taiga_crm_"):
                cursor.execute(f"SELECT row_to_json(r)::text FROM {table} r")
                found[table] = "\n".join(row[0] for row in cursor.fetchall())
    return found


def hits():
    """Return {table: traces} of the person."""
    return {
        table: [trace for trace in TRACES if trace.casefold() in text.casefold()]
        for table, text in dump().items()
        if any(trace.casefold() in text.casefold() for trace in TRACES)
    }


@pytest.mark.feature("F163")
def test_nothing_in_any_table_tells_of_an_anonymized_person(
    api, anna, account, zoe, django_capture_on_commit_callbacks
):
    before = hits()
    assert len(before) >= 10  # the person stands in all kinds of tables
    (file,) = models.AttachmentVersion.objects.values_list("file", flat=True)
    assert (files_root() / file).read_bytes() == b"Zoe Zimmermann"
    with django_capture_on_commit_callbacks(execute=True):
        gone = got(api(anna).post(f"contacts/{zoe}/anonymize"))
    assert gone["name"] == f"Anonymous {zoe}"
    assert hits() == {}
    assert not (files_root() / file).exists()
    verbs = models.HistoryEntry.objects.filter(kind="contact", object_id=zoe).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "create", "update", "attach", "anonymize",
    ]  # fmt: skip
    assert list(verbs.values_list("actor_name", flat=True)) == ["Anna"] * 4
    said = models.Comment.objects.get(kind="account").text
    assert said == "Call […], […] or […]"
    assert models.Comment.objects.get(kind="contact").text == ""
    assert column(api(anna), "contacts", q="zimmermann") == []


def test_others_of_a_similar_name_keep_theirs(api, anna, account, zoe):
    other = make_contact(account, "Zimmermann")
    kim = make_contact(account, "Kim")
    text = "Kim and Zimmermann met; kim@other.example"
    got(api(anna).post(f"accounts/{account.pk}/comments", {"text": text}), 201)
    got(api(anna).post(f"contacts/{kim.pk}/anonymize"))
    other.refresh_from_db()
    assert other.name == "Zimmermann"
    assert models.Comment.objects.order_by("-pk")[0].text == text  # one short word is no trace


@pytest.mark.feature("F163")
def test_an_account_that_is_a_person_is_anonymized_and_a_company_is_not(api, anna, project):
    person = make_account("Zoe Zimmermann", project, type=personal(), last_name="Zimmermann",
                          city="Zimmermannstadt", vat_number="Zoe 1")  # fmt: skip
    firm = make_account("Zimmermann GmbH", project, type=company())
    before = fingerprint()
    refused = api(anna).post(f"accounts/{firm.pk}/anonymize")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert api(anna).post(f"accounts/{firm.pk}/personal-archive").status_code == 409
    assert fingerprint() == before
    got(api(anna).post(f"accounts/{person.pk}/anonymize"))
    person.refresh_from_db()
    assert (person.name, person.first_name, person.city) == (f"Anonymous {person.pk}", "", "")
    assert (person.vat_number, person.vat_key, person.search_text) == ("", "", "")


def test_history_of_linked_records_no_longer_names_the_person(api, anna, project):
    person = make_account("Zimmermann", project, type=personal(), last_name="Zimmermann")
    child = make_account("Child", project)
    got(api(anna).patch(f"accounts/{child.pk}", {"version": 1, "parent": person.pk}))
    assert "Zimmermann" in str(models.HistoryEntry.objects.filter(object_id=child.pk).values())
    got(api(anna).post(f"accounts/{person.pk}/anonymize"))
    assert "Zimmermann" not in str(models.HistoryEntry.objects.filter(object_id=child.pk).values())


def archive(client, path):
    answer = client.post(f"{path}/personal-archive")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_archive_holds_every_field_and_part_and_is_logged(api, anna, account, zoe):
    purpose = models.ConsentPurpose.objects.create(name="Newsletter")
    body = {"purpose": purpose.pk, "given_on": "2026-01-02", "source": "Fair"}
    got(api(anna).post(f"contacts/{zoe}/consents", body), 201)
    found = archive(api(anna), f"contacts/{zoe}")
    record = json.loads(found.read("record.json"))[0]
    from taiga_crm.registry.catalog import entity

    assert set(every_field(entity("contact"), anna)) <= set(record)
    assert record["emails"][0]["value"] == "Zoe@zq7x.example"
    rows = found.read("record.csv").decode("utf-8-sig").splitlines()
    assert "Last name" in rows[0]
    assert "Zimmermann" in rows[1]
    assert "Zoe said yes" in found.read("comment.json").decode()
    assert "Fair" in found.read("consent.csv").decode()
    assert "Zoe moved" in found.read("history.json").decode()
    files = [name for name in found.namelist() if name.startswith("files/")]
    assert [found.read(name) for name in files] == [b"Zoe Zimmermann"]
    assert "left out because the exporting person may not see them: 0" in (
        found.read("README.txt").decode()
    )
    last = models.HistoryEntry.objects.filter(kind="contact", object_id=zoe).order_by("-pk")[0]
    assert (last.verb, last.actor) == ("export_person", anna)


def test_only_who_may_delete_exports_or_anonymizes_a_person(api, project, zoe):
    seller = make_worker(project, verbs=["view", "add", "change"])
    blind = make_worker(make_crm_project("Boreas"))
    before = fingerprint()
    for path in ("personal-archive", "anonymize"):
        assert api(seller).post(f"contacts/{zoe}/{path}").status_code == 403
        assert api(blind).post(f"contacts/{zoe}/{path}").status_code == 404
    assert fingerprint() == before


def test_a_consent_is_given_once_and_withdrawn_with_its_date(api, anna, project, account):
    client, contact = api(anna), make_contact(account, "Jana")
    purpose = models.ConsentPurpose.objects.create(name="Newsletter", wording="I agree.")
    path = f"contacts/{contact.pk}/consents"
    body = {"purpose": purpose.pk, "given_on": "2026-01-02", "source": "Fair in Brno"}
    made = got(client.post(path, body), 201)["consents"][0]
    assert (made["wording"], made["withdrawn_on"]) == ("I agree.", None)
    assert made["recorded_by"] == "Anna"
    assert client.post(path, body).status_code == 409
    assert column(client, "contacts", consents__contains="newsl") == ["Jana"]
    early = {"withdrawn_on": "2026-01-01"}
    assert client.post(f"{path}/{made['id']}/withdraw", early).status_code == 400
    gone = got(client.post(f"{path}/{made['id']}/withdraw"))["consents"][0]
    assert gone["withdrawn_on"] == clock.today().isoformat()
    assert client.post(f"{path}/{made['id']}/withdraw").status_code == 409
    assert column(client, "contacts", consents__contains="newsl") == []
    got(client.post(path, body), 201)
    verbs = [entry["verb"] for entry in got(client.get(f"contacts/{contact.pk}/history"))]
    assert verbs == ["give_consent", "withdraw_consent", "give_consent"]
    viewer = make_worker(project, verbs=["view"])
    assert got(api(viewer).get(path))["_verbs"] == []
    assert api(viewer).post(path, body).status_code == 403


@pytest.mark.parametrize(
    "over, fault",
    [
        ({"purpose": 999_999}, "purpose"),
        ({"purpose": True}, "purpose"),
        ({"source": " "}, "source"),
        ({"given_on": "2999-01-01"}, "given_on"),
        ({"given_on": None}, "given_on"),
        ({"note": "x" * 20_001}, "note"),
    ],
)
def test_a_consent_without_purpose_day_or_source_is_refused(api, anna, account, over, fault):
    contact = make_contact(account, "Jana")
    purpose = models.ConsentPurpose.objects.create(name="Newsletter")
    body = {"purpose": purpose.pk, "given_on": "2026-01-02", "source": "Fair", **over}
    before = fingerprint()
    assert list(got(api(anna).post(f"contacts/{contact.pk}/consents", body), 400)) == [fault]
    assert fingerprint() == before


def test_a_private_person_is_nobody_elses_to_export(api, project, anna):
    person = make_account("Mine", project, type=personal(), last_name="Mine", created_by=anna,
                          is_private=True)  # fmt: skip
    root = api(make_user(is_superuser=True))
    for path in ("personal-archive", "anonymize", "consents"):
        assert root.post(f"accounts/{person.pk}/{path}").status_code == 404
