"""The host's HTTP API that the standalone shell uses: the same answers as Taiga's."""

import pytest

from factories import PASSWORD, make_issue, make_member, make_project, make_user

pytestmark = pytest.mark.django_db

WORKER = ("view_project", "view_issues", "add_issue", "modify_issue", "delete_issue")


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def worker(project):
    return make_member(project, permissions=WORKER)


def login(api, username, password=PASSWORD, kind="normal"):
    body = {"type": kind, "username": username, "password": password}
    return api().post("/api/v1/auth", body)


def test_login_answers_with_the_person_and_two_tokens(api):
    user = make_user()
    answer = login(api, user.username)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["id"], body["username"]) == (user.pk, user.username)
    assert {"auth_token", "refresh", "full_name_display", "lang", "email"} <= set(body)


def test_login_works_with_the_email_address(api):
    user = make_user()
    assert login(api, user.email).json()["id"] == user.pk


def test_a_wrong_password_is_401_with_a_code(api):
    answer = login(api, make_user().username, "wrong")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_an_inactive_person_cannot_log_in(api):
    user = make_user(is_active=False)
    assert login(api, user.username).status_code == 401


def test_an_unknown_kind_of_login_is_400(api):
    answer = login(api, make_user().username, kind="nonsense")
    assert answer.status_code == 400
    assert {"_error_message", "_error_type"} <= set(answer.json())


def test_a_refresh_token_works_once(api):
    refresh = login(api, make_user().username).json()["refresh"]
    first = api().post("/api/v1/auth/refresh", {"refresh": refresh})
    second = api().post("/api/v1/auth/refresh", {"refresh": refresh})
    assert first.status_code == 200
    assert set(first.json()) == {"auth_token", "refresh"}
    assert (second.status_code, second.json()["code"]) == (401, "token_not_valid")
    third = api().post("/api/v1/auth/refresh", {"refresh": first.json()["refresh"]})
    assert third.status_code == 200


def test_me_is_the_person_of_the_token(api):
    user = make_user()
    assert api(user).get("/api/v1/users/me").json()["id"] == user.pk
    anonymous = api().get("/api/v1/users/me")
    assert anonymous.status_code == 401
    assert {"_error_message", "_error_type"} <= set(anonymous.json())


def test_a_bad_token_is_401_with_taigas_code(api):
    answer = api().get("/api/v1/users/me", HTTP_AUTHORIZATION="Bearer x")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")


def test_projects_carry_the_rights_of_the_person(api, project, worker):
    make_project()
    rows = api(worker).get("/api/v1/projects", {"member": worker.pk}).json()
    assert [row["id"] for row in rows] == [project.pk]
    row = rows[0]
    assert set(row["my_permissions"]) == set(WORKER)
    assert (row["i_am_member"], row["i_am_admin"]) == (True, False)
    assert row["members"] == [worker.pk]
    assert {"slug", "blocked_code", "is_issues_activated", "is_epics_activated"} <= set(row)


def test_an_admin_has_all_keys(api, project):
    admin = make_member(project, is_admin=True, permissions=[])
    row = api(admin).get("/api/v1/projects/by_slug", {"slug": project.slug}).json()
    assert row["i_am_admin"] is True
    assert {"modify_project", "delete_issue", "view_epics", "add_us"} <= set(row["my_permissions"])


def test_a_private_project_is_not_shown_to_strangers(api, project):
    stranger = api(make_user())
    assert stranger.get(f"/api/v1/projects/{project.pk}").status_code in (403, 404)
    assert project.pk not in [row["id"] for row in stranger.get("/api/v1/projects").json()]


def test_issues_are_listed_page_by_page(api, project, worker):
    for number in range(3):
        make_issue(project, f"Issue {number}")
    answer = api(worker).get("/api/v1/issues", {"project": project.pk, "page_size": 2})
    assert len(answer.json()) == 2
    assert answer["x-pagination-count"] == "3"
    assert answer["x-paginated-by"] == "2"
    assert answer["x-pagination-current"] == "1"
    assert "page=2" in answer["x-pagination-next"]
    row = answer.json()[0]
    assert {"ref", "subject", "status", "status_extra_info", "is_closed", "version"} <= set(row)
    far = api(worker).get("/api/v1/issues", {"project": project.pk, "page": 9})
    assert far.status_code == 404


def test_issues_are_filtered_by_status(api, project, worker):
    make_issue(project)
    closed = make_issue(project, status="closed")
    query = {"project": project.pk, "status": closed.status_id}
    assert [row["id"] for row in api(worker).get("/api/v1/issues", query).json()] == [closed.pk]


def test_issues_of_a_project_are_hidden_from_strangers(api, project):
    issue = make_issue(project)
    stranger = api(make_user())
    assert stranger.get("/api/v1/issues", {"project": project.pk}).json() == []
    assert stranger.get(f"/api/v1/issues/{issue.pk}").status_code in (403, 404)


def test_an_issue_is_found_by_its_number(api, project, worker):
    issue = make_issue(project)
    query = {"ref": issue.ref, "project": project.pk}
    assert api(worker).get("/api/v1/issues/by_ref", query).json()["id"] == issue.pk


def test_an_issue_is_created_changed_and_deleted(api, project, worker):
    client = api(worker)
    made = client.post("/api/v1/issues", {"project": project.pk, "subject": "New one"})
    assert made.status_code == 201
    path = f"/api/v1/issues/{made.json()['id']}"
    changed = client.patch(path, {"subject": "Changed", "version": made.json()["version"]})
    assert (changed.status_code, changed.json()["subject"]) == (200, "Changed")
    assert changed.json()["version"] == made.json()["version"] + 1
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("version", [None, 99, "x"])
def test_a_wrong_version_is_400_under_its_key(api, project, worker, version):
    issue = make_issue(project, "Old")
    body = {"subject": "New"} if version is None else {"subject": "New", "version": version}
    answer = api(worker).patch(f"/api/v1/issues/{issue.pk}", body)
    assert answer.status_code == 400
    assert "version" in answer.json()
    issue.refresh_from_db()
    assert issue.subject == "Old"


def test_a_stale_version_of_the_same_field_is_400(api, project, worker):
    client = api(worker)
    made = client.post("/api/v1/issues", {"project": project.pk, "subject": "One"}).json()
    path = f"/api/v1/issues/{made['id']}"
    first = client.patch(path, {"subject": "Two", "version": made["version"]})
    stale = client.patch(path, {"subject": "Three", "version": made["version"]})
    assert first.status_code == 200
    assert (stale.status_code, list(stale.json())) == (400, ["version"])
    assert client.get(path).json()["subject"] == "Two"


def test_a_viewer_cannot_change_an_issue(api, project):
    viewer = make_member(project, permissions=["view_project", "view_issues"])
    issue = make_issue(project, "Old")
    answer = api(viewer).patch(f"/api/v1/issues/{issue.pk}", {"subject": "New", "version": 1})
    assert answer.status_code == 403
    issue.refresh_from_db()
    assert issue.subject == "Old"


def test_a_blocked_project_refuses_writes_with_451(api, project, worker):
    issue = make_issue(project)
    type(project).objects.filter(pk=project.pk).update(blocked_code="blocked-by-staff")
    path = f"/api/v1/issues/{issue.pk}"
    assert api(worker).patch(path, {"subject": "New", "version": 1}).status_code == 451
    assert api(worker).get(path).status_code == 200


def test_statuses_roles_and_members_of_a_project(api, project, worker):
    client, query = api(worker), {"project": project.pk}
    statuses = client.get("/api/v1/issue-statuses", query).json()
    assert [(row["slug"], row["is_closed"]) for row in statuses] == [
        ("new", False),
        ("closed", True),
    ]
    assert client.get("/api/v1/milestones", query).json() == []
    members = client.get("/api/v1/memberships", query).json()
    assert [row["user"] for row in members] == [worker.pk]
    assert len(client.get("/api/v1/roles", query).json()) == 1


def test_messages_follow_the_language_of_the_browser(api):
    english = api().get("/api/v1/users/me", HTTP_ACCEPT_LANGUAGE="en")
    korean = api().get("/api/v1/users/me", HTTP_ACCEPT_LANGUAGE="ko")
    assert (english["Content-Language"], korean["Content-Language"]) == ("en", "ko")


def test_a_trailing_slash_is_another_address(api):
    assert api(make_user()).get("/api/v1/projects/").status_code == 404
