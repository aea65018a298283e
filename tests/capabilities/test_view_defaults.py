"""Default views: one's own, of the role, of the user type; in that order, and only if seen."""

import pytest
from asking import got
from records import give_keys, make_crm_project, make_view, make_worker

from factories import make_member, make_role, make_user
from taiga_crm.models import ViewDefault

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def client(api, worker):
    return api(worker)


@pytest.fixture
def admin(project):
    return make_member(project, make_user("boss"), is_admin=True)


def default_of(client, **params):
    shown = got(client.get("views", {"kind": "account", **params}))
    return next((one["name"] for one in shown if one["is_default"]), None)


@pytest.mark.feature("F035")
def test_ones_own_default_goes_before_the_roles_and_that_before_the_user_types(
    api, worker, project, admin
):
    role = worker.memberships.get().role
    keeper = make_user("keeper")
    give_keys(keeper, "manage_settings", "view_everything")
    user_type = give_keys(worker)
    of_type = make_view("Of type", keeper, sharing="user_types", user_types=[user_type])
    of_role = make_view("Of role", admin, project=project, sharing="roles", roles=[role])
    mine = make_view("Mine", worker)
    here = {"project": project.pk}
    client = api(worker)
    assert default_of(client, **here) is None
    body = {"for": "user_type", "id": user_type.pk}
    got(api(keeper).post(f"views/{of_type.pk}/default", body))
    assert (default_of(client, **here), default_of(client)) == ("Of type", "Of type")
    got(api(admin).post(f"views/{of_role.pk}/default", {"for": "role", "id": role.pk}))
    assert (default_of(client, **here), default_of(client)) == ("Of role", "Of type")
    got(client.post(f"views/{mine.pk}/default", {"for": "me"}))
    assert (default_of(client, **here), default_of(client)) == ("Mine", "Mine")
    got(client.post(f"views/{of_type.pk}/default", {"for": "me", "project": project.pk}))
    assert (default_of(client, **here), default_of(client)) == ("Of type", "Mine")
    got(client.post(f"views/{mine.pk}/default", {"for": "me", "value": False}))
    assert default_of(client) == "Of type"
    assert ViewDefault.objects.count() == 3
    someone = make_worker(project, "someone")
    assert default_of(api(someone), **here) is None


@pytest.mark.feature("F035")
def test_a_default_that_is_no_longer_shared_with_the_person_is_passed_over(
    api, client, worker, project, admin
):
    role = worker.memberships.get().role
    view = make_view("Of role", admin, project=project, sharing="roles", roles=[role])
    got(api(admin).post(f"views/{view.pk}/default", {"for": "role", "id": role.pk}))
    assert default_of(client, project=project.pk) == "Of role"
    body = {"version": 1, "sharing": "roles", "roles": [make_role(project).pk]}
    got(api(admin).patch(f"views/{view.pk}", body))
    assert default_of(client, project=project.pk) is None


def test_defaults_for_others_are_set_by_those_who_may_and_for_those_who_see_the_view(
    api, client, worker, project, admin
):
    role = worker.memberships.get().role
    foreign = make_role(make_crm_project("Boreas"))
    view = make_view("View", admin, project=project, sharing="public")
    private = make_view("Private", admin, project=project)
    url = f"views/{view.pk}/default"
    assert client.post(url, {"for": "role", "id": role.pk}).status_code == 403
    assert client.post(url, {"for": "user_type", "id": 1}).status_code == 403
    for body in (
        {"for": "role", "id": foreign.pk},
        {"for": "role"},
        {"for": "role", "id": "x"},
        {"for": "everyone"},
        {},
        {"for": "me", "project": foreign.project_id},
    ):
        assert api(admin).post(url, body).status_code == 400, body
    body = {"for": "role", "id": role.pk}
    assert list(got(api(admin).post(f"views/{private.pk}/default", body), 400)) == ["id"]
    assert ViewDefault.objects.count() == 0
    told = got(api(admin).post(url, body))
    assert told == [{"for": "role", "id": role.pk, "label": role.name}]


def test_audiences_name_roles_to_admins_and_user_types_to_keepers_of_settings(
    api, client, worker, project, admin
):
    keeper = make_user("keeper")
    give_keys(keeper, "manage_settings", "view_everything")
    here = {"project": project.pk}
    nobody = {"may_share": False, "roles": [], "user_types": []}
    assert got(client.get("views/audiences", here)) == nobody
    assert got(client.get("views/audiences")) == nobody
    assert got(api(admin).get("views/audiences")) == nobody
    told = got(api(admin).get("views/audiences", here))
    roles = {row.role_id for row in project.memberships.all()}
    assert (told["may_share"], {one["id"] for one in told["roles"]}) == (True, roles)
    told = got(api(keeper).get("views/audiences"))
    assert told["may_share"] is True
    assert "Sales director" in [one["label"] for one in told["user_types"]]
