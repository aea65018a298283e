"""A field with several links: what stays is not checked again, what is new is."""

from __future__ import annotations

from typing import Any

import pytest
from records import keys_for, make_account, make_crm_project, make_worker

from factories import make_member, make_role
from taiga_crm.models import AccountGroup, AccountPhone, HistoryEntry, ProjectSettings, RoleGrant

pytestmark = pytest.mark.django_db
NUMBERS = ["+420601123490", "+420601123450", "+420601123410"]  # neither as inserted nor sorted


@pytest.fixture
def scene() -> Any:
    """Return three projects of one worker, and an account of the first two; the second is off."""
    projects = [make_crm_project(name) for name in ("Aurora", "Nimbus", "Third")]
    worker = make_worker(projects[0], "sally")
    for project in projects[1:]:
        role = make_role(project)
        RoleGrant.objects.create(role=role, keys=keys_for("view", "add", "change"))
        make_member(project, worker, role)
    account = make_account("Acme", *projects[:2])
    ProjectSettings.objects.filter(project=projects[1]).update(is_enabled=False)
    return worker, account, [project.pk for project in projects]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_a_project_can_be_added_beside_one_that_is_switched_off(
    api: Any, scene: Any, order: tuple[int, ...]
) -> None:
    worker, account, projects = scene
    wanted = [projects[place] for place in order]
    answer = api(worker).patch(f"accounts/{account.pk}", {"version": 1, "projects": wanted})
    assert answer.status_code == 200
    account.refresh_from_db()
    assert account.project_ids == sorted(projects)


def test_the_same_projects_in_another_order_change_nothing(api: Any, scene: Any) -> None:
    worker, account, projects = scene
    body = {"version": 1, "projects": [projects[1], projects[0]]}
    assert api(worker).patch(f"accounts/{account.pk}", body).status_code == 200
    account.refresh_from_db()
    assert account.version == 1


def test_a_project_that_is_switched_off_cannot_be_added(api: Any, scene: Any) -> None:
    worker, _account, projects = scene
    other = make_account("Other")
    other.account_manager = worker
    other.save()
    answer = api(worker).patch(f"accounts/{other.pk}", {"version": 1, "projects": [projects[1]]})
    assert answer.status_code == 400
    assert answer.json()["projects"] == ["Choose one from the list."]
    other.refresh_from_db()
    assert other.project_ids == []


def test_several_rows_come_in_their_order_not_in_that_of_the_disk(api: Any, scene: Any) -> None:
    worker, account, _projects = scene
    for place in (2, 0, 1):
        number = NUMBERS[place]
        AccountPhone.objects.create(account=account, value=number, key=number, position=place,
                                    is_primary=place == 0)  # fmt: skip
        account.groups.add(AccountGroup.objects.create(name=f"Group {place}"))
    client = api(worker)
    read = client.get(f"accounts/{account.pk}").json()
    assert [row["value"] for row in read["phones"]] == NUMBERS
    assert [row["label"] for row in read["groups"]] == ["Group 0", "Group 1", "Group 2"]
    body = {"version": read["version"], "phones": read["phones"]}
    assert client.patch(f"accounts/{account.pk}", body).status_code == 200
    assert not HistoryEntry.objects.exists()  # the same phones in the same order are no change
