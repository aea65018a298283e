"""Who is asking: tokens, inactive people, preflights, and writes that roll back."""

import pytest
from api_client import access_token
from asking import got
from django.test import RequestFactory
from records import company, fingerprint, make_account, make_crm_project, make_worker

from factories import make_application_token, make_user
from taiga_crm.api.views import CrmView
from taiga_crm.kernel.errors import Refused
from taiga_crm.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.mark.parametrize("header", [
    None, "", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Token x", "Application x",
    "Bearer " + "x" * 5_000,
])  # fmt: skip
def test_without_a_good_token_the_answer_is_401_with_the_realm(api, header):
    headers = {} if header is None else {"HTTP_AUTHORIZATION": header}
    answer = api().get("accounts", **headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert {"_error_message", "_error_type", "code"} <= set(answer.json())


def test_a_session_cookie_logs_nobody_in(api):
    assert api().get("accounts", HTTP_COOKIE="sessionid=abc; token=abc").status_code == 401


@pytest.mark.parametrize("field, value", [("is_active", False), ("is_system", True)])
def test_tokens_of_inactive_and_system_users_are_refused(api, project, field, value):
    worker = make_worker(project)
    token = f"Application {make_application_token(worker)}"
    bearer = api(worker)
    assert bearer.get("accounts").status_code == 200
    assert api().get("accounts", HTTP_AUTHORIZATION=token).status_code == 200
    type(worker).objects.filter(pk=worker.pk).update(**{field: value})
    before = fingerprint()
    body = {"type": company().pk, "first_name": "New", "projects": [project.pk]}
    assert bearer.get("accounts").status_code == 401
    assert bearer.post("accounts", body).status_code == 401
    assert api().get("accounts", HTTP_AUTHORIZATION=token).status_code == 401
    assert api().post("accounts", body, HTTP_AUTHORIZATION=token).status_code == 401
    assert fingerprint() == before


def test_an_application_token_acts_for_its_person(api, project):
    worker = make_worker(project, "worker")
    token = f"Application {make_application_token(worker)}"
    assert got(api().get("me", HTTP_AUTHORIZATION=token))["user"]["username"] == "worker"


@pytest.mark.parametrize("path, allowed", [
    ("accounts", "GET, POST, HEAD, OPTIONS"),
    ("accounts/1", "GET, PATCH, DELETE, HEAD, OPTIONS"),
    ("tickets", "GET, HEAD, OPTIONS"),
    ("me", "GET, HEAD, OPTIONS"),
])  # fmt: skip
def test_a_preflight_needs_no_token_and_tells_only_the_methods(api, path, allowed):
    answer = api().options(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert set(answer["Allow"].split(", ")) == set(allowed.split(", "))


def test_head_answers_like_get_without_a_body(api, project):
    make_account("Acme", project)
    client = api(make_worker(project))
    answer = client.client.head("/api/v1/crm/accounts", **client.headers)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["x-pagination-count"] == "1"


def test_a_trailing_slash_and_an_unknown_address_are_404(api, project):
    client = api(make_worker(project))
    for path in ("accounts/", "accountsx", "accounts/1/unknown", "accounts/x", "accounts/-1", ""):
        assert client.get(path).status_code == 404


def test_an_error_speaks_our_language_whatever_is_accepted(api, project):
    client = api(make_worker(project), lang="ko")
    for accept in ("text/html", "application/xml", "*/*", "nonsense"):
        answer = client.get("accounts/999999999", HTTP_ACCEPT=accept)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/json"
        assert answer.json()["code"] == "not_found"


def test_a_refusal_after_a_write_takes_the_write_back(api, project):
    """A new account whose last check fails: the row was written, then rolled back."""
    client = api(make_worker(project))
    body = {"type": company().pk, "first_name": "New", "projects": [project.pk],
            "emails": ["a@b.c"]}  # fmt: skip
    from taiga_crm.capabilities import plain_edit
    from taiga_crm.kernel.errors import WrongState

    def late(*arguments):
        assert Account.objects.filter(name="New").exists()
        raise WrongState("Too late")

    real, plain_edit.announce = plain_edit.announce, late
    before = fingerprint()
    try:
        answer = client.post("accounts", body)
    finally:
        plain_edit.announce = real
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert fingerprint() == before


@pytest.mark.parametrize("refusal", [Refused("No"), ZeroDivisionError()])
def test_a_view_that_refuses_after_its_own_write_takes_the_write_back(project, refusal):
    """Not a service with a transaction of its own: the view's transaction is what is proved."""

    class Careless(CrmView):
        def post(self, request):
            make_account("Half", project)
            raise refusal

    header = {"HTTP_AUTHORIZATION": f"Bearer {access_token(make_worker(project))}"}
    request = RequestFactory().post("/x", "{}", content_type="application/json", **header)
    before = fingerprint()
    if isinstance(refusal, Refused):
        assert Careless.as_view()(request).status_code == 403
    else:
        with pytest.raises(ZeroDivisionError):
            Careless.as_view()(request)
    assert fingerprint() == before


def test_a_superuser_who_is_no_member_works_everywhere(api, project):
    account = make_account("Acme", project)
    root = api(make_user("root", is_superuser=True))
    assert got(root.patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))["version"] == 2
