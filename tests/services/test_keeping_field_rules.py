"""Keeping field rules: who may, what is refused, and what is told afterwards."""

import pytest
from asking import got
from records import company, give_keys, make_account, make_crm_project, make_worker, personal

from factories import make_member, make_role, make_user
from taiga_crm.models import AccountType, FieldRule, FieldRuleSet, FieldsStamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def admin(project):
    return make_member(project, make_user("admin"), is_admin=True)


@pytest.fixture
def keeper():
    user = make_user("keeper")
    give_keys(user, "manage_settings")
    return user


def rule(field="city", effect="hidden", **more):
    return {"field": field, "effect": effect, **more}


def put(client, *rules, kind="account", version=1, project=None):
    place = f"?project={project.pk}" if project else ""
    return client.put(f"field-rules/{kind}{place}", {"version": version, "rules": list(rules)})


@pytest.mark.feature("F125")
@pytest.mark.feature("F214")
def test_rules_are_replaced_as_one_and_hold_at_once(api, project, keeper):
    worker = make_worker(project, "worker")
    account = make_account("Acme", project, city="Oslo", street="Main")
    role = worker.memberships.get().role_id
    given = [
        rule(roles=[role]),
        rule("street", "visible_to", users=[keeper.pk]),
        rule("website", "required", states=[str(company().pk)]),
    ]
    shown = got(put(api(keeper), *given))
    assert shown["version"] == 2
    columns = ("field", "effect", "roles", "states")
    assert [tuple(one[name] for name in columns) for one in shown["rules"]] == [
        ("city", "hidden", [role], []), ("street", "visible_to", [], []),
        ("website", "required", [], [str(company().pk)]),
    ]  # fmt: skip
    record = got(api(worker).get(f"accounts/{account.pk}"))
    assert not {"city", "street"} & set(record)
    assert record["_fields"] == {"website": {"required": True}}
    got(put(api(keeper), version=2))
    assert FieldRule.objects.count() == 0
    assert got(api(worker).get(f"accounts/{account.pk}"))["city"] == "Oslo"


@pytest.mark.feature("F214")
def test_the_matrix_gets_roles_user_types_states_and_what_may_be_hidden(api, project, keeper):
    make_role(project, "Sales")
    shown = got(api(keeper).get("field-rules/account"))
    assert ("Sales", "Aurora") in [(one["label"], one["project"]) for one in shown["roles"]]
    assert {"value": str(personal().pk), "label": "Personal"} in shown["state"]["values"]
    may = {one["name"]: (one["may_hide"], one["may_write"]) for one in shown["fields"]}
    assert (may["name"], may["city"], may["email"]) == ((False, False), (True, True), (True, False))
    assert may["type"] == (False, True)
    assert got(api(keeper).get("field-rules"))["global"] is True


def test_a_stale_version_is_refused_and_nothing_changes(api, keeper):
    got(put(api(keeper), rule()))
    stale = put(api(keeper), rule("street"))
    assert (stale.status_code, "version" in stale.json()) == (400, True)
    assert FieldRule.objects.values_list("field", flat=True).get() == "city"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (rule("name"), "“Account” cannot be hidden: no record can do without it."),
        (rule("type"), "“Account type” cannot be hidden: no record can do without it."),
        (rule("first_name", "visible_to", users=[1]),
         "“First name” cannot be hidden: no record can do without it."),
        (rule("email", "required"), "“E-mail” is not written by people."),
        (rule("is_key", "required"), "“Key account” is yes or no: it always has a value."),
        (rule("city", "visible_to"), "Choose who may see “City”."),
        (rule("nonsense"), "A rule needs a known field and a known effect."),
        (rule(effect="nonsense"), "A rule needs a known field and a known effect."),
        (rule(roles=[987654]), "Choose people from the list."),
        (rule(roles=["1"]), "Choose people from the list."),
        (rule(users=[True]), "Choose people from the list."),
        (rule(states=["987654"]), "Choose a state from the list."),
        (rule(states=["x"]), "Choose a state from the list."),
        ("text", "A rule is an object."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(api, keeper, given, message):
    refused = put(api(keeper), given)
    assert (refused.status_code, refused.json()) == (400, {"rules": [message]})
    assert (FieldRuleSet.objects.count(), FieldsStamp.objects.count()) == (0, 0)


def test_a_project_admin_sets_rules_of_his_project_for_its_people_only(api, project, admin):
    other = make_crm_project("Boreas")
    foreign, own = make_role(other), make_role(project)
    stranger = make_member(other)
    client = api(admin)
    got(put(client, rule(roles=[own.pk]), project=project))
    assert FieldRuleSet.objects.get().project_id == project.pk
    for people in ({"roles": [foreign.pk]}, {"users": [stranger.pk]}, {"roles": [10**8]}):
        refused = put(client, rule(**people), version=2, project=project)
        assert refused.json() == {"rules": ["Choose people from the list."]}
    assert put(client, rule()).status_code == 403
    assert put(client, rule(), project=other).status_code == 404
    assert FieldRule.objects.values_list("roles", flat=True).get() == [own.pk]
    overview = got(client.get("field-rules"))
    assert (overview["global"], overview["projects"]) == (
        False, [{"id": project.pk, "label": "Aurora"}])  # fmt: skip


def test_a_member_without_the_key_sets_no_rules(api, project):
    worker = api(make_worker(project))
    assert put(worker, rule()).status_code == 403
    assert put(worker, rule(), project=project).status_code == 403
    assert worker.get("field-rules/account").status_code == 403
    assert put(worker, rule(), kind="industry").status_code == 404
    assert FieldRuleSet.objects.count() == 0


def test_changes_of_rules_are_told_with_who_did_it(api, project, keeper):
    role = make_role(project, "Sales")
    got(put(api(keeper), rule(roles=[role.pk], states=[str(company().pk)])))
    got(put(api(keeper), version=2))
    told = got(api(keeper).get("field-rules/account/history"))
    assert [(one["actor"]["label"], one["changes"][0]["label"]) for one in told] == [
        ("Keeper", "City")] * 2  # fmt: skip
    text = "hidden: Sales [Company]"
    assert [(one["changes"][0]["old"], one["changes"][0]["new"]) for one in told] == [
        (text, ""), ("", text)]  # fmt: skip


def test_saving_the_same_rules_again_changes_nothing(api, keeper):
    got(put(api(keeper), rule()))
    stamp = FieldsStamp.objects.get().number
    assert got(put(api(keeper), rule(), version=2))["version"] == 2
    assert FieldsStamp.objects.get().number == stamp


def test_a_rule_that_names_who_is_gone_can_be_kept_but_not_made(api, project, keeper):
    gone, role = make_user("gone"), make_role(project, "Sales")
    kind = AccountType.objects.create(name="Rare")
    given = [
        rule("city", "visible_to", users=[gone.pk]),
        rule("street", roles=[role.pk], states=[str(kind.pk)]),
    ]
    got(put(api(keeper), *given))
    pk = gone.pk
    gone.delete()
    role.delete()
    kind.delete()
    kept = got(api(keeper).get("field-rules/account"))
    assert kept["users"] == []
    again = got(put(api(keeper), *kept["rules"], rule("website"), version=2))
    assert (again["version"], again["rules"][0]["users"]) == (3, [pk])
    refused = put(api(keeper), *kept["rules"], rule("website", users=[10**8]), version=3)
    assert refused.json() == {"rules": ["Choose people from the list."]}
    assert FieldRule.objects.count() == 3


def test_a_project_admin_reads_what_holds_here_from_all_projects_and_nobody_elsewhere(
    api, project, admin, keeper
):
    other = make_crm_project("Boreas")
    own, foreign = make_role(project, "Sales"), make_role(other, "Zq7xRole")
    stranger = make_member(other)
    got(
        put(
            api(keeper),
            rule("city", "read_only", roles=[own.pk, foreign.pk]),
            rule("street", "hidden", roles=[foreign.pk]),
            rule("website", "required"),
            rule("vat_number", "visible_to", users=[stranger.pk]),
        )
    )
    shown = got(api(admin).get("field-rules/account", {"project": project.pk}))
    columns = ("field", "effect", "roles", "users")
    assert [tuple(one[name] for name in columns) for one in shown["inherited"]] == [
        ("city", "read_only", [own.pk], []), ("website", "required", [], []),
        ("vat_number", "visible_to", [], []),
    ]  # fmt: skip
    assert (shown["rules"], shown["users"]) == ([], [])
    assert got(api(keeper).get("field-rules/account"))["inherited"] == []


def test_the_fields_come_in_the_order_of_the_form_with_what_rules_may_do(api, keeper):
    fields = got(api(keeper).get("field-rules/account"))["fields"]
    names = [one["name"] for one in fields]
    assert names[:3] == ["type", "first_name", "last_name"]
    assert names.index("city") < names.index("vat_number") < names.index("created_at")
    told = {one["name"]: one for one in fields}
    assert (told["city"]["section"], told["created_at"]["section"]) == ("Address", "")
    assert [told[name]["may_require"] for name in ("city", "is_key", "email")] == [
        True, False, False]  # fmt: skip
    assert [name for name in names if told[name]["is_state"]] == ["type"]
