"""An account can be in so many projects that its index rows still fit, and in no more."""

import pytest
from asking import got
from django.apps import apps
from records import make_account, make_crm_project, make_worker

from taiga_crm.models import Account
from taiga_crm.models.account import MAX_PROJECTS

pytestmark = pytest.mark.django_db
REFUSED = f"At most {MAX_PROJECTS} projects are possible."


@pytest.fixture
def many():
    """A person with accounts in as many projects as are possible, and one project more."""
    first = make_crm_project("First")
    worker = make_worker(first, "worker")
    project = apps.get_model("projects", "Project")
    like = {
        field.attname: getattr(first, field.attname)
        for field in project._meta.concrete_fields
        if field.attname not in ("id", "slug")
    }
    others = [project(**like, slug=f"p{number}") for number in range(MAX_PROJECTS - 1)]
    return worker, first, [first, *project.objects.bulk_create(others)]


def test_the_longest_name_in_the_most_projects_is_stored_and_listed(api, many):
    worker, first, projects = many
    full = make_account("한" * 255, *projects)
    found = got(api(worker).get("accounts", {"project": first.pk, "sort": "industry"}))
    assert [row["id"] for row in found] == [full.pk]


def test_one_project_more_is_refused_with_the_field(api, many):
    worker, _first, projects = many
    full = make_account("Full", *projects)
    further = make_crm_project("Further")
    make_worker(further, user=worker)
    answer = api(worker).post(f"accounts/{full.pk}/projects", {"project": further.pk})
    assert (answer.status_code, answer.json()["project"]) == (400, [REFUSED])
    ids = [one.pk for one in (*projects, further)]
    answer = api(worker).patch(f"accounts/{full.pk}", {"version": 1, "projects": ids})
    assert (answer.status_code, answer.json()["projects"]) == (400, [REFUSED])
    assert len(Account.objects.get(pk=full.pk).project_ids) == MAX_PROJECTS


def test_a_merge_that_would_unite_more_is_refused_and_changes_nothing(api, many):
    worker, _first, projects = many
    further = make_crm_project("Further")
    make_worker(further, user=worker)
    full, other = make_account("Full", *projects), make_account("Other", further)
    answer = api(worker).post(
        "accounts/merge",
        {"ids": [full.pk, other.pk], "winner": full.pk, "choices": {},
         "versions": {str(full.pk): 1, str(other.pk): 1}},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["ids"]) == (400, [REFUSED])
    assert Account.objects.count() == 2
