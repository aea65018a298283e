"""The demo's people, projects and tickets."""

import pytest
from django.core.management import call_command

from taiga_crm.standalone.demo.people import PASSWORD, PEOPLE
from taiga_crm.standalone.epics.models import Epic
from taiga_crm.standalone.issues.models import Issue
from taiga_crm.standalone.projects.models import Membership, Project
from taiga_crm.standalone.tasks.models import Task
from taiga_crm.standalone.users.models import User
from taiga_crm.standalone.userstories.models import UserStory

pytestmark = pytest.mark.django_db

MODELS = (User, Project, Membership, Issue, UserStory, Task, Epic)


@pytest.fixture
def filled(capsys):
    call_command("standalone_sample_host")
    return capsys


def test_it_makes_three_projects_with_tickets_of_all_kinds(filled):
    assert [p.name for p in Project.objects.order_by("id")] == [
        "Aurora shop",
        "Nimbus support",
        "Internal tools",
    ]
    assert Issue.objects.count() == 120
    assert (UserStory.objects.count(), Epic.objects.count()) == (27, 8)
    assert Task.objects.count() > 20


def test_running_it_again_adds_nothing(filled):
    before = [model.objects.count() for model in MODELS]
    call_command("standalone_sample_host")
    assert [model.objects.count() for model in MODELS] == before
    assert "are there" in filled.readouterr().out


def test_it_makes_the_same_tickets_every_time(filled):
    first = list(
        Issue.objects.order_by("project__slug", "ref").values_list("subject", "status__slug")
    )
    Project.objects.all().delete()
    call_command("standalone_sample_host")
    again = list(
        Issue.objects.order_by("project__slug", "ref").values_list("subject", "status__slug")
    )
    assert first == again


def test_every_persona_can_log_in(filled, api):
    for person in PEOPLE:
        body = {"type": "normal", "username": person.username, "password": PASSWORD}
        assert api().post("/api/v1/auth", body).status_code == 200, person.username


def test_each_persona_sees_its_projects_only(filled, api):
    seen = {}
    for person in PEOPLE:
        user = User.objects.get(username=person.username)
        rows = api(user).get("/api/v1/projects").json()
        seen[person.username] = {row["slug"] for row in rows}
    for person in PEOPLE:
        expected = set(person.roles) if not person.is_superuser else seen["pam"]
        assert seen[person.username] == expected, person.username
