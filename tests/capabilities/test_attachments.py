"""Files on records: versions, names, limits, and nobody reads what he may not see."""

import datetime

import pytest
from records import make_account, make_attachment, make_contact, make_crm_project, make_worker

from factories import make_user
from taiga_crm.capabilities import attachments
from taiga_crm.kernel import clock
from taiga_crm.models import Attachment, AttachmentVersion, HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    project = make_crm_project()
    keeper = make_worker(project, "keeper")
    account = make_account("Acme", project, created_by=keeper)
    return project, keeper, account


def files(client, account):
    return client.get(f"accounts/{account.pk}/attachments").json()


def read(client, file_id, **params):
    answer = client.get(f"attachments/{file_id}/file", params)
    return answer, b"".join(answer.streaming_content) if answer.status_code == 200 else b""


@pytest.mark.feature("F080", "F124", "F152")
@pytest.mark.parametrize("kind", ["accounts", "contacts"])
def test_a_file_comes_back_byte_by_byte(api, place, kind):
    _project, keeper, account = place
    record = account if kind == "accounts" else make_contact(account, created_by=keeper)
    client = api(keeper)
    made = client.upload(
        f"{kind}/{record.pk}/attachments", "계약서 2026.pdf", b"%PDF \x00\xff", description="Signed"
    )
    assert made.status_code == 201
    [row] = client.get(f"{kind}/{record.pk}/attachments").json()
    assert (row["name"], row["size"], row["description"]) == ("계약서 2026.pdf", 7, "Signed")
    assert row["created_by"]["id"] == keeper.pk
    answer, body = read(client, row["id"])
    assert body == b"%PDF \x00\xff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "filename*=UTF-8''%EA%B3%84" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment;")
    entry = HistoryEntry.objects.filter(object_id=record.pk, verb="attach").get()
    assert entry.changes == [{"field": "attachment", "old": "", "new": "계약서 2026.pdf"}]


@pytest.mark.feature("F152", "F201")
def test_a_replaced_file_is_not_lost_and_an_earlier_version_can_be_restored(api, place):
    _project, keeper, account = place
    client = api(keeper)
    file_id = client.upload(f"accounts/{account.pk}/attachments", "a.txt", b"one").json()["id"]
    second = client.upload(f"attachments/{file_id}/versions", "b.txt", b"two")
    assert (second.status_code, second.json()["current"], second.json()["name"]) == (
        201,
        2,
        "b.txt",
    )
    third = client.post(f"attachments/{file_id}/versions/1/restore").json()
    assert (third["current"], third["name"], third["versions"][0]["restored_from"]) == (
        3,
        "a.txt",
        1,
    )
    assert [one["number"] for one in third["versions"]] == [3, 2, 1]
    assert [read(client, file_id, number=n)[1] for n in (1, 2, 3)] == [b"one", b"two", b"one"]
    assert read(client, file_id)[1] == b"one"
    assert client.post(f"attachments/{file_id}/versions/9/restore").status_code == 404


@pytest.mark.feature("F152")
def test_a_deleted_file_can_be_brought_back_until_it_is_purged(api, place):
    _project, keeper, account = place
    client = api(keeper)
    file_id = client.upload(f"accounts/{account.pk}/attachments", "a.txt", b"one").json()["id"]
    assert client.delete(f"attachments/{file_id}").status_code == 204
    assert files(client, account) == []
    assert read(client, file_id)[0].status_code == 404
    deleted = client.get(f"accounts/{account.pk}/attachments", {"deleted": "1"}).json()
    assert [one["id"] for one in deleted] == [file_id]
    assert client.post(f"attachments/{file_id}/restore").status_code == 200
    assert [one["id"] for one in files(client, account)] == [file_id]
    client.delete(f"attachments/{file_id}")
    assert attachments.purge_deleted(clock.now()) == 0
    assert attachments.purge_deleted(clock.now() + datetime.timedelta(days=31)) == 1
    assert AttachmentVersion.objects.count() == 0


@pytest.mark.parametrize(
    "given, kept",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("photo\u202egpj.png", "photogpj.png"),
        ("<script>alert(1)</script>.png", "script>.png"),
        ("Ünïcödé — №1 ☃.docx", "Ünïcödé — №1 ☃.docx"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_loses_its_path_and_its_tricks(given, kept):
    expected = kept.replace(">", "") if "script" in kept else kept
    assert attachments.checked_name(given) == expected


@pytest.mark.parametrize("name", ["", "..", "/", "run.EXE", "macro.vbs", "a/b/.", "page.hta"])
def test_a_name_that_is_none_or_runs_is_refused_and_nothing_is_kept(api, place, name):
    _project, keeper, account = place
    with pytest.raises(attachments.InvalidInput):
        attachments.checked_name(name)
    if name.strip("./"):
        answer = api(keeper).upload(f"accounts/{account.pk}/attachments", name, b"x")
        assert answer.status_code == 400
        assert list(answer.json()) == ["file"]
    assert Attachment.objects.count() == 0


def test_a_file_above_the_limit_is_413_and_nothing_is_kept(api, place, monkeypatch):
    from taiga_crm import conf

    _project, keeper, account = place
    small = conf.Conf(max_attachment_bytes=10, files_root=conf.conf().files_root)
    monkeypatch.setattr("taiga_crm.api.attachments.conf", lambda: small)
    answer = api(keeper).upload(f"accounts/{account.pk}/attachments", "a.txt", b"x" * 11)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = api(keeper).upload(f"accounts/{account.pk}/attachments", "a.txt", b"x" * 300_000)
    assert answer.status_code == 413
    assert Attachment.objects.count() == 0


def test_who_only_sees_the_record_reads_and_does_not_write(api, place):
    project, _keeper, account = place
    row = make_attachment(account)
    viewer = api(make_worker(project, "viewer", ("view",)))
    assert read(viewer, row.pk)[1] == b"%PDF-1.4"
    assert viewer.upload(f"accounts/{account.pk}/attachments", "a.txt", b"x").status_code == 403
    assert viewer.upload(f"attachments/{row.pk}/versions", "a.txt", b"x").status_code == 403
    for method, path in (("delete", ""), ("patch", ""), ("post", "/versions/1/restore")):
        assert getattr(viewer, method)(f"attachments/{row.pk}{path}").status_code == 403
    assert viewer.get(f"accounts/{account.pk}/attachments", {"deleted": "1"}).status_code == 403
    assert AttachmentVersion.objects.count() == 1


@pytest.mark.feature("F121", "F152")
def test_files_of_a_private_account_are_nobody_elses_not_even_a_superusers(api, place):
    project, keeper, _account = place
    private = make_account("Secret", project, created_by=keeper, is_private=True)
    row = make_attachment(private)
    for person in (make_user("root", is_superuser=True), make_worker(project), make_user("out")):
        client = api(person)
        assert client.get(f"accounts/{private.pk}/attachments").status_code == 404
        for path in ("", "/file"):
            here = client.get(f"attachments/{row.pk}{path}")
            absent = client.get(f"attachments/{row.pk + 1000}{path}")
            assert (here.status_code, here.json()) == (404, absent.json())
    assert read(api(keeper), row.pk)[1] == b"%PDF-1.4"


def test_a_stale_description_is_refused(api, place):
    _project, keeper, account = place
    client = api(keeper)
    row = make_attachment(account)
    fresh = client.patch(f"attachments/{row.pk}", {"version": 1, "description": "New"})
    assert (fresh.status_code, fresh.json()["version"]) == (200, 2)
    stale = client.patch(f"attachments/{row.pk}", {"version": 1, "description": "Old"})
    assert (stale.status_code, stale.json()["code"]) == (400, "stale_version")
    row.refresh_from_db()
    assert row.description == "New"


def test_a_list_of_files_asks_as_often_for_two_as_for_twenty(api, place, django_assert_num_queries):
    _project, keeper, account = place
    client = api(keeper)
    make_attachment(account)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            files(client, account)
        counts.append(len(queries))
        for _one in range(19):
            make_attachment(account)
    assert counts[0] == counts[1] <= 8
