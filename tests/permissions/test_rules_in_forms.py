"""Field rules in forms: what the meta and the records tell, so that a form follows them live."""

import pytest
from asking import exported, got
from records import (
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    personal,
    set_rules,
)

pytestmark = pytest.mark.django_db


@pytest.mark.feature("F214")
def test_a_form_learns_which_rules_wait_in_other_states_and_projects(api):
    project = make_crm_project("Aurora")
    worker = make_worker(project, "worker")
    boreas = make_crm_project("Boreas")
    state = [str(personal().pk)]
    set_rules("account", {"field": "city", "effect": "required", "states": state})
    set_rules("account", {"field": "street", "effect": "read_only"}, project=project)
    account = make_account("Acme", project, boreas)
    contact = make_contact(account, "Ann")
    set_rules("contact", {"field": "notes", "effect": "hidden", "states": ["1"]}, project=project)
    record = got(api(worker).get(f"accounts/{account.pk}"))
    assert (record["_fields"], record["_places"]) == ({"street": {"read_only": True}}, [project.pk])
    assert got(api(worker).get(f"contacts/{contact.pk}"))["_places"] == [project.pk]
    meta = got(api(worker).get("meta"))["entities"]
    rules = {one["name"]: one["rules"] for one in meta["account"]["fields"] if one["rules"]}
    assert rules == {
        "city": [{"effect": "required", "states": state, "project": None}],
        "street": [{"effect": "read_only", "states": [], "project": project.pk}],
    }
    places = {key: (one["state_field"], one["projects_field"]) for key, one in meta.items()}
    assert (places["account"], places["contact"]) == (("type", "projects"), ("type", None))


@pytest.mark.feature("F125")
def test_a_file_with_all_columns_leaves_out_what_a_project_hides_on_all_its_records(api):
    project, other = make_crm_project("Aurora"), make_crm_project("Boreas")
    worker = make_worker(project, "worker")
    make_worker(other, user=worker)
    set_rules("account", {"field": "city", "effect": "hidden"}, project=project)
    hidden = {"field": "street", "effect": "hidden", "states": [str(personal().pk)]}
    set_rules("account", hidden, project=project)
    make_account("Here", project, city="Oslo", street="Main")
    make_account("There", other, city="Rome")
    client = api(worker)
    here = exported(client, "accounts", fields="*", project=project.pk)
    assert ("City" in here[0], "Street" in here[0], "Main" in here[1]) == (False, True, True)
    place = exported(client, "accounts", fields="*", sort="name")
    city = place[0].index("City")
    assert [row[city] for row in place[1:]] == ["", "Rome"]
