"""Personal API tokens: shown once, kept as a hash, refused at once when they end."""

import datetime
import re

import pytest
from api_client import ApiClient
from asking import got
from django.db import connection
from records import (
    company,
    fingerprint,
    give_keys,
    make_account,
    make_crm_project,
    make_token,
    make_worker,
)

from factories import make_user
from taiga_crm.kernel import clock
from taiga_crm.models import Account, ApiToken, SecurityEvent
from taiga_crm.services.api_tokens import digest_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F021")]
FORM = re.compile(r"tcrm_[0-9a-f]{10}_[0-9a-f]{64}")
NEW = {"name": "Reports", "scopes": ["read", "export"], "days": 30}


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


def by_token(token, **options):
    return ApiClient(token=token, **options)


def refused(answer):
    body = got(answer, 401)
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    return body["_error_message"]


def test_a_new_token_is_shown_once_and_works_for_its_owner(api, worker):
    answer = api(worker).post("tokens", NEW)
    made = got(answer, 201)
    assert FORM.fullmatch(made["token"])
    assert made["token"].startswith(made["prefix"])
    assert answer["Cache-Control"] == "no-store"
    (listed,) = got(api(worker).get("tokens"))
    assert "token" not in listed
    assert (listed["name"], listed["scopes"], listed["state"]) == (
        "Reports", ["read", "export"], "active",
    )  # fmt: skip
    me = got(by_token(made["token"]).get("me"))
    assert me["user"]["username"] == "worker"
    assert me["token"] == {
        "id": made["id"], "scopes": ["export", "read"], "projects": None,
    }  # fmt: skip
    assert got(api(worker).get("me"))["token"] is None


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Token"])
def test_the_token_comes_in_the_authorization_header_alone(worker, scheme):
    _row, token = make_token(worker, "read")
    assert ApiClient().get("me", HTTP_AUTHORIZATION=f"{scheme} {token}").status_code == 200
    assert ApiClient().get("me", {"token": token, "access_token": token}).status_code == 401
    assert ApiClient().get("me", HTTP_COOKIE=f"token={token}").status_code == 401


def test_only_a_hash_of_the_secret_is_in_the_database(api, worker):
    token = got(api(worker).post("tokens", NEW), 201)["token"]
    rotated = got(api(worker).post(f"tokens/{ApiToken.objects.get().pk}/rotate"))["token"]
    assert by_token(rotated).get("me").status_code == 200
    secrets = [one.rpartition("_")[2] for one in (token, rotated)]
    tables = [t for t in connection.introspection.table_names() if t.startswith("taiga_crm_")]
    with connection.cursor() as cursor:
        for table in tables:
            for secret in secrets:
                cursor.execute(f"SELECT count(*) FROM {table} r WHERE r::text LIKE %s",
                               [f"%{secret}%"])  # fmt: skip
                assert cursor.fetchone() == (0,), table
        cursor.execute("SELECT digest FROM taiga_crm_apitoken")
        assert cursor.fetchone() == (digest_of(secrets[1]),)


def test_a_token_that_was_revoked_is_refused_at_once(api, worker):
    row, token = make_token(worker)
    assert by_token(token).get("accounts").status_code == 200
    assert got(api(worker).post(f"tokens/{row.pk}/revoke"))["state"] == "revoked"
    assert refused(by_token(token).get("accounts")) == "This API token does not work (any more)."
    again = got(api(worker).post(f"tokens/{row.pk}/revoke"))
    assert again["revoked_at"] == got(api(worker).get("tokens"))[0]["revoked_at"]
    assert got(api(worker).post(f"tokens/{row.pk}/rotate"), 409)["code"] == "wrong_state"


def test_rotating_ends_the_old_secret_at_once_and_counts_its_days_anew(api, worker):
    soon = clock.now() + datetime.timedelta(hours=1)
    row, old = make_token(worker, expires_at=soon)
    made = got(api(worker).post(f"tokens/{row.pk}/rotate"))
    assert made["prefix"] == f"tcrm_{row.prefix}"
    refused(by_token(old).get("me"))
    assert by_token(made["token"]).get("me").status_code == 200
    row.refresh_from_db()
    assert datetime.timedelta(days=29) < row.expires_at - clock.now()


@pytest.mark.parametrize("how", ["expired", "inactive", "system", "secret", "prefix", "form"])
def test_a_token_that_does_not_work_is_401_and_writes_nothing(worker, project, how):
    row, token = make_token(worker)
    if how == "expired":
        ApiToken.objects.filter(pk=row.pk).update(expires_at=clock.now())
    elif how in ("inactive", "system"):
        change = {"is_active": False} if how == "inactive" else {"is_system": True}
        type(worker).objects.filter(pk=worker.pk).update(**change)
    else:
        swapped = {"secret": -1, "prefix": 5, "form": 4}[how]
        letters = list(token)
        letters[swapped] = "-" if how == "form" else "f" if letters[swapped] == "0" else "0"
        token = "".join(letters)
    body = {"type": company().pk, "first_name": "New", "projects": [project.pk]}
    before = fingerprint()
    client = by_token(token)
    answers = [client.get("accounts"), client.post("accounts", body)]
    assert [one.status_code for one in answers] == [401, 401]
    assert len({refused(one) for one in answers}) == 1
    assert fingerprint() == before


def test_a_token_has_the_rights_that_its_owner_has_now(worker, project):
    account = make_account("Acme", project)
    _row, token = make_token(worker)
    client = by_token(token)
    assert client.get(f"accounts/{account.pk}").status_code == 200
    worker.memberships.all().delete()
    assert client.get(f"accounts/{account.pk}").status_code == 404
    assert Account.objects.count() == 1


def test_a_token_never_opens_the_api_of_the_host(worker):
    _row, token = make_token(worker)
    for scheme in ("Bearer", "Token"):
        header = {"HTTP_AUTHORIZATION": f"{scheme} {token}"}
        assert ApiClient().get("/api/v1/users/me", **header).status_code == 401


def test_nobody_but_its_owner_and_the_keeper_of_security_reaches_a_token(api, worker):
    row, token = make_token(worker)
    other = api(make_user())
    for verb in ("rotate", "revoke"):
        assert other.post(f"tokens/{row.pk}/{verb}").status_code == 404
    assert got(other.get("tokens")) == []
    assert other.get("tokens/all").status_code == 403
    keeper = make_user("keeper")
    give_keys(keeper, "manage_security")
    keeper = api(keeper)
    (seen,) = got(keeper.get("tokens/all"))
    assert (seen["id"], seen["owner"]) == (row.pk, {"id": worker.pk, "label": "Worker"})
    assert "token" not in seen
    assert "digest" not in str(seen)
    assert keeper.post(f"tokens/{row.pk}/rotate").status_code == 404
    assert by_token(token).get("me").status_code == 200
    assert got(keeper.post(f"tokens/{row.pk}/revoke"))["state"] == "revoked"
    refused(by_token(token).get("me"))


@pytest.mark.parametrize("change, field", [
    ({"name": ""}, "name"), ({"name": "x" * 101}, "name"), ({"name": 7}, "name"),
    ({"scopes": []}, "scopes"), ({"scopes": ["root"]}, "scopes"), ({"scopes": "read"}, "scopes"),
    ({"scopes": [["read"]]}, "scopes"),
    ({"days": 0}, "days"), ({"days": 366}, "days"), ({"days": True}, "days"),
    ({"days": "30"}, "days"), ({"days": None}, "days"),
    ({"projects": [999_999]}, "projects"), ({"projects": "1"}, "projects"),
    ({"projects": [True]}, "projects"), ({"projects": [2**70]}, "projects"),
])  # fmt: skip
def test_a_token_without_name_scopes_or_end_is_not_made(api, worker, change, field):
    before = fingerprint()
    assert list(got(api(worker).post("tokens", {**NEW, **change}), 400)) == [field]
    assert fingerprint() == before


def test_what_a_token_is_cannot_be_given_by_the_caller(api, worker):
    other = make_user()
    forged = {"owner": other.pk, "owner_id": other.pk, "digest": "0" * 64, "prefix": "aaaaaaaaaa",
              "expires_at": "2099-01-01T00:00:00Z", "last_ip": "1.1.1.1", "id": 77}  # fmt: skip
    got(api(worker).post("tokens", {**NEW, **forged}), 201)
    row = ApiToken.objects.get()
    assert (row.owner_id, row.last_ip) == (worker.pk, None)
    assert row.pk != 77
    assert row.prefix != "aaaaaaaaaa"
    assert row.expires_at < clock.now() + datetime.timedelta(days=31)


def test_the_longest_time_is_a_setting(api, worker, configured):
    configured(max_token_days=7)
    assert got(api(worker).get("tokens/options"))["max_days"] == 7
    assert api(worker).post("tokens", {**NEW, "days": 8}).status_code == 400
    assert api(worker).post("tokens", {**NEW, "days": 7}).status_code == 201


def test_a_person_has_at_most_fifty_tokens_that_work(api, worker):
    for number in range(50):
        make_token(worker, "read", prefix=f"{number:010}")
    assert got(api(worker).post("tokens", NEW), 409)["code"] == "wrong_state"
    ApiToken.objects.filter(prefix="0000000000").update(revoked_at=clock.now())
    got(api(worker).post("tokens", NEW), 201)


def test_the_last_use_is_written_at_most_once_a_minute(worker):
    row, token = make_token(worker)
    client = by_token(token)
    client.get("me", REMOTE_ADDR="192.0.2.7")
    row.refresh_from_db()
    first = row.last_used_at
    assert row.last_ip == "192.0.2.7"
    client.get("me", REMOTE_ADDR="192.0.2.8")
    row.refresh_from_db()
    assert (row.last_used_at, row.last_ip) == (first, "192.0.2.7")
    ApiToken.objects.update(last_used_at=first - datetime.timedelta(minutes=1))
    client.get("me", REMOTE_ADDR="192.0.2.8")
    row.refresh_from_db()
    assert row.last_used_at > first
    assert row.last_ip == "192.0.2.8"


def test_making_changing_and_ending_a_token_is_logged(api, worker):
    client = api(worker)
    number = got(client.post("tokens", NEW), 201)["id"]
    client.post(f"tokens/{number}/rotate")
    client.post(f"tokens/{number}/revoke")
    client.post(f"tokens/{number}/revoke")
    events = SecurityEvent.objects.order_by("pk").values_list("kind", "user_id", "object_id")
    assert list(events) == [
        (kind, worker.pk, number) for kind in ("token_created", "token_rotated", "token_revoked")
    ]


def test_deleting_a_person_takes_the_tokens_along(worker):
    _row, token = make_token(worker)
    worker.memberships.all().delete()
    type(worker).objects.filter(pk=worker.pk).delete()
    refused(by_token(token).get("me"))
    assert not ApiToken.objects.exists()
