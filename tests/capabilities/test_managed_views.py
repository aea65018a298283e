"""The page of saved views: views of all projects at once, and whose lists start with them."""

import pytest
from asking import got
from records import make_crm_project, make_view, make_worker

from factories import make_member, make_role, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def admin(project):
    return make_member(project, make_user("boss"), is_admin=True)


def names(client, **params):
    return [one["name"] for one in got(client.get("views", {"kind": "account", **params}))]


@pytest.mark.feature("F034")
def test_the_views_of_all_projects_that_one_sees_are_listed_for_managing(api, worker, project):
    other, foreign = make_crm_project("Boreas"), make_crm_project("Cetus")
    make_member(other, worker)
    for name, place in (("Here", project), ("There", other), ("Hidden", foreign), ("All", None)):
        make_view(name, None, sharing="public", project=place)
    make_view("Not mine", make_user("else"), project=project)
    mine = make_view("Mine", worker, project=other)
    client = api(worker)
    got(client.post(f"views/{mine.pk}/default", {"for": "me", "project": other.pk}))
    assert names(client) == ["All"]
    shown = got(client.get("views", {"kind": "account", "everywhere": "true"}))
    assert [(one["name"], one["project_name"], one["is_my_default"]) for one in shown] == [
        ("Here", "Aurora", False), ("There", "Boreas", False), ("All", "", False),
        ("Mine", "Boreas", True),
    ]  # fmt: skip


@pytest.mark.feature("F035")
def test_the_list_tells_whose_default_a_view_is_but_not_that_it_is_another_persons(
    api, worker, project, admin
):
    role = make_role(project, name="Sellers")
    view = make_view("Oslo", admin, sharing="public", project=project)
    boss = api(admin)
    got(boss.post(f"views/{view.pk}/default", {"for": "role", "id": role.pk}))
    got(boss.post(f"views/{view.pk}/default", {"for": "me"}))
    [shown] = got(api(worker).get("views", {"kind": "account", "project": project.pk}))
    assert shown["defaults"] == [{"for": "role", "id": role.pk, "label": "Sellers"}]
    assert (shown["is_default"], shown["is_my_default"]) == (False, False)
