"""The CRM of a project: who switches it, what off means, what roles may do (F002, F003, F210)."""

import pytest
from asking import column, got
from records import (
    fingerprint,
    give_keys,
    keys_for,
    make_account,
    make_crm_project,
    make_worker,
)

from factories import make_member, make_project, make_role, make_user
from taiga_crm import conf as conf_module
from taiga_crm.models import HistoryEntry, ProjectSettings, RoleGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project("Nimbus")


@pytest.fixture
def admin(project):
    return make_member(project, is_admin=True)


@pytest.fixture
def configured(settings):
    """Return a function that sets TAIGA_CRM["who_may_enable"] for one test."""

    def configure(who):
        settings.TAIGA_CRM = {**settings.TAIGA_CRM, "who_may_enable": who}
        conf_module.conf.cache_clear()

    yield configure
    conf_module.conf.cache_clear()


@pytest.mark.feature("F002")
def test_a_project_admin_switches_the_crm_on_and_off_and_data_stay(api, project, admin):
    client, path = api(admin), f"projects/{project.pk}/settings"
    assert got(client.get(path))["enabled"] is False
    assert client.get("accounts", {"project": project.pk}).status_code == 404
    assert got(client.patch(path, {"enabled": True}))["enabled"] is True
    account = make_account("Acme", project)
    assert column(client, "accounts", project=project.pk) == ["Acme"]
    assert got(client.patch(path, {"enabled": False}))["enabled"] is False
    assert client.get(f"accounts/{account.pk}").status_code == 404
    assert client.get("accounts", {"project": project.pk}).status_code == 404
    assert got(client.patch(path, {"enabled": True}))["enabled"] is True
    assert column(client, "accounts") == ["Acme"]
    assert list(
        HistoryEntry.objects.filter(kind="project_settings").order_by("pk").values_list("verb")
    ) == [("enable",), ("disable",), ("enable",)]


def test_switching_to_what_it_is_changes_nothing(api, project, admin):
    client, path = api(admin), f"projects/{project.pk}/settings"
    got(client.patch(path, {"enabled": True}))
    before = fingerprint()
    assert got(client.patch(path, {"enabled": True}))["enabled"] is True
    assert fingerprint() == before


@pytest.mark.parametrize("body", [{}, {"enabled": None}, {"enabled": "true"}, {"enabled": 1}])
def test_the_switch_takes_yes_or_no_only(api, project, admin, body):
    told = got(api(admin).patch(f"projects/{project.pk}/settings", body), 400)
    assert list(told) == ["enabled"]
    assert ProjectSettings.objects.count() == 0


@pytest.mark.feature("F002")
@pytest.mark.parametrize("who, is_open, allowed", [
    ("auto", False, {"admin", "superuser", "key holder"}),
    ("auto", True, {"superuser", "key holder"}),
    ("project_admins", True, {"admin", "superuser", "key holder"}),
    ("key_holders", False, {"superuser", "key holder"}),
])  # fmt: skip
def test_who_may_switch_follows_the_setting_and_the_registration(
    api, settings, configured, project, admin, who, is_open, allowed
):
    configured(who)
    settings.PUBLIC_REGISTER_ENABLED = is_open
    holder = make_member(project)
    give_keys(holder, "enable_projects")
    people = {
        "admin": admin,
        "member": make_member(project),
        "superuser": make_user("root", is_superuser=True),
        "key holder": holder,
    }
    found = set()
    for name, person in people.items():
        client, path = api(person), f"projects/{project.pk}/settings"
        may = got(client.get(path))["can_switch"]
        before = fingerprint()
        answer = client.patch(path, {"enabled": True})
        assert (answer.status_code == 200) is may, name
        if may:
            found.add(name)
            ProjectSettings.objects.all().delete()
        else:
            assert answer.status_code == 403
            assert fingerprint() == before
    assert found == allowed


def test_a_key_holder_switches_only_his_own_projects(api, project):
    stranger = make_user()
    give_keys(stranger, "enable_projects")
    answer = api(stranger).patch(f"projects/{project.pk}/settings", {"enabled": True})
    assert (answer.status_code, ProjectSettings.objects.count()) == (404, 0)


def test_the_admin_of_a_self_made_project_sees_nothing_of_the_organisation(api, settings):
    settings.PUBLIC_REGISTER_ENABLED = True
    office = make_crm_project("Office")
    make_account("Acme", office, is_global=True)
    intruder = make_user()
    own = make_project("Own", owner=intruder)
    make_member(own, intruder, is_admin=True)
    client = api(intruder)
    assert client.patch(f"projects/{own.pk}/settings", {"enabled": True}).status_code == 403
    role = make_role(own)
    body = {"keys": keys_for("view", "change"), "version": 1}
    client.patch(f"projects/{own.pk}/grants/{role.pk}", body)
    for path in ("accounts", "contacts", "tickets", "industries", "account-types"):
        assert got(client.get(path)) == []
        assert got(client.get(f"{path}/groups"))["count"] == 0
    assert got(client.get("search", {"q": "acme"})) == []
    assert [one["username"] for one in got(client.get("users"))] == [intruder.username]
    me = got(client.get("me"))
    assert me["can"]["enter_global"] is False
    assert me["verbs"]["account"] == []


@pytest.mark.feature("F003")
def test_a_member_without_keys_and_an_outsider_with_keys_see_nothing(api):
    project = make_crm_project("Aurora")
    make_account("Acme", project)
    member = make_member(project)
    former = make_worker(project)
    former.memberships.all().delete()
    for person in (member, former):
        assert column(api(person), "accounts") == []


@pytest.mark.feature("F210")
@pytest.mark.parametrize("verb, call", [
    ("view", lambda c, s: c.get(f"accounts/{s.pk}")),
    ("add", lambda c, s: c.post("accounts", {"type": s.type_id, "first_name": "New",
                                             "projects": s.project_ids})),
    ("change", lambda c, s: c.patch(f"accounts/{s.pk}", {"version": 1, "city": "Oslo"})),
    ("delete", lambda c, s: c.delete(f"accounts/{s.pk}")),
])  # fmt: skip
def test_each_verb_has_its_own_key(api, verb, call):
    project = make_crm_project("Aurora")
    account = make_account("Acme", project)
    with_it = api(make_worker(project, keys=["view_account", f"{verb}_account"]))
    others = {"add", "change", "delete"} - {verb}
    without = api(make_worker(project, keys=["view_account", *(f"{o}_account" for o in others)]))
    if verb == "view":
        without = api(make_worker(project, keys=["view_contact"]))
    before = fingerprint()
    assert call(without, account).status_code == (404 if verb == "view" else 403)
    assert fingerprint() == before
    assert call(with_it, account).status_code in (200, 201, 204)


@pytest.mark.feature("F212")
def test_a_role_sees_all_accounts_or_its_own_or_none(api):
    project = make_crm_project("Aurora")
    found = {}
    for scope in ("all", "own", "none"):
        person = make_worker(project, scope=scope)
        make_account(f"of {scope}", project, account_manager=person)
        found[scope] = person
    assert column(api(found["all"]), "accounts") == ["of all", "of none", "of own"]
    assert column(api(found["own"]), "accounts") == ["of own"]
    assert column(api(found["none"]), "accounts") == []
    found["all of them"] = make_user("root", is_superuser=True)
    told = {name: got(api(one).get("me"))["projects"][0]["scopes"] for name, one in found.items()}
    assert {name: scopes["account"] for name, scopes in told.items()} == {
        "all": "all", "own": "own", "none": "none", "all of them": "all",
    }  # fmt: skip


@pytest.mark.feature("F210")
def test_an_admin_reads_and_sets_the_keys_of_a_role(api, project, admin):
    role, client = make_role(project), api(admin)
    path = f"projects/{project.pk}/grants"
    rows = {row["role"]["id"]: row for row in got(client.get(path))["roles"]}
    assert rows[role.pk] == {
        "role": {"id": role.pk, "name": role.name}, "keys": [],
        "scopes": {"account": "all", "contact": "all"}, "version": 1,
    }  # fmt: skip
    body = {"keys": ["add_account", "view_account"], "scopes": {"account": "own"}, "version": 1}
    row = got(client.patch(f"{path}/{role.pk}", body))
    assert (row["keys"], row["version"]) == (["view_account", "add_account"], 2)
    assert row["scopes"] == {"account": "own", "contact": "all"}
    stale = client.patch(f"{path}/{role.pk}", {"keys": [], "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (400, "stale_version")
    assert "version" in stale.json()
    assert RoleGrant.objects.get(role=role).keys == ["view_account", "add_account"]


@pytest.mark.parametrize("body, field", [
    ({"keys": ["fly"]}, "keys"),
    ({"keys": "view_account"}, "keys"),
    ({"keys": None}, "keys"),
    ({"keys": ["change_account"]}, "keys"),
    ({"keys": [], "scopes": {"account": "some"}}, "scopes"),
    ({"keys": [], "scopes": {"lead": "all"}}, "scopes"),
    ({"keys": [], "scopes": []}, "scopes"),
    ({"keys": [], "version": None}, "version"),
    ({"keys": [], "version": True}, "version"),
])  # fmt: skip
def test_unknown_keys_and_scopes_are_refused(api, project, admin, body, field):
    role = make_role(project)
    answer = api(admin).patch(f"projects/{project.pk}/grants/{role.pk}", {"version": 1, **body})
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert RoleGrant.objects.count() == 0


@pytest.mark.feature("F001", "F005")
def test_me_tells_where_the_person_stands(api):
    project = make_crm_project("Aurora")
    off = make_project("Nimbus")
    person = make_worker(project, "worker", verbs=["view", "add"])
    make_member(off, person)
    me = got(api(person).get("me"))
    assert me["user"] == {
        "id": person.pk, "username": "worker", "full_name": "Worker", "timezone": "",
    }  # fmt: skip
    assert me["can"] == {
        "enter_global": True, "manage_settings": False, "manage_user_types": False,
        "manage_security": False,
    }  # fmt: skip
    rows = {row["slug"]: row for row in me["projects"]}
    assert sorted(rows) == ["aurora", "nimbus"]
    assert rows["aurora"]["verbs"]["account"] == ["view", "add"]
    assert rows["aurora"]["crm_enabled"] is True
    assert rows["nimbus"]["verbs"] == {"account": [], "contact": [], "ticket": []}
    assert rows["nimbus"]["crm_enabled"] is False


def test_the_switch_tells_its_version_and_refuses_a_stale_one(api, project, admin):
    client, path = api(admin), f"projects/{project.pk}/settings"
    assert got(client.get(path))["version"] == 0
    assert got(client.patch(path, {"enabled": True, "version": 0}))["version"] == 2
    assert got(client.get(path))["version"] == 2
    before = fingerprint()
    for version in (0, 1, 3):
        stale = client.patch(path, {"enabled": False, "version": version})
        assert (stale.status_code, stale.json()["code"]) == (400, "stale_version")
    assert client.patch(path, {"enabled": False, "version": "2"}).status_code == 400
    assert fingerprint() == before
    assert got(client.patch(path, {"enabled": False, "version": 2}))["enabled"] is False
