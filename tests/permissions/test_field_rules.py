"""Field rules: who sees a field, and where it is hidden, read-only or required (F125, F214)."""

import pytest
from asking import column, exported, got
from records import (
    company,
    give_keys,
    industry,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    personal,
    role_of,
    set_rules,
)

from factories import make_user
from taiga_crm import models
from taiga_crm.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def other(project):
    return make_worker(project, "other")


@pytest.fixture
def root():
    return make_user("root", is_superuser=True)


@pytest.mark.feature("F125")
@pytest.mark.parametrize("whom", ["roles", "user_types", "users"])
def test_only_the_chosen_people_see_a_field(api, project, worker, other, root, whom):
    account = make_account("Acme", project, vat_number="VAT777")
    kind = give_keys(other)
    ids = {"roles": role_of(other), "user_types": kind.pk, "users": other.pk}
    set_rules("account", {"field": "vat_number", "effect": "visible_to", whom: [ids[whom]]})
    assert "vat_number" not in got(api(worker).get(f"accounts/{account.pk}"))
    assert got(api(other).get(f"accounts/{account.pk}"))["vat_number"] == "VAT777"
    assert got(api(root).get(f"accounts/{account.pk}"))["vat_number"] == "VAT777"
    meta = got(api(worker).get("meta"))["entities"]["account"]
    assert "vat_number" not in [one["name"] for one in meta["fields"]]
    assert "vat_number" not in meta["list_filter"]


@pytest.mark.feature("F125")
def test_a_hidden_field_is_as_unknown_as_one_that_does_not_exist(api, project, worker):
    make_account("Acme", project, vat_number="VAT777")
    set_rules("account", {"field": "vat_number", "effect": "hidden"})
    client = api(worker)
    for name in ("fields", "sort", "group_by"):
        hidden = client.get("accounts", {name: "vat_number"})
        absent = client.get("accounts", {name: "nonsense"})
        assert (hidden.status_code, absent.status_code) == (400, 400)
        assert hidden.content.decode().replace("vat_number", "nonsense") == absent.content.decode()
    assert client.get("accounts", {"vat_number": "VAT777"}).status_code == 400


@pytest.mark.feature("F125")
def test_nobody_sees_a_field_whose_last_viewer_is_gone(api, project, worker, other):
    account = make_account("Acme", project, vat_number="VAT777")
    set_rules("account", {"field": "vat_number", "effect": "visible_to", "users": [other.pk]})
    other.delete()
    assert "vat_number" not in got(api(worker).get(f"accounts/{account.pk}"))


@pytest.mark.feature("F125")
def test_holders_of_the_settings_key_see_every_field(api, project):
    account = make_account("Acme", project, vat_number="VAT777")
    keeper = make_user("keeper")
    give_keys(keeper, "manage_settings", "view_everything")
    set_rules("account", {"field": "vat_number", "effect": "hidden"})
    assert got(api(keeper).get(f"accounts/{account.pk}"))["vat_number"] == "VAT777"


@pytest.mark.feature("F214")
def test_one_role_that_hides_wins_over_another_that_does_not(api, project, worker):
    make_worker(make_crm_project("Boreas"), user=worker)
    role = worker.memberships.order_by("pk").first().role_id
    account = make_account("Acme", project, vat_number="VAT777")
    set_rules("account", {"field": "vat_number", "effect": "hidden", "roles": [role]})
    assert "vat_number" not in got(api(worker).get(f"accounts/{account.pk}"))


@pytest.fixture
def by_state(project, worker):
    """Hide three fields of persons, not of companies, from the worker's role."""
    rules = [
        {"field": name, "effect": "hidden", "roles": [role_of(worker)],
         "states": [str(personal().pk)]}
        for name in ("city", "annual_revenue", "emails", "industry")
    ]  # fmt: skip
    set_rules("account", *rules)
    money = {"annual_revenue_currency": "EUR", "industry": industry()}
    person = make_account("Ann", project, type=personal(), city="Zq7City", annual_revenue=7,
                          last_name="B", **money)  # fmt: skip
    firm = make_account("Firm", project, city="Oslo", annual_revenue=5, **money)
    models.AccountEmail.objects.create(account=person, value="zq7@x.org", key="k", is_primary=True)
    return person, firm


@pytest.mark.feature("F214")
def test_in_its_state_a_value_is_null_on_every_surface(api, root, worker, by_state):
    person, _firm = by_state
    client = api(worker)
    record = got(client.get(f"accounts/{person.pk}"))
    assert (record["city"], record["annual_revenue"], record["industry"]) == (None, None, None)
    assert (record["emails"], record["email"]) == ([], None)
    assert record["_fields"]["city"] == {"hidden": True}
    names = "name,city,email,annual_revenue,industry"
    rows = {one["name"]: one for one in got(client.get("accounts", {"fields": names}))}
    assert (rows["Ann"]["city"], rows["Firm"]["city"]) == (None, "Oslo")
    assert (rows["Ann"]["annual_revenue"], rows["Ann"]["email"]) == (None, None)
    assert (rows["Ann"]["industry"], rows["Firm"]["industry"]["label"]) == (None, "Software")
    cells = exported(client, "accounts", fields="name,city,emails,industry", sort="name")
    assert cells[1:] == [["Ann", "", "", ""], ["Firm", "Oslo", "", "Software"]]
    everything = exported(api(root), "accounts", fields="name,city,emails", sort="name")
    assert everything[1] == ["Ann", "Zq7City", "zq7@x.org"]
    assert column(client, "accounts", city__contains="Zq7") == []
    assert column(client, "accounts", city__empty="true") == ["Ann"]
    assert column(client, "accounts", industry__empty="true") == ["Ann"]
    assert column(client, "accounts", industry=industry().pk) == ["Firm"]
    assert column(client, "accounts", annual_revenue__gte="6") == []
    assert column(client, "accounts", sort="-city") == ["Firm", "Ann"]
    assert column(api(root), "accounts", sort="-city") == ["Ann", "Firm"]
    assert column(api(root), "accounts", city__contains="Zq7") == ["Ann"]


@pytest.mark.feature("F214")
def test_in_its_state_a_value_is_in_no_group_and_no_total(api, root, worker, by_state):
    query = {"group_by": "city", "totals": "annual_revenue"}
    seen = got(api(worker).get("accounts/groups", query))
    assert [(one["label"], one["count"]) for one in seen["groups"]] == [("Oslo", 1), ("(empty)", 1)]
    assert seen["totals"]["annual_revenue"] == [{"amount": "5.00", "currency": "EUR"}]
    everything = got(api(root).get("accounts/groups", query))
    assert everything["totals"]["annual_revenue"] == [{"amount": "12.00", "currency": "EUR"}]


@pytest.mark.feature("F214")
def test_a_cursor_carries_no_hidden_sort_value(api, worker, by_state, project):
    for number in range(4):
        make_account(f"P{number}", project, type=personal(), city=f"Zq7City{number}")
    first = api(worker).get("accounts", {"sort": "city", "page_size": 2})
    cursor = first["x-pagination-next-cursor"]
    assert cursor
    import base64

    assert b"Zq7" not in base64.urlsafe_b64decode(cursor)
    rest = got(api(worker).get("accounts", {"sort": "city", "page_size": 9, "cursor": cursor}))
    assert len(rest) == 4


@pytest.mark.feature("F214")
def test_the_record_and_its_history_agree_and_a_contact_shows_no_more(api, root, worker, by_state):
    person, firm = by_state
    for account, city in ((person, "Zq7Town"), (firm, "Bergen")):
        got(api(root).patch(f"accounts/{account.pk}", {"version": 1, "city": city}))
        make_contact(account, f"Contact of {account.name}")
    assert "Zq7" not in api(worker).get(f"accounts/{person.pk}/history").content.decode()
    assert "Bergen" in api(worker).get(f"accounts/{firm.pk}/history").content.decode()
    shown = got(api(worker).get("contacts", {"fields": "name,account__industry"}))
    assert [one["account__industry"] and one["account__industry"]["label"] for one in shown] == [
        None, "Software"]  # fmt: skip


@pytest.mark.feature("F125")
def test_a_search_does_not_find_by_what_is_hidden(api, project, worker, root):
    set_rules("account", {"field": "vat_number", "effect": "hidden"})
    body = {"type": company().pk, "first_name": "Acme", "projects": [project.pk],
            "vat_number": "zq7vat", "city": "Straßburg"}  # fmt: skip
    made = got(api(root).post("accounts", body), 201)
    assert column(api(root), "accounts", q="zq7vat") == ["Acme"]
    assert column(api(worker), "accounts", q="zq7vat") == []
    assert column(api(worker), "accounts", q="zq7") == []
    assert column(api(worker), "accounts", q="acme stra") == ["Acme"]
    assert got(api(worker).get("accounts/lookup", {"q": "zq7vat"})) == []
    assert got(api(worker).get("search", {"q": "zq7vat"})) == []
    changed = {"version": made["version"], "city": "Oslo"}
    got(api(worker).patch(f"accounts/{made['id']}", changed))
    assert column(api(root), "accounts", q="zq7vat oslo") == ["Acme"]


@pytest.mark.feature("F214")
def test_a_search_respects_the_state_too(api, worker, by_state, root):
    person, firm = by_state
    for account, mail in ((person, "zq7mail@x.org"), (firm, "zq7firm@x.org")):
        body = {"version": 1, "emails": [{"value": mail, "type": "work", "is_primary": True}]}
        got(api(root).patch(f"accounts/{account.pk}", body))
    assert column(api(worker), "accounts", q="zq7mail") == []
    assert column(api(worker), "accounts", q="zq7firm") == ["Firm"]
    assert column(api(root), "accounts", q="zq7mail") == ["Ann"]


@pytest.mark.feature("F214")
def test_a_hidden_value_survives_a_form_that_never_saw_it(api, worker, by_state):
    person, _firm = by_state
    body = {"version": 1, "city": "", "emails": [], "annual_revenue": None, "description": "x"}
    got(api(worker).patch(f"accounts/{person.pk}", body))
    person.refresh_from_db()
    assert (person.city, person.annual_revenue, person.description) == ("Zq7City", 7, "x")
    assert person.emails.count() == 1


@pytest.mark.feature("F214")
def test_read_only_holds_in_the_state_before_and_in_the_state_after(api, project, worker):
    set_rules("account", {"field": "city", "effect": "read_only", "states": [str(personal().pk)]})
    person = make_account("Ann", project, type=personal(), city="Oslo")
    firm = make_account("Firm", project, city="Oslo")
    client = api(worker)
    refused = client.patch(f"accounts/{person.pk}", {"version": 1, "city": "Rome"})
    assert (refused.status_code, refused.json()) == (
        400, {"city": ["You may not change this field."]})  # fmt: skip
    got(client.patch(f"accounts/{person.pk}", {"version": 1, "city": "Oslo", "street": "x"}))
    both = {"version": 1, "city": "Rome", "type": personal().pk}
    assert client.patch(f"accounts/{firm.pk}", both).status_code == 400
    got(client.patch(f"accounts/{firm.pk}", {"version": 1, "city": "Rome"}))
    assert sorted(Account.objects.values_list("name", "city", "street")) == [
        ("Ann", "Oslo", "x"), ("Firm", "Rome", "")]  # fmt: skip


@pytest.mark.feature("F214")
def test_read_only_everywhere_refuses_a_change_and_a_value_on_a_new_record(api, project, worker):
    set_rules("account", {"field": "city", "effect": "read_only", "roles": [role_of(worker)]})
    account = make_account("Acme", project, city="Oslo")
    client = api(worker)
    assert client.patch(f"accounts/{account.pk}", {"version": 1, "city": "R"}).status_code == 400
    body = {"type": company().pk, "first_name": "New", "projects": [project.pk]}
    assert client.post("accounts", {**body, "city": "Rome"}).status_code == 400
    assert Account.objects.count() == 1
    got(client.post("accounts", body), 201)
    meta = got(client.get("meta"))["entities"]["account"]["fields"]
    city = next(one for one in meta if one["name"] == "city")
    assert (city["read_only"], city["locked"], city["editable_inline"]) == (True, True, False)


@pytest.mark.feature("F214")
def test_required_is_asked_on_create_when_sent_and_on_entering_the_state(api, project, worker):
    state = [str(personal().pk)]
    set_rules("account", {"field": "city", "effect": "required", "states": state},
              {"field": "emails", "effect": "required", "states": state})  # fmt: skip
    client = api(worker)
    body = {"type": personal().pk, "first_name": "A", "last_name": "B", "projects": [project.pk]}
    fault = {"city": ["This field is required."], "emails": ["This field is required."]}
    assert client.post("accounts", body).json() == fault
    firm = make_account("Firm", project)
    moved = client.patch(f"accounts/{firm.pk}", {"version": 1, "type": personal().pk})
    assert (moved.status_code, moved.json()) == (400, fault)
    assert Account.objects.values_list("type_id", flat=True).get() == company().pk
    old = make_account("Old", project, type=personal())
    got(client.patch(f"accounts/{old.pk}", {"version": 1, "street": "inline edit goes on"}))
    assert client.patch(f"accounts/{old.pk}", {"version": 2, "city": ""}).status_code == 400
    good = {**body, "city": "Oslo", "emails": [{"value": "a@b.org", "type": "work"}]}
    got(client.post("accounts", good), 201)


@pytest.mark.feature("F214")
def test_the_rules_of_a_project_hold_on_its_records_only(api, project, worker):
    boreas = make_crm_project("Boreas")
    make_worker(boreas, user=worker)
    set_rules("account", {"field": "city", "effect": "hidden"}, project=project)
    make_account("Here", project, city="Oslo")
    make_account("There", boreas, city="Rome")
    make_account("Both", project, boreas, city="Bonn")
    assert column(api(worker), "accounts", "city", sort="name") == [None, None, "Rome"]


def test_a_required_field_and_the_name_are_never_hidden(api, project, worker):
    account = make_account("Acme", project)
    set_rules("account", *({"field": name, "effect": "hidden"}
                           for name in ("name", "type", "first_name")))  # fmt: skip
    record = got(api(worker).get(f"accounts/{account.pk}"))
    assert (record["name"], record["first_name"], record["type"]["label"]) == (
        "Acme", "Acme", "Company")  # fmt: skip
