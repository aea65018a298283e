"""Custom fields of every kind behave like built-in ones in every engine (F117)."""

import csv
import io

import pytest
from asking import got
from customs import SAMPLES, define
from records import company, make_account, make_crm_project, make_worker

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F117")]
ALL = pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.kind)
SORTABLE = pytest.mark.parametrize(
    "sample", [s for s in SAMPLES if s.sortable], ids=lambda s: s.kind
)


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project, "worker"))


@pytest.fixture
def four(client, project):
    """Return a function that makes three records with the values of a sample and an empty one."""

    def make(sample):
        name = define(sample.kind, "Extra").name
        ids = [
            got(client.post("accounts", {
                "type": company().pk, "first_name": f"Account {place}", "projects": [project.pk],
                **({} if value is None else {name: value}),
            }), 201)["id"]
            for place, value in enumerate((*sample.values, None))
        ]  # fmt: skip
        return name, ids

    return make


def changes_of(client, pk):
    return [
        (one["field"], one["old"], one["new"])
        for one in got(client.get(f"accounts/{pk}/history"))[0]["changes"]
    ]


@ALL
def test_a_value_comes_back_as_it_was_sent(client, four, sample):
    name, ids = four(sample)
    rows = {row["id"]: row for row in got(client.get("accounts", {"fields": f"name,{name}"}))}
    empty = {"tags": [], "boolean": False}.get(sample.kind)
    assert [rows[pk][name] for pk in ids[:3]] == list(sample.values)
    assert rows[ids[3]][name] in (empty, "")
    assert [got(client.get(f"accounts/{pk}"))[name] for pk in ids[:3]] == list(sample.values)


@ALL
def test_a_value_is_changed_emptied_and_told_in_the_history(client, four, sample):
    name, ids = four(sample)
    pk, path = ids[0], f"accounts/{ids[0]}"
    assert got(client.patch(path, {"version": 1, name: sample.values[2]}))[name] == sample.values[2]
    assert changes_of(client, pk) == [(name, sample.texts[0], sample.texts[2])]
    empty = False if sample.kind == "boolean" else None
    after = got(client.patch(path, {"version": 2, name: empty}))
    assert after[name] in (None, "", [], False)
    assert after["version"] == 3
    last = "no" if sample.kind == "boolean" else ""
    assert changes_of(client, pk) == [(name, sample.texts[2], last)]
    assert got(client.patch(path, {"version": 3, name: empty}))["version"] == 3


@ALL
def test_every_filter_of_the_kind_finds_what_it_says(client, four, sample):
    name, ids = four(sample)
    for operator, (raw, places) in sample.found.items():
        operator = operator.split(" ")[0]
        key = name if operator == "exact" else f"{name}__{operator}"
        found = {row["id"] for row in got(client.get("accounts", {key: raw}))}
        assert found == {ids[place] for place in places}, (operator, raw)


@SORTABLE
@pytest.mark.parametrize("direction", ["", "-"])
def test_sorting_leads_through_all_pages_by_cursor_with_empty_values_last(
    client, four, sample, direction
):
    name, ids = four(sample)
    expected = ids[:3] if not direction else ids[2::-1]
    if sample.kind == "boolean":
        expected = (
            [ids[0], ids[1], ids[3], ids[2]] if not direction else [ids[2], ids[3], *ids[1::-1]]
        )
    else:
        expected = [*expected, ids[3]]
    params, seen = {"sort": f"{direction}{name}", "page_size": 1}, []
    while True:
        answer = client.get("accounts", params)
        seen += [row["id"] for row in got(answer)]
        cursor = answer.headers.get("x-pagination-next-cursor") or ""
        if not cursor:
            break
        params["cursor"] = cursor
    assert seen == expected


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.group], ids=lambda s: s.kind)
def test_groups_count_and_lead_to_their_rows(client, four, sample):
    name, ids = four(sample)
    unit = ":month" if sample.kind in ("date", "datetime") else ""
    answer = got(client.get("accounts/groups", {"group_by": f"{name}{unit}"}))
    assert answer["count"] == 4
    group = next(one for one in answer["groups"] if one["label"] == sample.group)
    found = got(client.get("accounts", group["filter"]))
    assert len(found) == group["count"]
    assert sum(one["count"] for one in answer["groups"]) == 4
    if sample.kind != "boolean":
        assert answer["groups"][-1]["value"] is None


@pytest.mark.parametrize("kind, total", [
    ("integer", 7), ("decimal", "10.625"),
    ("money", [{"amount": "9.00", "currency": "EUR"}, {"amount": "2.00", "currency": "USD"}]),
])  # fmt: skip
def test_numbers_are_added_up(client, four, kind, total):
    sample = next(one for one in SAMPLES if one.kind == kind)
    name, _ids = four(sample)
    assert got(client.get("accounts/groups", {"totals": name}))["totals"] == {name: total}


@ALL
def test_the_export_has_the_label_and_the_texts(client, four, sample):
    name, _ids = four(sample)
    answer = client.get("accounts/export.csv", {"fields": f"name,{name}", "sort": "name"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0][1] == "Extra"
    assert [row[1].removeprefix("'") for row in rows[1:4]] == list(sample.texts)
    assert rows[4][1] == ("no" if sample.kind == "boolean" else "")


@ALL
def test_a_copy_takes_the_value_along(client, four, sample):
    name, ids = four(sample)
    assert got(client.get("accounts/new", {"copy": ids[2]}))[name] == sample.values[2]


BAD = {
    "text": ["x" * 256, 5, "\0"], "long_text": ["x" * 20_001, []],
    "integer": ["x", 1.5, 2**31, True],
    "decimal": ["x", "1e5", True, "NaN", "9" * 16],
    "money": ["5", {"amount": "5"}, {"amount": "x", "currency": "EUR"}],
    "boolean": ["yes", 1], "date": ["2026-02-30", "x", 5], "datetime": ["x", "2026-02-30T10:00Z"],
    "choice": ["iron", ["gold"], 5], "tags": ["gold", ["iron"], [5]],
    "url": ["javascript:x", "a b"],
    "email": ["x", "a@b@c", "a b@c"], "phone": ["x", "12"], "country": ["XX", 5],
}  # fmt: skip


@ALL
def test_a_wrong_value_is_refused_under_its_name_and_nothing_changes(client, four, sample):
    name, ids = four(sample)
    for value in BAD[sample.kind]:
        answer = client.patch(f"accounts/{ids[0]}", {"version": 1, name: value})
        assert answer.status_code == 400, value
        assert list(answer.json())[0] == name or name in answer.json(), value
    assert got(client.get(f"accounts/{ids[0]}"))[name] == sample.values[0]


@ALL
def test_values_written_by_others_survive_an_edit_of_one_field(client, four, sample):
    name, ids = four(sample)
    got(client.patch(f"accounts/{ids[1]}", {"version": 1, "city": "Oslo"}))
    assert got(client.get(f"accounts/{ids[1]}"))[name] == sample.values[1]


def test_an_account_that_was_there_before_has_no_value(client, project):
    account = make_account("Old", project)
    names = [define(one.kind, one.kind.capitalize()).name for one in SAMPLES]
    row = got(client.get(f"accounts/{account.pk}"))
    assert all(row[name] in (None, "", [], False) for name in names)
