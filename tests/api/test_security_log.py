"""The security log: a refusal stays though its request is undone; many alike are one line."""

import json

import pytest
from api_client import ApiClient
from asking import content_of, exported, got
from django.db import connection
from records import (
    company,
    give_keys,
    make_account,
    make_contact,
    make_crm_project,
    make_token,
    make_worker,
    personal,
    role_of,
)

from factories import make_user
from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.security_log import About
from taiga_crm.kernel import clock
from taiga_crm.models import Account, SecurityEvent, UserType, Webhook
from taiga_crm.permissions.callers import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F021")]


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def keeper(db):
    user = make_user("keeper")
    give_keys(user, "manage_security")
    return user


def kinds(**filters):
    return list(
        SecurityEvent.objects.filter(**filters).order_by("pk").values_list("kind", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_a_denial_is_logged_although_its_request_is_rolled_back():
    company()
    project = make_crm_project("Aurora")
    viewer = make_worker(project, "viewer", verbs=("view",))
    account = make_account("Acme", project)
    answer = ApiClient(viewer).patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"})
    assert answer.status_code == 403
    event = SecurityEvent.objects.get()
    assert (event.kind, event.user_id, event.route, event.object_id, event.ip) == (
        "denied", viewer.pk, "PATCH accounts/{pk}", account.pk, "127.0.0.1",
    )  # fmt: skip
    account.refresh_from_db()
    assert (account.city, account.version) == ("", 1)


def test_the_same_denial_again_and_again_is_one_line_with_a_number(api, project):
    viewer = make_worker(project, "viewer", verbs=("view",))
    account, other = make_account("Acme", project), make_account("Bolt", project)
    for one in (account, account, other):
        assert api(viewer).delete(f"accounts/{one.pk}").status_code == 403
    assert api(viewer).patch(f"accounts/{other.pk}", {"version": 1}).status_code == 403
    rows = SecurityEvent.objects.order_by("route").values_list("route", "number", "object_id")
    assert list(rows) == [
        ("DELETE accounts/{pk}", 3, other.pk),
        ("PATCH accounts/{pk}", 1, other.pk),
    ]


def test_what_is_not_visible_leaves_no_trace_of_what_it_is(api, project, keeper):
    stranger = make_user("stranger")
    account = make_account("Acme", project)
    for _one in range(19):
        assert api(stranger).get(f"accounts/{account.pk}").status_code == 404
    assert got(api(keeper).get("security-log")) == []
    assert api(stranger).get("contacts/1").status_code == 404
    (seen,) = got(api(keeper).get("security-log"))
    assert (seen["kind"], seen["number"], seen["route"], seen["object"], seen["user"]["id"]) == (
        "not_found", 20, "", None, stranger.pk,
    )  # fmt: skip


def test_a_denial_of_a_token_names_the_token(project):
    owner = make_worker(project, "owner")
    row, token = make_token(owner, "read")
    account = make_account("Acme", project)
    assert ApiClient(token=token).delete(f"accounts/{account.pk}").status_code == 403
    event = SecurityEvent.objects.get(kind="denied")
    assert (event.user_id, event.token_id) == (owner.pk, row.pk)
    assert Account.objects.filter(pk=account.pk).exists()


def test_the_use_of_a_token_is_one_line_for_each_address_and_day(project):
    row, token = make_token(make_worker(project))
    client = ApiClient(token=token)
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        client.get("me", REMOTE_ADDR=address)
    uses = SecurityEvent.objects.filter(kind="token_used").values_list("ip", "token_id")
    assert sorted(uses) == [("192.0.2.1", row.pk), ("192.0.2.2", row.pk)]


def test_bad_tokens_do_not_flood_the_log(project, configured):
    configured(api_limit=0)
    owner = make_worker(project)
    row, token = make_token(owner)
    for number in range(30):
        wrong = f"tcrm_{row.prefix}_{number:064}"
        assert ApiClient(token=wrong).get("me").status_code == 401
    event = SecurityEvent.objects.get(kind="token_failed")
    assert (event.number, event.user_id, event.token_id) == (30, None, None)
    assert event.details == {"reason": "unknown"}
    for number in range(3):  # one network of a customer
        wrong = ApiClient(token=f"tcrm_{row.prefix}_{0:064}")
        wrong.get("me", HTTP_X_FORWARDED_FOR=f"2001:db8::{number:x}")
    assert SecurityEvent.objects.exclude(pk=event.pk).get(kind="token_failed").number == 3
    SecurityEvent.objects.exclude(pk=event.pk).delete()
    row.revoked_at = clock.now()
    row.save()
    assert ApiClient(token=token).get("me").status_code == 401
    event = SecurityEvent.objects.exclude(pk=event.pk).get(kind="token_failed")
    assert (event.user_id, event.token_id, event.details) == (
        owner.pk,
        row.pk,
        {"reason": "revoked"},
    )


def test_an_export_is_logged_with_rows_and_the_names_of_its_filters_alone(api, project):
    worker = make_worker(project)
    make_account("Acme", project, city="Secretville")
    exported(api(worker), "accounts", city="Secretville", fields="name,city", sort="name")
    event = SecurityEvent.objects.get()
    assert (event.kind, event.user_id, event.object_kind) == ("export", worker.pk, "account")
    assert event.details == {"format": "csv", "rows": 1, "narrowed_by": ["city"]}


def test_erasing_and_giving_an_archive_are_logged(api, project):
    worker = make_worker(project)
    person = make_contact(make_account("Acme", project), "Ada")
    content_of(Posting(api(worker)), f"contacts/{person.pk}/personal-archive")
    assert api(worker).post(f"contacts/{person.pk}/anonymize").status_code == 200
    assert [(e.kind, e.object_kind) for e in SecurityEvent.objects.order_by("pk")] == [
        ("export", "contact"), ("erased", "contact"),
    ]  # fmt: skip


class Posting:
    """Sends what is asked by GET as a POST."""

    def __init__(self, client):
        self.client = client

    def get(self, path, params):
        return self.client.post(path, params)


def test_giving_rights_is_logged_and_a_refused_attempt_is_a_denial(api, project):
    root, viewer = make_user("root", is_superuser=True), make_worker(project, "viewer")
    role = role_of(viewer)
    body = {"keys": ["view_account"], "version": 1}
    assert api(viewer).patch(f"projects/{project.pk}/grants/{role}", body).status_code == 403
    assert kinds() == ["denied"]
    assert api(root).patch(f"projects/{project.pk}/grants/{role}", body).status_code == 200
    made = got(api(root).post("user-types", {"name": "Boss", "keys": ["view_everything"]}), 201)
    change = {"version": 1, "members": [viewer.pk]}
    assert api(root).patch(f"user-types/{made['id']}", change).status_code == 200
    assert api(root).delete(f"user-types/{made['id']}").status_code == 204
    api(root).patch(f"projects/{project.pk}/settings", {"enabled": False})
    api(root).put("field-rules/account", {"version": 1, "rules": [
        {"field": "city", "effect": "read_only"}]})  # fmt: skip
    events = SecurityEvent.objects.filter(kind="rights").order_by("pk")
    assert [(e.object_kind, e.details.get("action"), e.user_id) for e in events] == [
        ("role_grant", None, root.pk), ("user_type", "create", root.pk),
        ("user_type", "change", root.pk), ("user_type", "delete", root.pk),
        ("project_settings", "disable", root.pk), ("field_rules", None, root.pk),
    ]  # fmt: skip


def test_looking_at_the_secret_of_a_webhook_is_logged(api):
    root = make_user("root", is_superuser=True)
    hook = Webhook.objects.create(name="X", url="https://8.8.8.8/", owner=root, secret="s")
    assert api(root).get(f"webhooks/{hook.pk}/secret").status_code == 200
    event = SecurityEvent.objects.get()
    assert (event.kind, event.user_id, event.object_kind, event.object_id, event.details) == (
        "secret_shown", root.pk, "webhook", hook.pk, {},
    )  # fmt: skip


def test_no_name_and_no_value_is_ever_in_the_log(api, project, keeper):
    word = "Zq7Secret"
    worker = make_worker(project, f"worker{word}")
    account = make_account(word, project, type=personal(), last_name=word, city=word)
    row, token = make_token(worker)
    type(row).objects.update(name=word)
    client = ApiClient(token=token)
    exported(client, "accounts", city=word, q=word)
    client.post("accounts/bulk-delete", {"ids": [account.pk], "word": word})
    UserType.objects.create(name=word)
    client.post("user-types", {"name": word})
    client.get(f"accounts/{word}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM taiga_crm_securityevent r WHERE r::text ILIKE %s",
                       [f"%{word}%"])  # fmt: skip
        assert cursor.fetchone() == (0,)
    assert SecurityEvent.objects.count() >= 3


def test_one_more_of_the_same_keeps_the_first_time_and_moves_the_last(db):
    caller, about = Caller(ip="192.0.2.1"), About(route="GET x", details={"a": 1})
    for _one in range(2):
        security_log.count("denied", 1, caller, about)
    row = SecurityEvent.objects.get()
    assert row.number == 2
    assert row.first_at < row.at
    security_log.count("denied", 1, Caller(ip="192.0.2.2"), about)
    assert SecurityEvent.objects.count() == 2
    assert json.loads(json.dumps(row.details)) == {"a": 1}
