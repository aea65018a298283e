"""Declarations: the meta agrees with the API, and a wrong declaration stops the boot."""

from dataclasses import replace

import pytest
from asking import got
from records import make_crm_project, make_worker

from factories import make_user
from taiga_crm.models import Industry
from taiga_crm.registry import catalog
from taiga_crm.registry.checks import check_entity
from taiga_crm.registry.entity import Action, Entity, Field
from taiga_crm.registry.kinds import KINDS
from taiga_crm.registry.rules import EVERYONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def meta(api):
    return got(api(make_user("root", is_superuser=True)).get("meta"))


def test_every_name_in_the_meta_is_a_field(meta):
    for key, one in meta["entities"].items():
        fields = {field["name"]: field for field in one["fields"]}
        named = {
            *one["list_display"], *one["list_filter"], *one["totals"], one["name_field"],
            *(name.lstrip("-") for name in one["ordering"]),
            *(group["name"] for group in one["group_by"]),
            *(name for section in one["fieldsets"] for name in section["fields"]),
        }  # fmt: skip
        assert named - set(fields) == set(), key
        assert {field["kind"] for field in one["fields"]} <= set(KINDS)
        for field in one["fields"]:
            assert field["filterable"] is (field["name"] in one["list_filter"]), field
            assert bool(field["operators"]) <= field["filterable"]
            if field["kind"] in ("link", "links"):
                assert field["target"] in {*meta["entities"], "user", "project"}
            if field["visible_if"]:
                assert field["visible_if"]["field"] in fields


def test_the_order_of_the_meta_names_every_entity_once(meta):
    assert sorted(meta["order"]) == sorted(meta["entities"])


def test_every_operator_of_the_meta_is_taken_by_its_list(api, meta):
    root = api(make_user("boss", is_superuser=True))
    samples = {"link": "1", "links": "1", "boolean": "true", "datetime": "2026-01-01",
               "integer": "2000", "money": "1", "country": "NO"}  # fmt: skip
    for one in meta["entities"].values():
        for field in one["fields"]:
            for operator in field["operators"]:
                value = samples.get(field["kind"], "x")
                if field["kind"] == "choice":
                    value = field["choices"][0]["value"]
                special = {"empty": "true", "within": "today", "between": f"{value},{value}"}
                value = special.get(operator, value)
                name = field["name"] + ("" if operator == "exact" else f"__{operator}")
                answer = root.get(one["path"], {name: value})
                wanted = 404 if name == "project" else 200  # one's own project, and there is none
                assert answer.status_code == wanted, (one["key"], name)


def test_every_sortable_groupable_and_shown_column_is_served(api, meta):
    root = api(make_user("boss", is_superuser=True))
    for one in meta["entities"].values():
        for field in one["fields"]:
            if field["sortable"]:
                assert root.get(one["path"], {"sort": field["name"]}).status_code == 200
            if field["columnar"]:
                assert root.get(one["path"], {"fields": field["name"]}).status_code == 200
        for group in one["group_by"]:
            name = group["name"] + (f":{group['unit']}" if group["unit"] else "")
            assert root.get(f"{one['path']}/groups", {"group_by": name}).status_code == 200


def test_a_list_shows_its_columns_and_a_record_all_fields(api, meta):
    root = api(make_user("boss", is_superuser=True))
    one = meta["entities"]["industry"]
    row = got(root.get("industries"))[0]
    assert set(row) == {"id", "_verbs", "version", *one["list_display"]}
    record = got(root.get(f"industries/{row['id']}"))
    assert set(record) == {"id", "_verbs", "version", *(f["name"] for f in one["fields"])}


def test_verbs_in_the_meta_are_those_of_the_person(api):
    project = make_crm_project("Aurora")
    reader = got(api(make_worker(project, verbs=["view"])).get("meta"))["entities"]
    # change and delete stand there because of private accounts he may have made before
    assert reader["account"]["verbs"] == ["view", "change", "delete"]
    assert (reader["industry"]["verbs"], reader["user_type"]["verbs"]) == (["view"], [])
    stranger = got(api(make_user()).get("meta"))["entities"]
    assert {tuple(one["verbs"]) for one in stranger.values()} == {()}


def test_labels_follow_the_language(api):
    korean = got(api(make_user(), lang="ko").get("meta"))["entities"]["account"]["label"]
    english = got(api(make_user(), lang="en").get("meta"))["entities"]["account"]["label"]
    assert english == "Account"
    assert korean != "Account"


PLAIN = Entity(
    key="probe", path="probes", model=Industry, label="Probe", label_plural="Probes",
    rules={"view": EVERYONE}, list_display=("name",),
)  # fmt: skip


@pytest.fixture
def faults(monkeypatch):
    def find(**changes):
        entity = replace(PLAIN, **changes)
        monkeypatch.setitem(catalog._entities, "probe", entity)
        catalog.fields_of.cache_clear()
        return [(one.id, one.msg) for one in check_entity(entity)]

    yield find
    catalog.fields_of.cache_clear()


def test_a_good_declaration_has_no_fault(faults):
    assert faults() == []


@pytest.mark.parametrize("changes, code, word", [
    ({"list_display": ("nome",)}, "crm.E001", "nome"),
    ({"list_filter": ("nome",)}, "crm.E001", "nome"),
    ({"ordering": ("-nome",)}, "crm.E001", "nome"),
    ({"totals": ("nome",)}, "crm.E001", "nome"),
    ({"list_display": ("name__x",)}, "crm.E001", "name__x"),
    ({"search_column": "search_text", "search_fields": ("nome",)}, "crm.E001", "nome"),
    ({"lookup_detail": ("nome",)}, "crm.E001", "nome"),
    ({"search_also": ("nome",)}, "crm.E001", "nome"),
    ({"name_field": "nome"}, "crm.E001", "nome"),
    ({"group_by": ("nome",)}, "crm.E002", "nome"),
    ({"group_by": ("position",), "list_display": ("name", "position")}, "crm.E002", "position"),
    ({"fields": (Field("name", "poem"),)}, "crm.E003", "poem"),
    ({"actions": (Action("fly", "Fly", print, verb="soar"),)}, "crm.E004", "fly"),
    ({"rules": {}}, "crm.E005", "view"),
])  # fmt: skip
def test_a_wrong_declaration_is_named(faults, changes, code, word):
    found = faults(**changes)
    assert [one for one, _text in found] == [code]
    assert word in found[0][1]


@pytest.mark.parametrize("changes", [{}, {"key": "other"}])
def test_a_second_entity_with_the_same_key_or_path_is_refused(changes):
    taken = replace(PLAIN, key="industry", path="industries")
    with pytest.raises(ValueError, match="registered already"):
        catalog.register(replace(taken, **changes))
