"""Imports over the API: taking a file in, mapping it, trying it, importing it, whose it is."""

from __future__ import annotations

import csv
import io

import pytest
from records import fingerprint, make_account, make_crm_project, make_worker

from factories import make_user
from taiga_crm.capabilities.jobs import run_waiting
from taiga_crm.models import Account, Import, ImportRow

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]

FILE = "Company;Sector;Mood;Umsatz Tsd. EUR\nAcme;Technolgy;good;12,5\n;;;\nNew;Retail;;many\n"


@pytest.fixture
def admin():
    return make_user("root", is_superuser=True)


@pytest.fixture
def client(api, admin):
    return api(admin)


def take_in(client, content=FILE, **fields):
    answer = client.upload("imports", "a.csv", content.encode(), kind="account", **fields)
    assert answer.status_code == 201, answer.content
    return answer.json()


def done(client, one, act):
    answer = client.post(f"imports/{one['id']}/{act}")
    assert answer.status_code == 202, answer.content
    assert answer.json()["job"]["state"] == "waiting"
    run_waiting()
    return client.get(f"imports/{one['id']}").json()


def test_a_file_is_taken_in_with_what_was_found_out_about_it(client):
    one = take_in(client)
    assert (one["state"], one["kind"], one["format"]) == ("draft", "account", "csv")
    assert (one["encoding"], one["delimiter"], one["row_count"]) == ("utf-8", ";", 2)
    assert [(c["header"], c["field"]) for c in one["columns"]] == [
        ("Company", "name"), ("Sector", "industry"), ("Mood", None),
        ("Umsatz Tsd. EUR", "annual_revenue"),
    ]  # fmt: skip
    assert one["columns"][3]["options"] == {"scale": 1000, "currency": "EUR"}
    assert one["first_rows"] == [
        ["Acme", "Technolgy", "good", "12,5"],
        ["New", "Retail", "", "many"],
    ]
    assert one["columns"][0]["samples"] == ["Acme", "New"]
    assert one["required_missing"] == []
    assert one["settings"] == {
        "mode": "create_update", "key": "name", "empty": "keep", "create_missing": [],
        "project": None, "currency": "USD",
    }  # fmt: skip
    assert one["keys"] == [{"value": "name", "label": "Account"}]
    assert (one["preview"], one["result"], one["job"], one["can_undo"]) == (None, None, None, False)
    assert {"name": "industry", "label": "Industry", "kind": "link", "required": False,
            "help": "", "link": True, "can_create": True, "units": False,
            "dates": False, "types": []} in one["targets"]  # fmt: skip


def test_a_preview_tells_everything_and_writes_nothing(client):
    one = take_in(client)
    own = ("taiga_crm_import", "taiga_crm_importrow", "taiga_crm_job")
    before = fingerprint(without=own)
    shown = done(client, one, "preview")
    assert fingerprint(without=own) == before
    assert shown["state"] == "draft"
    assert shown["preview"]["counts"] == {
        "created": 2, "updated": 0, "linked": 0, "unchanged": 0, "skipped": 0, "doubtful": 2,
    }  # fmt: skip
    rows = client.get(f"imports/{one['id']}/rows", {"outcome": "created"})
    assert rows["x-pagination-count"] == "2"
    assert rows.json()[0] == {
        "line": 2, "kind": "account", "name": "Acme", "outcome": "created", "record": None,
        "remarks": [{"column": "Sector", "written": "Technolgy", "reason": "Read as Technology."}],
    }  # fmt: skip


def test_the_run_writes_what_the_preview_told(client, admin):
    one = take_in(client)
    shown = done(client, one, "run")
    assert (shown["state"], shown["can_undo"], shown["job"]["state"]) == ("done", True, "done")
    assert shown["result"]["counts"]["created"] == 2
    acme = Account.objects.get(name="Acme")
    assert (acme.annual_revenue, acme.annual_revenue_currency) == (12500, "EUR")
    assert (acme.industry.name, acme.created_by) == ("Technology", admin)
    row = ImportRow.objects.get(line=2)
    assert (row.object_id, row.version, row.outcome) == (acme.pk, 1, "created")
    again = client.post(f"imports/{one['id']}/run")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_a_draft_is_mapped_and_set_and_what_is_wrong_is_refused_by_its_name(client):
    one = take_in(client)
    path = f"imports/{one['id']}"
    changed = client.patch(
        path,
        {
            "mapping": [
                {"position": 2, "field": "description", "options": {}},
                {"position": 3, "field": "annual_revenue", "options": {"currency": "czk"}},
            ],
            "settings": {"mode": "create", "create_missing": ["industry"]},
        },
    ).json()
    assert changed["columns"][2]["field"] == "description"
    assert changed["columns"][3]["options"] == {"currency": "CZK"}
    assert changed["settings"]["mode"] == "create"
    before = Import.objects.values().get(pk=one["id"])
    for body, name in [
        ({"mapping": [{"position": 2, "field": "name"}]}, "mapping"),
        ({"mapping": [{"position": 9, "field": None}]}, "mapping"),
        ({"mapping": [{"position": 2, "field": "version"}]}, "mapping"),
        ({"mapping": [{"position": 2, "field": "city", "options": {"scale": "x"}}]}, "mapping"),
        ({"settings": {"mode": "destroy"}}, "mode"),
        ({"settings": {"key": "emails"}}, "key"),
        ({"settings": {"project": 99}}, "project"),
        ({"settings": {"create_missing": ["name"]}}, "create_missing"),
        ({"settings": {"currency": "euro"}}, "currency"),
        ({"encoding": "unicode_escape"}, "encoding"),
        ({"delimiter": "x"}, "delimiter"),
        ({"profile": 99}, "profile"),
    ]:
        answer = client.patch(path, body)
        assert (answer.status_code, name in answer.json()) == (400, True), (body, answer.json())
    assert Import.objects.values().get(pk=one["id"]) == before


def test_another_encoding_reads_the_file_again(client):
    content = "회사명,도시\n한빛전자,서울\n".encode("cp949")
    one = client.upload("imports", "a.csv", content, kind="account").json()
    assert (one["encoding"], one["columns"][0]["field"]) == ("cp949", "name")
    changed = client.patch(f"imports/{one['id']}", {"encoding": "iso8859-1"}).json()
    assert (changed["encoding"], changed["columns"][0]["field"]) == ("iso8859-1", None)
    refused = client.patch(f"imports/{one['id']}", {"encoding": "utf-8"})
    assert (refused.status_code, list(refused.json())[0]) == (400, "file")


def test_the_errors_come_back_with_their_reason_and_can_be_imported_again(client, admin):
    make_account("Twin"), make_account("Twin Ltd")
    one = take_in(client, "Company,City\nTwin,=Oslo\nFine,Bergen\n")
    done(client, one, "run")
    answer = client.get(f"imports/{one['id']}/errors")
    content = b"".join(answer.streaming_content)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["Company", "City", "reason"],
                    ["Twin", "'=Oslo", "Company: 2 records match this row."]]  # fmt: skip
    fixed = content.replace(b"Twin", b"Triplet")
    again = client.upload("imports", "b.csv", fixed, kind="account").json()
    assert [c["field"] for c in again["columns"]] == ["name", "city", None]
    done(client, again, "run")
    assert Account.objects.get(name="Triplet").city == "=Oslo"


def test_the_errors_come_as_a_spreadsheet_too(client):
    one = take_in(client, "Company,City\n,Oslo\n")
    done(client, one, "preview")
    answer = client.get(f"imports/{one['id']}/errors", {"format": "xlsx"})
    content = b"".join(answer.streaming_content)
    again = client.upload("imports", "b.xlsx", content, kind="account").json()
    assert (again["format"], again["row_count"]) == ("xlsx", 1)
    assert [c["header"] for c in again["columns"]] == ["Company", "City", "reason"]


def test_an_import_is_its_owners_alone(api, client):
    project = make_crm_project("Aurora")
    seller = api(make_worker(project, "sally"))
    one = take_in(client)
    path = f"imports/{one['id']}"
    for answer in (
        seller.get(path), seller.patch(path, {}), seller.delete(path), seller.get(f"{path}/rows"),
        seller.get(f"{path}/errors"), seller.post(f"{path}/run"), seller.post(f"{path}/preview"),
        seller.post(f"{path}/undo"),
        seller.post("import-profiles", {"name": "x", "import": one["id"]}),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert seller.get("imports").json() == []
    assert [row["id"] for row in client.get("imports", {"kind": "account"}).json()] == [one["id"]]
    assert client.get("imports", {"kind": "contact"}).json() == []


def test_only_kinds_that_the_person_may_add_are_offered(api):
    viewer = api(make_worker(make_crm_project("Aurora"), "vera", ("view",)))
    assert viewer.get("imports/kinds").json() == []
    assert viewer.upload("imports", "a.csv", b"name\nA\n", kind="account").status_code == 404
    assert Import.objects.count() == 0


def test_a_forgotten_import_leaves_its_records(client):
    one = take_in(client)
    done(client, one, "run")
    assert client.delete(f"imports/{one['id']}").status_code == 204
    assert client.get(f"imports/{one['id']}").status_code == 404
    assert (Account.objects.count(), ImportRow.objects.count()) == (2, 0)


@pytest.mark.parametrize(
    "name, content, status",
    [
        ("a.csv", b"", 400),
        ("a.pdf", b"%PDF-1.4 x", 400),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", 400),
        ("a.xlsx", b"PK\x03\x04 broken", 400),
        ("a.csv", b"a," * 10_000 + b"\n1\n", 400),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_not_kept(client, name, content, status):
    answer = client.upload("imports", name, content, kind="account")
    assert (answer.status_code, list(answer.json())[0]) == (status, "file")
    assert Import.objects.count() == 0


def test_a_mapping_is_kept_as_a_profile_and_applied_by_itself(client, api):
    one = take_in(client)
    path = f"imports/{one['id']}"
    client.patch(path, {"mapping": [{"position": 2, "field": "description"}],
                        "settings": {"currency": "KRW"}})  # fmt: skip
    profile = client.post("import-profiles", {"name": "Mine", "import": one["id"], "shared": True})
    assert (profile.status_code, profile.json()["columns"][2]) == (
        201, {"header": "Mood", "field": "description", "options": {}},
    )  # fmt: skip
    other = take_in(client, "Mood;Umsatz Tsd. EUR;Extra;Company;Sector\ngood;1;x;Acme;Retail\n")
    assert other["profile"] == {"id": profile.json()["id"], "name": "Mine"}
    assert [c["field"] for c in other["columns"]] == [
        "description", "annual_revenue", None, "name", "industry",
    ]  # fmt: skip
    assert other["settings"]["currency"] == "KRW"
    seller = api(make_worker(make_crm_project("Aurora"), "sally"))
    assert [one["mine"] for one in seller.get("import-profiles", {"kind": "account"}).json()] == [
        False
    ]
    number = profile.json()["id"]
    assert seller.patch(f"import-profiles/{number}", {"name": "Theirs"}).status_code == 403
    assert seller.delete(f"import-profiles/{number}").status_code == 403
    renamed = client.patch(f"import-profiles/{number}", {"name": "Ours", "shared": False})
    assert (renamed.json()["name"], renamed.json()["shared"]) == ("Ours", False)
    assert seller.delete(f"import-profiles/{number}").status_code == 404
    assert client.delete(f"import-profiles/{number}").status_code == 204


def test_a_mended_file_is_read_like_the_one_it_came_from(client, api):
    one = take_in(client)
    chosen = [
        {"position": 2, "field": "description"},
        {"position": 3, "field": "annual_revenue", "options": {"scale": 1000000}},
    ]
    client.patch(f"imports/{one['id']}", {"mapping": chosen, "settings": {"empty": "clear"}})
    mended = FILE.replace("EUR\n", "EUR;reason\n", 1)
    assert take_in(client, mended)["columns"][2]["field"] is None  # nothing was tried so far
    done(client, one, "preview")
    other = take_in(client, mended)
    assert [(c["field"], c["options"]) for c in other["columns"]] == [
        ("name", {}), ("industry", {}), ("description", {}),
        ("annual_revenue", {"scale": 1000000}), (None, {}),
    ]  # fmt: skip
    assert other["settings"]["empty"] == "clear"
    seller = api(make_worker(make_crm_project("Aurora"), "sally", keys=["add_account"]))
    theirs = take_in(seller, mended)
    assert (theirs["columns"][2]["field"], theirs["settings"]["empty"]) == (None, "keep")


def test_a_profile_is_renewed_from_an_import_of_its_kind(client, api):
    one = take_in(client)
    path = f"imports/{one['id']}"
    number = client.post("import-profiles", {"name": "Mine", "import": one["id"]}).json()["id"]
    client.patch(path, {"mapping": [{"position": 2, "field": "description"}],
                        "settings": {"mode": "update"}})  # fmt: skip
    renewed = client.patch(f"import-profiles/{number}", {"import": one["id"]}).json()
    assert (renewed["name"], renewed["settings"]["mode"]) == ("Mine", "update")
    assert renewed["columns"][2]["field"] == "description"
    contacts = client.upload("imports", "a.csv", b"Last name\nDoe\n", kind="contact").json()
    refused = client.patch(f"import-profiles/{number}", {"import": contacts["id"]})
    assert (refused.status_code, list(refused.json())[0]) == (400, "import")
    shared = client.patch(f"import-profiles/{number}", {"shared": True}).json()
    assert client.get(f"imports/{one['id']}").json()["profiles"] == [
        {"id": number, "name": "Mine", "mine": True, "shared": True, "can_change": True,
         "fits": True}
    ]  # fmt: skip
    assert shared["columns"] == renewed["columns"]
    other = api(make_user("rita", is_superuser=True))
    assert other.patch(f"import-profiles/{number}", {"import": one["id"]}).status_code == 404
