"""R8: an id of a hidden row is answered exactly like an id that no row has."""

import pytest
from asking import got
from records import (
    company,
    employee,
    fingerprint,
    give_keys,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import make_issue, make_project, make_role, make_user

pytestmark = pytest.mark.django_db
NOBODY = 999_999_999


@pytest.fixture
def scene(api):
    class Scene:
        home, other, off = (
            make_crm_project("Aurora"),
            make_crm_project("Boreas"),
            make_project("Nimbus"),
        )
        worker = make_worker(home, "worker")
        keeper = make_worker(home, "keeper")
        mine = make_account("Mine", home, created_by=worker)
        contact = make_contact(mine)
        private = make_account("Private", home, created_by=keeper, is_private=True)
        foreign = make_account("Foreign", other)
        stranger = make_user("nobody-knows")
        inactive = make_worker(home, "gone")
        system = make_worker(home, "machine")
        issue = make_issue(home)
        foreign_issue = make_issue(other)
        client = api(worker)

    type(Scene.inactive).objects.filter(pk=Scene.inactive.pk).update(is_active=False)
    type(Scene.system).objects.filter(pk=Scene.system.pk).update(is_system=True)
    return Scene


def hidden(scene, target):
    return {
        "account": [scene.private.pk, scene.foreign.pk],
        "user": [scene.stranger.pk, scene.inactive.pk, scene.system.pk],
        "project": [scene.other.pk, scene.off.pk],
        "type": [],
    }[target]


FIELDS = (
    ("accounts", "parent", "account"),
    ("accounts", "account_manager", "user"),
    ("accounts", "projects", "project"),
    ("accounts", "type", "type"),
    ("accounts", "industry", "type"),
    ("contacts", "account", "account"),
    ("contacts", "type", "type"),
)


def bodies(scene, path, field, number):
    value = [number] if field == "projects" else number
    new = (
        {"type": company().pk, "first_name": "New", "projects": [scene.home.pk]}
        if path == "accounts"
        else {"type": employee().pk, "last_name": "New"}
    )
    row = scene.mine if path == "accounts" else scene.contact
    yield "post", path, {**new, field: value}
    yield "patch", f"{path}/{row.pk}", {"version": row.version, field: value}


@pytest.mark.parametrize("path, field, target", FIELDS)
def test_a_link_to_a_hidden_row_and_to_no_row_get_the_same_answer(scene, path, field, target):
    before = fingerprint()
    answers = set()
    for number in [NOBODY, *hidden(scene, target)]:
        for method, address, body in bodies(scene, path, field, number):
            answer = getattr(scene.client, method)(address, body)
            answers.add((method, answer.status_code, answer.content))
    assert {(method, status) for method, status, _body in answers} == {
        ("post", 400),
        ("patch", 400),
    }
    assert len(answers) == 2
    assert fingerprint() == before


@pytest.mark.parametrize("path, field, target", FIELDS)
def test_a_superuser_gets_the_same_answer_for_private_and_for_absent_rows(
    scene, api, path, field, target
):
    client = api(make_user("root", is_superuser=True))
    wanted = {"account": [scene.private.pk], "project": [scene.off.pk], "user": [], "type": []}
    before, answers = fingerprint(), set()
    for number in [NOBODY, *wanted[target]]:
        for method, address, body in bodies(scene, path, field, number):
            answer = getattr(client, method)(address, body)
            answers.add((method, answer.status_code, answer.content))
    assert len(answers) == 2
    assert fingerprint() == before


def test_an_unchanged_link_to_a_row_that_became_hidden_may_be_sent_again(scene):
    type(scene.mine).objects.filter(pk=scene.mine.pk).update(account_manager=scene.inactive)
    body = {"version": 1, "account_manager": scene.inactive.pk, "city": "Oslo"}
    assert got(scene.client.patch(f"accounts/{scene.mine.pk}", body))["city"] == "Oslo"


def same(client, calls):
    before = fingerprint()
    answers = {
        (answer.status_code, answer.content)
        for answer in (getattr(client, method)(path, body) for method, path, body in calls)
    }
    assert fingerprint() == before
    assert len(answers) == 1, answers
    return answers.pop()[0]


@pytest.mark.parametrize("make_call, status", [
    (lambda s, n: ("post", f"accounts/{s.mine.pk}/connections", {"account": n}), 400),
    (lambda s, n: ("post", "ticket-accounts",
                   {"kind": "issue", "ticket": s.issue.pk, "account": n}), 400),
    (lambda s, n: ("get", f"accounts/{n}", None), 404),
    (lambda s, n: ("patch", f"accounts/{n}", {"version": 1}), 404),
    (lambda s, n: ("delete", f"accounts/{n}", None), 404),
    (lambda s, n: ("post", f"accounts/{n}/favorite", {"value": True}), 404),
    (lambda s, n: ("get", f"accounts/{n}/history", None), 404),
    (lambda s, n: ("get", f"accounts/{n}/projects", None), 404),
    (lambda s, n: ("post", f"accounts/{n}/projects", {"project": s.home.pk}), 404),
    (lambda s, n: ("get", f"accounts/{n}/connections", None), 404),
    (lambda s, n: ("get", "accounts/new", {"copy": n}), 404),
    (lambda s, n: ("get", "accounts", {"parent": n}), 200),
    (lambda s, n: ("get", "contacts", {"account": n}), 200),
    (lambda s, n: ("get", "tickets", {"account": n}), 200),
    (lambda s, n: ("get", "accounts/lookup", {"q": str(n)}), 200),
])  # fmt: skip
def test_the_number_of_a_hidden_account_is_no_better_than_any_number(scene, make_call, status):
    numbers = [NOBODY, scene.private.pk, scene.foreign.pk]
    calls = [make_call(scene, number) for number in numbers]
    answers = [getattr(scene.client, method)(path, body) for method, path, body in calls]
    assert {one.status_code for one in answers} == {status}
    assert len({one.content for one in answers}) == 1
    if calls[0][0] != "get":
        assert same(scene.client, calls) == status


@pytest.mark.parametrize("make_call, status", [
    (lambda s, n: ("post", f"accounts/{s.mine.pk}/projects", {"project": n}), 400),
    (lambda s, n: ("delete", f"accounts/{s.mine.pk}/projects/{n}", None), 404),
    (lambda s, n: ("get", "accounts", {"project": n}), 404),
    (lambda s, n: ("get", "accounts", {"projects": n}), 200),
    (lambda s, n: ("get", "accounts/new", {"project": n}), 404),
    (lambda s, n: ("get", "accounts/groups", {"project": n}), 404),
    (lambda s, n: ("get", f"projects/{n}/settings", None), 404),
    (lambda s, n: ("patch", f"projects/{n}/settings", {"enabled": True}), 404),
    (lambda s, n: ("get", f"projects/{n}/grants", None), 404),
    (lambda s, n: ("patch", f"projects/{n}/grants/1", {"keys": [], "version": 1}), 404),
    (lambda s, n: ("get", "users", {"project": n}), 200),
])  # fmt: skip
def test_the_number_of_a_foreign_project_is_no_better_than_any_number(scene, make_call, status):
    calls = [make_call(scene, number) for number in (NOBODY, scene.other.pk, scene.off.pk)]
    answers = [getattr(scene.client, method)(path, body) for method, path, body in calls]
    assert {one.status_code for one in answers} == {status}
    assert len({one.content for one in answers}) == 1


def test_the_number_of_a_foreign_ticket_is_no_better_than_any_number(scene):
    for method, more in (("get", {}), ("post", {"account": scene.mine.pk})):
        calls = [
            (method, "ticket-accounts", {"kind": "issue", "ticket": number, **more})
            for number in (NOBODY, scene.foreign_issue.pk)
        ]
        assert same(scene.client, calls) == 404


def test_a_role_of_another_project_cannot_be_granted_through_mine(scene, api):
    admin = api(make_user("root", is_superuser=True))
    foreign = make_role(scene.other)
    body = {"keys": ["view_account"], "version": 1}
    calls = [
        ("patch", f"projects/{scene.home.pk}/grants/{number}", body)
        for number in (foreign.pk, NOBODY)
    ]
    assert same(admin, calls) == 404


def test_a_connection_of_other_accounts_cannot_be_removed_through_mine(scene):
    from records import connect

    link = connect(scene.private, scene.foreign)
    calls = [
        ("delete", f"accounts/{scene.mine.pk}/connections/{number}", None)
        for number in (link.pk, NOBODY)
    ]
    assert same(scene.client, calls) == 404


def test_members_of_a_user_type_must_be_people_who_can_log_in(scene, api):
    admin = api(make_user("root", is_superuser=True))
    kind = give_keys(scene.worker, "view_everything")
    path = f"user-types/{kind.pk}"
    calls = [
        ("patch", path, {"version": 1, "members": [number]})
        for number in (NOBODY, scene.inactive.pk, scene.system.pk)
    ]
    assert same(admin, calls) == 400
