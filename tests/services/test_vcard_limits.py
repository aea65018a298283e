"""Hostile cards, the text of cards in all versions, and the settings of the mapping (R12, F141)."""

import pytest
from asking import got
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from records import employee, give_keys, make_account, make_contact, make_crm_project, make_worker

from factories import make_user
from taiga_crm.capabilities.vcard_cards import MAX_CARDS, read_cards, write_card
from taiga_crm.capabilities.vcard_text import Line, escaped, read_lines, unescaped, write_line
from taiga_crm.capabilities.vcard_uid import id_of_uid, own_uid
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Contact, VcardMapping
from taiga_crm.services.vcards import Options, write_cards

BEGIN, END = b"BEGIN:VCARD\r\nVERSION:3.0\r\n", b"END:VCARD\r\n"


@pytest.fixture
def client(api, db):
    employee()
    return api(make_worker(make_crm_project("Aurora")))


def sent(client, content, path="vcards/preview"):
    file = SimpleUploadedFile("cards.vcf", content, "text/vcard")
    return client.client.post(f"/api/v1/crm/{path}", {"file": file}, **client.headers)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"\x00" * 100, BEGIN + b"FN:x\x00y\r\n" + END, b"PK\x03\x04" + b"x" * 1000,
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", (BEGIN + b"FN:x\r\n" + END) * (MAX_CARDS + 1),
    ],
    ids=["empty", "text", "zeros", "zero inside", "archive", "calendar", "too many"],
)  # fmt: skip
def test_a_file_without_cards_or_with_too_many_is_a_clear_400(client, content):
    answer = sent(client, content)
    assert answer.status_code == 400
    assert list(answer.json()) == ["file"]
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("path", ["vcards", "vcards/preview"])
def test_a_file_above_the_limit_is_413(client, path):
    assert (
        sent(client, BEGIN + b"NOTE:" + b"x" * 10_200_000 + b"\r\n" + END, path).status_code == 413
    )


@pytest.mark.parametrize(
    "content",
    [
        BEGIN + b"FN:Ada Kim\r\nNOTE:" + b"x" * 5_000_000 + b"\r\n" + END,
        BEGIN + b"FN:Ada Kim\r\n" + b"X-A:1\r\n" * 200_000 + END,
        BEGIN * 50_000 + b"FN:Ada Kim\r\n" + END * 50_000,
        BEGIN + b"FN:Ada Kim\r\n" + b" x" * 1_000_000 + b"\r\n" + END,
        BEGIN
        + b"FN:Ada Kim\r\n"
        + b"NOTE;ENCODING=QUOTED-PRINTABLE:"
        + b"=41=\r\n" * 100_000
        + END,
        BEGIN + b"FN:Ada Kim\r\n" + b"X-A;" + b"TYPE=a," * 300_000 + b":x\r\n" + END,
        BEGIN + b"FN:Ada Kim\r\n" + b"ORG:" + b"\\;" * 900_000 + b"\r\n" + END,
        BEGIN + b"FN:Ada Kim\r\nPHOTO;VALUE=uri:http://127.0.0.1:1/x.png\r\n" + END,
    ],
    ids=["long", "many", "nested", "folded", "quoted", "params", "escapes", "address"],
)
def test_a_bomb_is_one_harmless_card_or_refused_and_nothing_is_fetched(client, content):
    answer = sent(client, content)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert [row["name"] for row in answer.json()["rows"]][0] in ("Ada Kim", "")


def test_scripts_and_formulas_in_names_stay_texts(client, db):
    text = BEGIN + b"N:<script>alert(1)</script>;=cmd;;;\r\nEMAIL:a@b.c\r\n" + END
    write_cards(read_cards(text), make_user("root", is_superuser=True), Options())
    assert Contact.objects.get().name == "=cmd <script>alert(1)</script>"


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=200))
def test_any_text_survives_writing_and_reading(text):
    assert unescaped(escaped(text)) == text
    line = Line("NOTE", escaped(text), (("LABEL", text.replace("^", "")),))
    raw = write_line(line)
    assert all(len(one) <= 75 for one in raw.split(b"\r\n"))
    found = next(iter(read_lines(raw)))
    assert (found.text(), found.value) == (text, line.value)


def test_quoted_printable_charsets_and_bare_types_of_2_1_are_read():
    text = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
        b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=ED=95=9C=EB=B9=9B;=\r\n=EA=B9=80;;;\r\n"
        b"TEL;CELL;PREF:123\r\nNOTE;ENCODING=QUOTED-PRINTABLE:a, b; c=0D=0Ad\\e\r\nEND:VCARD\r\n"
    ) + "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=EUC-KR:김\r\nEND:VCARD\r\n".encode("euc-kr")
    first, second = read_cards(text)
    assert first.first("N").parts()[:2] == ["한빛", "김"]
    assert first.first("TEL").types() == {"cell", "pref"}
    assert first.text("NOTE") == "a, b; c\nd\\e"
    assert second.text("FN") == "김"


def test_pictures_change_their_form_with_the_version():
    line = Line("PHOTO", "AAAA", (("ENCODING", "b"), ("TYPE", "PNG")))
    four = write_card([line], "4.0")
    assert b"PHOTO:data:image/png;base64,AAAA" in four
    assert b"PHOTO;ENCODING=b;TYPE=PNG:AAAA" in write_card(read_cards(four)[0].lines, "3.0")


def test_our_uid_tells_the_record_and_cannot_be_made_up():
    uid = own_uid("contact", 12)
    assert uid == own_uid("contact", 12)
    assert id_of_uid("contact", uid) == 12
    assert id_of_uid("account", uid) is None
    assert id_of_uid("contact", uid[:-1] + ("0" if uid[-1] != "0" else "1")) is None
    assert id_of_uid("contact", "urn:uuid:00000000-000c-8000-8000-000000000000") is None
    assert id_of_uid("contact", "anything") is None


@pytest.mark.feature("F141")
def test_the_mapping_is_a_setting_of_those_who_keep_settings(api, client, db):
    keeper = make_user("keeper")
    give_keys(keeper, "manage_settings", "view_everything")
    shown = got(client.get("vcards/mapping"))
    assert shown["can_change"] is False
    people = next(one for one in shown["kinds"] if one["kind"] == "contact")
    assert {f["name"]: f["property"] for f in people["fields"]}["job_title"] == "TITLE"
    body = {"kind": "contact", "version": 1, "fields": {"last_name": "N.family",
            "job_title": "ROLE", "emails": "EMAIL", "notes": "X-REMARK"}}  # fmt: skip
    assert client.patch("vcards/mapping", body).status_code == 403
    assert VcardMapping.objects.count() == 0
    got(api(keeper).patch("vcards/mapping", body))
    assert api(keeper).patch("vcards/mapping", body).status_code == 400  # the version is old
    row = make_contact(None, "Kim", job_title="CEO", notes="hello", department="Sales",
                       created_by=client_user(client))  # fmt: skip
    text = b"".join(client.get(f"contacts/{row.pk}/vcard").streaming_content).decode()
    assert "\r\nROLE:CEO\r\n" in text
    assert "\r\nX-REMARK:hello\r\n" in text
    assert "Sales" not in text
    card = read_cards(BEGIN + b"N:Lee;;;;\r\nROLE:CFO\r\nTITLE:no\r\nX-REMARK:hi\r\n" + END)
    write_cards(card, make_user("root", is_superuser=True), Options())
    found = Contact.objects.get(name="Lee")
    assert (found.job_title, found.notes) == ("CFO", "hi")


@pytest.mark.parametrize(
    "fields",
    [
        {"nothing": "TITLE"}, {"job_title": "EMAIL"}, {"emails": "TEL"}, {"job_title": "BEGIN"},
        {"job_title": "TITLE", "notes": "TITLE"}, {"job_title": 7}, "x", {"notes": "X-A:B\r\nC"},
    ],
)  # fmt: skip
def test_a_mapping_that_makes_no_card_is_refused(api, db, fields):
    keeper = make_user("keeper")
    give_keys(keeper, "manage_settings", "view_everything")
    body = {"kind": "contact", "version": 1, "fields": fields}
    assert api(keeper).patch("vcards/mapping", body).status_code == 400
    assert VcardMapping.objects.count() == 0


def test_queries_of_an_export_do_not_grow_with_its_records(client, django_assert_max_num_queries):
    account = make_account("Acme")
    account.is_global = True
    account.save()
    for number in range(30):
        make_contact(account, f"Person {number}")
    with django_assert_max_num_queries(16):
        b"".join(client.get("contacts/vcards").streaming_content)


def test_reading_a_refused_file_names_the_field():
    with pytest.raises(InvalidInput) as refusal:
        read_cards(b"nothing")
    assert list(refusal.value.fields) == ["file"]


def client_user(client):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.filter(username__startswith="worker").latest("pk")
