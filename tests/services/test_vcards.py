"""vCards in and out: every real card comes back with all we hold; the same card is an update."""

from pathlib import Path

import pytest
from asking import got
from django.core.files.uploadedfile import SimpleUploadedFile
from records import employee, make_account, make_contact, make_crm_project, make_worker

from factories import make_user
from taiga_crm.capabilities.jobs import run_waiting
from taiga_crm.capabilities.vcard_cards import read_cards
from taiga_crm.models import Account, Contact, HistoryEntry, VcardKept
from taiga_crm.services.vcards import Options, write_cards

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[1] / "cards"
CARDS = sorted(path.name for path in REAL.glob("*.vcf"))
HELD = ("first_name", "last_name", "job_title", "department", "messenger", "notes", "account_id")


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


def take(content, actor, **options):
    if isinstance(content, str):
        content = content.encode()
    return write_cards(read_cards(content), actor, Options(**options))


def card(*lines, version="3.0"):
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def text_of(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def held():
    """Return all that we hold of contacts and accounts, without ids."""
    people = [
        ({name: getattr(one, name) for name in HELD},
         [(e.value, e.type, e.is_primary) for e in one.emails.all()],
         [(e.value, e.type, e.is_primary) for e in one.phones.all()])
        for one in Contact.objects.order_by("pk")
    ]  # fmt: skip
    return people, list(Account.objects.order_by("pk").values_list("name", "city", "street"))


@pytest.mark.feature("F141")
@pytest.mark.parametrize("version", ["3.0", "4.0"])
@pytest.mark.parametrize("name", CARDS)
def test_every_real_card_comes_back_whole_and_is_a_no_op_in_again(
    client, worker, project, name, version
):
    content = (REAL / name).read_bytes()
    report = take(content, worker, project=project.pk, create_accounts=True)
    assert report.counts == {"created": len(read_cards(content))}
    before, entries = held(), HistoryEntry.objects.count()
    params = {"version": version, "sort": "created_at"}
    for path in ("contacts", "accounts"):
        text = text_of(client.get(f"{path}/vcards", params))
        again = take(text, worker, project=project.pk, create_accounts=True) if text else None
        if again:
            assert set(again.counts) <= {"unchanged", "updated"}
    assert held() == before
    assert HistoryEntry.objects.count() == entries
    text = text_of(client.get("contacts/vcards", params))
    assert set(take(text, worker).counts) == {"unchanged"}
    if "emails" not in name:
        report = take(content, worker, project=project.pk, create_accounts=True)
        assert "created" not in report.counts
    assert held() == before


def test_an_iphone_card_is_read_into_its_fields(client, worker, project):
    ibm = make_account("IBM Corp.", project)
    take((REAL / "John_Doe_IPHONE.vcf").read_bytes(), worker)
    row = Contact.objects.get()
    assert (row.first_name, row.last_name, row.job_title, row.department, row.account) == (
        "John", "Doe", "Money Counter", "Accounting", ibm,
    )  # fmt: skip
    phones = [(one.value, one.type) for one in row.phones.all()]
    assert phones[:3] == [("905-555-1234", "mobile"), ("905-666-1234", "home"),
                          ("905-777-1234", "work")]  # fmt: skip
    assert ("905-888-1234", "fax") in phones
    lines = unfolded(text_of(client.get(f"contacts/{row.pk}/vcard")))
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert "FN:Mr. John Richter James Doe Sr." in lines
    assert "N:Doe;John;Richter,James;Mr.;Sr.".replace(",", "\\,") in lines
    assert "NICKNAME:Johny" in lines
    assert "item2.X-ABLabel:_$!<AssistantPhone>!$_".upper() in [one.upper() for one in lines]
    assert any(one.startswith("PHOTO;ENCODING=b;TYPE=JPEG:") for one in lines)


def test_lines_are_folded_at_75_octets_and_end_as_the_standard_says(client, worker, project):
    row = make_contact(make_account("주식회사 한빛", project), "김한빛")
    row.notes = "한글 메모, 세미콜론; 역슬래시 \\ 줄\n바꿈 " * 20
    row.save()
    raw = b"".join(client.get(f"contacts/{row.pk}/vcard").streaming_content)
    assert raw.endswith(b"END:VCARD\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(line.decode() is not None for line in raw.split(b"\r\n"))
    note = next(one for one in read_cards(raw)[0].lines if one.name == "NOTE")
    assert note.text() == row.notes


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_versions_have_what_they_require(client, project, version):
    account = make_account("Acme", project, city="Oslo", street="Gate 1", country="NO")
    row = make_contact(account, "Kim", first_name="Ada")
    lines = unfolded(text_of(client.get(f"contacts/{row.pk}/vcard", {"version": version})))
    assert lines[1] == f"VERSION:{version}"
    assert ("N:Kim;Ada;;;" in lines, "ORG:Acme" in lines) == (True, True)
    assert ("KIND:individual" in lines) == (version == "4.0")
    company = unfolded(text_of(client.get(f"accounts/{account.pk}/vcard", {"version": version})))
    assert ("KIND:org" in company) == (version == "4.0")
    assert ("X-ABShowAs:COMPANY" in company) == (version == "3.0")
    assert "ADR;TYPE=WORK:;;Gate 1;Oslo;;;Norway" in company
    assert client.get(f"accounts/{account.pk}/vcard", {"version": "2.1"}).status_code == 400


def test_a_company_card_becomes_an_account_and_is_found_again(client, worker, project):
    text = card("KIND:org", "FN:Acme a.s.", "ORG:Acme a.s.", "EMAIL:x@acme.cz", "URL:acme.cz",
                "ADR:;;Dlouha 1;Praha;;110 00;Czechia", version="4.0")  # fmt: skip
    report = take(text, worker, project=project.pk)
    account = Account.objects.get()
    assert report.ids == {"account": {"created": [account.pk]}}
    assert (account.name, account.city, account.country) == ("Acme a.s.", "Praha", "CZ")
    assert take(text, worker, project=project.pk).counts == {"unchanged": 1}
    exported = text_of(client.get(f"accounts/{account.pk}/vcard"))
    assert take(exported.replace("Acme a.s.", "Acme Group"), worker).counts == {"updated": 1}
    account.refresh_from_db()
    assert account.name == "Acme Group"  # its UID says that it is the same


def test_the_same_person_is_found_by_uid_mail_phone_and_name(worker):
    first = card("UID:abc-1", "FN:Ada Kim", "N:Kim;Ada;;;", "EMAIL:Ada@Example.org")
    assert take(first, worker).counts == {"created": 1}
    assert take(first + first, worker).counts == {"unchanged": 2}
    assert take(card("UID:abc-1", "N:Kim-Lee;Ada;;;"), worker).counts == {"updated": 1}
    assert take(card("N:Kim-Lee;Ada;;;", "EMAIL:ada@example.ORG", "TEL:+82 2 555 1234"),
                worker).counts == {"updated": 1}  # fmt: skip
    assert take(card("N:Kim-Lee;Ada;;;", "TEL:+82-2-555-1234", "TITLE:CEO"),
                worker).counts == {"updated": 1}  # fmt: skip
    assert take(card("N:Kim-Lee;Ada;;;"), worker).counts == {"updated": 1}  # another card is kept
    row = Contact.objects.get()
    assert (row.last_name, row.job_title) == ("Kim-Lee", "CEO")
    assert [one.value for one in row.emails.all()] == ["Ada@Example.org"]
    assert take(card("N:Kim-Lee;Ada;;;", "EMAIL:other@example.org"), worker).counts == {
        "created": 1
    }


def test_a_card_never_touches_a_record_that_the_person_does_not_see(api, worker, project):
    keeper = make_worker(project)
    secret = make_account("Secret", project, created_by=keeper, is_private=True)
    hidden = make_contact(secret, "Kim", first_name="Ada")
    uid = text_of(api(keeper).get(f"contacts/{hidden.pk}/vcard"))
    assert api(worker).get(f"contacts/{hidden.pk}/vcard").status_code == 404
    assert api(make_user("root", is_superuser=True)).get(
        f"accounts/{secret.pk}/vcard"
    ).status_code == 404  # fmt: skip
    report = take(uid.replace("Ada", "Eve"), worker)
    assert report.counts == {"created": 1}
    hidden.refresh_from_db()
    assert hidden.first_name == "Ada"
    assert take(uid.replace("Ada", "Eva"), keeper).counts == {"updated": 1}


def test_an_unknown_company_is_told_or_made(worker, project):
    text = card("N:Kim;Ada;;;", "ORG:Nowhere Ltd.", "EMAIL:a@b.c")
    report = take(text, worker)
    assert report.rows[0]["remarks"] == [
        "No account is called “Nowhere Ltd.”: the contact stands alone."
    ]
    assert report.rows[0]["account"] is None
    report = take(text, worker, project=project.pk, create_accounts=True)
    assert report.counts == {"updated": 1}
    assert Contact.objects.get().account.name == "Nowhere Ltd."
    assert Account.objects.get().project_ids == [project.pk]


def test_what_cannot_be_taken_is_told_and_the_rest_is_taken(worker):
    report = take(card("N:Kim;Ada;;;", "EMAIL:not an address", "TEL:call me", "TITLE:" + "x" * 500,
                       "EMAIL:a@b.c", "nonsense without end"), worker)  # fmt: skip
    assert report.counts == {"created": 1}
    assert len(report.rows[0]["remarks"]) == 4
    assert [one.value for one in Contact.objects.get().emails.all()] == ["a@b.c"]
    assert Contact.objects.get().job_title == ""


@pytest.mark.parametrize(
    "lines,reason",
    [
        (["KIND:group", "FN:Friends"], "no person and no company"),
        (["NOTE:nobody"], "no name"),
    ],
)
def test_a_card_of_nobody_is_refused_and_changes_nothing(worker, lines, reason):
    report = take(card(*lines), worker)
    assert report.counts == {"refused": 1}
    assert reason in report.rows[0]["remarks"][0]
    assert (Contact.objects.count(), VcardKept.objects.count()) == (0, 0)


def test_deleted_and_anonymized_records_leave_no_card_behind(client, worker):
    take(card("N:Kim;Ada;;;", "EMAIL:a@b.c") + card("N:Lee;Bo;;;", "EMAIL:b@b.c"), worker)
    one, two = Contact.objects.order_by("pk")
    assert client.delete(f"contacts/{one.pk}").status_code == 204
    assert client.post(f"contacts/{two.pk}/anonymize").status_code == 200
    assert VcardKept.objects.count() == 0
    assert "Lee" not in text_of(client.get(f"contacts/{two.pk}/vcard"))


def test_a_file_is_previewed_without_a_trace_and_imported_by_a_job(client, worker):
    content = card("N:Kim;Ada;;;", "EMAIL:a@b.c").encode()

    def upload(path, **fields):
        file = SimpleUploadedFile("cards.vcf", content, "text/vcard")
        return client.client.post(f"/api/v1/crm/{path}", {"file": file, **fields}, **client.headers)

    told = got(upload("vcards/preview"))
    assert (told["cards"], told["counts"]["created"], told["rows"][0]["name"]) == (1, 1, "Ada Kim")
    assert (Contact.objects.count(), VcardKept.objects.count(), HistoryEntry.objects.count()) == (
        0,
    ) * 3
    job = got(upload("vcards"), 202)
    assert (job["kind"], job["state"]) == ("vcards", "waiting")
    assert upload("vcards", project="x").status_code == 400
    assert client.post("vcards", {}).status_code == 400

    run_waiting()
    result = got(client.get(f"jobs/{job['id']}"))["result"]
    assert result["import"] == job["import"]
    assert result["counts"] == {"created": 1, "updated": 0, "unchanged": 0, "refused": 0}
    assert result["ids"] == {"contact": {"created": [Contact.objects.get().pk]}}


def test_lists_and_chosen_records_are_exported_in_one_file(client, project):
    account = make_account("Acme", project)
    rows = [make_contact(account, f"Person {number}") for number in range(3)]
    assert text_of(client.get("contacts/vcards", {"account": account.pk})).count("BEGIN") == 3
    ids = f"{rows[0].pk},{rows[2].pk},999999"
    assert text_of(client.get("contacts/vcards", {"ids": ids})).count("BEGIN:VCARD") == 2
    assert client.get("contacts/vcards", {"ids": "x"}).status_code == 400
    assert client.get("contacts/vcards", {"nothing": "x"}).status_code == 400
    answer = client.get(f"contacts/{rows[0].pk}/vcard")
    assert answer["Content-Disposition"] == 'attachment; filename="Person 0.vcf"'
