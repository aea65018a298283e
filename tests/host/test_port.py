"""The port's contract: the same tests on the embedded host and on a real Taiga."""

import importlib

import jwt
import pytest
from api_client import access_token
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.test import RequestFactory

from factories import (
    MAKE_TICKET,
    PASSWORD,
    make_application_token,
    make_member,
    make_project,
    make_role,
    make_user,
)
from taiga_crm.host import HostAuthError, HostMembership, MailRefused, current_host
from taiga_crm.kernel.errors import ProjectArchived, ProjectBlocked

pytestmark = pytest.mark.django_db


def request(authorization=None, **extra):
    headers = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
    django_request = RequestFactory().get("/api/v1/crm/me", **headers, **extra)
    from rest_framework.request import Request

    return Request(django_request)


def authenticate(authorization=None):
    return current_host().authenticate(request(authorization))


def test_the_adapter_has_a_name_and_says_its_version():
    assert current_host().name in ("taiga", "standalone")
    assert isinstance(current_host().version(), str)


def test_no_header_is_nobody():
    assert authenticate() is None


@pytest.mark.parametrize("header", ["Basic abc", "Token abc", "Bearer", "Application", ""])
def test_an_unknown_scheme_or_an_empty_value_never_logs_in(header):
    try:
        found = authenticate(header)
    except HostAuthError:
        found = None
    assert found is None


def test_a_bearer_token_is_its_person():
    user = make_user()
    assert authenticate(f"Bearer {access_token(user)}")[0] == user


def test_garbage_is_refused_with_taigas_code():
    with pytest.raises(HostAuthError) as refusal:
        authenticate("Bearer not.a.token")
    assert str(refusal.value.detail["code"]) == "token_not_valid"


def test_an_expired_token_is_refused_with_taigas_code():
    claims = {"token_type": "access", "exp": 1, "jti": "1", "user_id": make_user().pk}
    token = jwt.encode(claims, settings.SECRET_KEY, algorithm="HS256")
    with pytest.raises(HostAuthError) as refusal:
        authenticate(f"Bearer {token}")
    assert str(refusal.value.detail["code"]) == "token_not_valid"


def test_a_refresh_token_is_no_access_token(client):
    user = make_user()
    body = {"type": "normal", "username": user.username, "password": PASSWORD}
    pair = client.post("/api/v1/auth", body, content_type="application/json").json()
    assert authenticate(f"Bearer {pair['auth_token']}")[0] == user
    with pytest.raises(HostAuthError):
        authenticate(f"Bearer {pair['refresh']}")


@pytest.mark.parametrize("field, value", [("is_active", False), ("is_system", True)])
@pytest.mark.parametrize("scheme", ["Bearer", "Application"])
def test_inactive_and_system_users_are_refused(scheme, field, value):
    user = make_user()
    token = access_token(user) if scheme == "Bearer" else make_application_token(user)
    assert authenticate(f"{scheme} {token}")[0] == user
    setattr(user, field, value)
    user.save()
    with pytest.raises(HostAuthError):
        authenticate(f"{scheme} {token}")


def test_an_unknown_application_token_is_refused():
    make_application_token(make_user())
    with pytest.raises(HostAuthError):
        authenticate("Application unknown")


def test_a_session_cookie_is_nobody():
    cookies = {"HTTP_COOKIE": "sessionid=abc; token=abc"}
    assert current_host().authenticate(request(**cookies)) is None


def test_the_401_names_taigas_realm():
    assert current_host().www_authenticate() == 'Bearer realm="api"'


def test_memberships_come_with_their_keys_in_one_query(django_assert_num_queries):
    first, second = make_project(), make_project()
    role = make_role(first, permissions=["view_project", "view_issues"])
    user = make_member(first, role=role)
    admin_role = make_role(second, permissions=[])
    make_member(second, user, admin_role, is_admin=True)
    make_member(second)
    with django_assert_num_queries(1):
        found = list(current_host().memberships(user))
    assert sorted(found, key=lambda row: row.project_id) == [
        HostMembership(first.pk, role.pk, False, frozenset({"view_project", "view_issues"})),
        HostMembership(second.pk, admin_role.pk, True, frozenset()),
    ]


def test_a_public_project_makes_nobody_a_member():
    make_project(
        is_private=False,
        anon_permissions=["view_project", "view_issues"],
        public_permissions=["view_project", "view_issues"],
    )
    assert list(current_host().memberships(make_user())) == []


def test_an_open_project_is_writable():
    current_host().check_writable(make_project())


def test_a_blocked_project_refuses_writes():
    with pytest.raises(ProjectBlocked):
        current_host().check_writable(make_project(blocked_code="blocked-by-staff"))


def test_an_archived_project_refuses_writes():
    project = make_project()
    if not hasattr(project, "archived_code"):
        pytest.skip("This Taiga is older than 6.10: projects cannot be archived")
    project.archived_code = "archived-by-owner"
    with pytest.raises(ProjectArchived):
        current_host().check_writable(project)


@pytest.mark.parametrize("is_open", [True, False])
def test_registration_follows_the_hosts_switch(settings, is_open):
    settings.PUBLIC_REGISTER_ENABLED = is_open
    assert current_host().registration_is_open() is is_open


@pytest.mark.parametrize("kind", ["issue", "userstory", "task", "epic"])
def test_each_kind_of_ticket_can_be_read_by_its_description(kind):
    described = current_host().ticket_kinds()[kind]
    model = apps.get_model(described.model)
    project = make_project()
    opened = MAKE_TICKET[kind](project, "Open one")
    make_closed = MAKE_TICKET[kind](project, "Closed one", status="closed")
    rows = model.objects.filter(project=project).values_list("id", described.closed)
    if described.closed == "status__is_closed":
        assert dict(rows) == {opened.pk: False, make_closed.pk: True}
    assert {row[0] for row in rows} == {opened.pk, make_closed.pk}
    assert described.view.startswith("view_")
    assert described.modify.startswith("modify_")


def test_our_own_exceptions_are_not_the_hosts():
    assert current_host().translate_error(ValueError("x")) is None


def test_the_hosts_refusals_are_translated():
    if current_host().name != "taiga":
        pytest.skip("The embedded host has no exceptions of its own")
    from taiga.base import exceptions

    status, body = current_host().translate_error(exceptions.Blocked("Blocked element"))
    assert (status, body["_error_message"]) == (451, "Blocked element")


def test_mounting_twice_mounts_once():
    patterns = importlib.import_module(settings.ROOT_URLCONF).urlpatterns
    before = list(patterns)
    try:
        current_host().mount("api/v1/crm/", "host_urls")
        current_host().mount("api/v1/crm/", "host_urls")
        assert len([p for p in patterns if getattr(p, "crm_mount", False)]) == 1
    finally:
        patterns[:] = before


def test_telling_the_browsers_does_not_fail():
    current_host().emit("account", 1, "change", [make_project().pk])


def test_a_job_reaches_the_function_or_a_worker():
    """Without a worker of its own the host calls the function at once; else it only takes note."""
    called = []
    assert current_host().run_job(7, called.append) is None
    assert called in ([], [7])


def test_a_mail_goes_to_the_address_of_an_active_person_alone():
    user = make_user("reader")
    current_host().send_mail(user, "A subject", "A text")
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["reader@example.com"], "A subject", "A text")
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    for field, value in (("is_active", False), ("is_system", True), ("email", "")):
        gone = make_user(**{field: value})
        current_host().send_mail(gone, "A subject", "A text")
    assert len(mail.outbox) == 1


def test_a_mail_that_is_not_taken_is_refused_with_one_error(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(MailRefused):
        current_host().send_mail(make_user(), "A subject", "A text")


def test_a_person_reads_their_own_language_or_the_installations():
    assert current_host().language_of(make_user(lang="ko")) == "ko"
    assert current_host().language_of(make_user(lang="")) == settings.LANGUAGE_CODE


def test_a_page_has_an_address_outside_of_the_browser(settings):
    settings.SITES = {"front": {"scheme": "https", "domain": "example.com/taiga/"}}
    address = current_host().page_address("crm/accounts/12")
    assert address == "https://example.com/taiga/crm/accounts/12"


def test_waking_the_worker_does_not_fail():
    assert current_host().wake() is None
