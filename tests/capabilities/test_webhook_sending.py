"""Sending: signed, again with growing waits, once by one worker, stopped when it may not go on."""

import datetime
import hashlib
import hmac
import json
import os
import signal

import pytest
from asking import got
from django.db import connection
from hooks import last, make_webhook, send, told
from hostile_urls import HOSTILE, known_names
from listening import listening
from records import make_account, make_crm_project, make_worker

from factories import make_member, make_user
from taiga_crm.capabilities.webhook_sending import (
    ATTEMPTS,
    LOCK,
    forget_deliveries,
    wait_after,
)
from taiga_crm.capabilities.webhook_signing import rotate
from taiga_crm.kernel import clock
from taiga_crm.models import WebhookDelivery

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = (
    datetime.timedelta(minutes=1),
    datetime.timedelta(hours=1),
    datetime.timedelta(days=1),
)


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def admin(project):
    return make_member(project, make_user("admin"), is_admin=True)


@pytest.fixture
def hook(admin, project, listener):
    return make_webhook(admin, listener.url, project)


@pytest.fixture
def change(api, project):
    """Return a function that makes an account and changes it; returns its id."""

    def act(name="Acme", **fields):
        client = api(make_worker(project))
        account = make_account(name, project)
        got(client.patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo", **fields}))
        return account.pk

    return act


def test_a_change_is_told_with_a_signature_that_anybody_can_verify(hook, listener, change):
    pk = change()
    assert send() == 1
    (request,) = listener.got
    body = json.loads(request.body)
    moment, given = request.headers["X-Crm-Timestamp"], request.headers["X-Crm-Signature"]
    wanted = hmac.new(b"whsec_test", f"{moment}.".encode() + request.body, hashlib.sha256)
    assert given == f"sha256={wanted.hexdigest()}"
    assert abs(int(moment) - clock.now().timestamp()) < 60
    delivery = last()
    assert request.headers["X-Crm-Event"] == body["event"] == "account.changed"
    assert request.headers["X-Crm-Delivery"] == body["id"] == str(delivery.number)
    assert request.headers["Content-Type"] == "application/json"
    assert (body["version"], body["kind"], body["action"]) == (1, "account", "change")
    assert (body["record"]["id"], body["record"]["name"]) == (pk, "Acme")
    assert body["changes"] == [{"field": "city", "old": "", "new": "Oslo"}]
    assert body["project_ids"] == [hook.project_id]
    assert body["actor"]["name"].startswith("Worker")
    assert (delivery.state, delivery.status, delivery.attempts) == ("delivered", 200, 1)
    assert (delivery.error, delivery.answer, delivery.body) == ("", "ok", request.body.decode())
    assert send() == 0


def test_for_a_day_after_a_new_secret_both_sign(hook, listener, change):
    now = clock.now()
    rotate(hook, now)
    hook.save()
    change()
    send()
    change("Next")
    send(after=25 * HOUR)
    both, one = (request.headers["X-Crm-Signature"].split(", ") for request in listener.got)
    assert (len(both), len(one)) == (2, 1)
    for index, secret in ((0, hook.secret), (1, "whsec_test")):
        request = listener.got[0]
        message = request.headers["X-Crm-Timestamp"].encode() + b"." + request.body
        wanted = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
        assert both[index] == f"sha256={wanted}"


def test_the_waits_grow_and_end():
    waits = [wait_after(number, 0.5) for number in range(1, ATTEMPTS + 1)]
    minutes = [None if one is None else round(one / MINUTE) for one in waits]
    assert minutes == [1, 5, 15, 60, 180, 480, 1440, None]
    assert wait_after(1, 0.0) == 0.8 * MINUTE
    assert wait_after(1, 1.0) == 1.2 * MINUTE


def test_a_failure_is_tried_again_when_its_time_has_come_and_then_given_up(hook, listener, change):
    listener.status, listener.body = 503, b"later"
    change()
    moment = datetime.timedelta()
    for attempt in range(1, ATTEMPTS + 1):
        assert send(after=moment) == 0
        assert len(listener.got) == attempt
        delivery = last()
        assert (delivery.attempts, delivery.status, delivery.error) == (attempt, 503, "status")
        wait = wait_after(attempt, 0.5)
        if wait is not None:
            assert delivery.state == "waiting"
            send(after=moment + wait - 5 * datetime.timedelta(seconds=1))
            assert len(listener.got) == attempt
            moment += wait + datetime.timedelta(seconds=1)
    assert (delivery.state, delivery.answer) == ("failed", "later")
    assert len({told_one["id"] for told_one in told(listener)}) == 1


def test_a_success_ends_the_row_of_failures(hook, listener, change):
    listener.status = 500
    change()
    send()
    hook.refresh_from_db()
    assert hook.failing_since is not None
    listener.status = 204
    send(after=2 * MINUTE)
    hook.refresh_from_db()
    assert (hook.failing_since, hook.is_active, last().state) == (None, True, "delivered")


@pytest.mark.parametrize("status, error", [(200, ""), (299, ""), (302, "redirect"), (400, "status"),
                                           (410, "gone"), (500, "status")])  # fmt: skip
def test_only_a_2xx_is_a_success(hook, listener, change, status, error):
    listener.status = status
    change()
    send()
    assert (last().error, last().status) == (error, status)


@pytest.mark.parametrize("form", HOSTILE)
def test_a_hostile_address_in_the_table_is_not_called(admin, project, configured, form):
    """As if it had been stored before the settings changed, or its name leads elsewhere now."""
    with listening() as inner:
        configured(webhook_http=True, webhook_ports=[inner.port, 80, 443])
        hook = make_webhook(admin, form.format(port=inner.port)[:500], project)
        hook.deliveries.create(event="ping")
        assert send(resolve=known_names) == 0
        assert inner.got == []
    assert (last().error, last().state, last().status) == ("address", "waiting", None)


def test_a_redirect_to_the_inside_is_not_followed(hook, listener, configured, change):
    with listening() as inner:
        listener.status, listener.headers = 307, {"Location": inner.url}
        change()
        send()
        assert (len(listener.got), inner.got) == (1, [])
    assert (last().error, last().status) == ("redirect", 307)


def test_of_the_answer_four_kilobytes_are_kept(hook, listener, change):
    listener.body = b"\x00\xff" + b"a" * 50_000
    change()
    send()
    assert (len(last().answer), last().answer[:2]) == (4_095, "�a")


def test_deliveries_of_one_webhook_go_out_in_order_and_one_that_fails_holds_no_other_up(
    hook, admin, project, listener, change
):
    with listening() as other:
        port = other.port
    dead = make_webhook(admin, f"http://127.0.0.1:{port}/", project, name="Dead")
    ids = [change(f"Account {number}") for number in range(4)]
    send()
    assert [one["record"]["id"] for one in told(listener)] == ids
    tried = dead.deliveries.filter(attempts=1)
    assert (tried.count(), dead.deliveries.filter(state="waiting").count()) == (1, 4)


def test_a_webhook_that_another_worker_sends_for_is_left_to_it(hook, listener, change):
    change()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, hook.pk])
        assert send() == 0
        assert (listener.got, last().attempts) == ([], 0)
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, hook.pk])
    other.close()
    assert send() == 1


def test_old_deliveries_are_forgotten(hook, configured, change):
    configured(webhook_log_days=10)
    change()
    WebhookDelivery.objects.update(at=clock.now() - 11 * DAY)
    change("Next")
    assert forget_deliveries(clock.now()) == 1
    assert WebhookDelivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_in_the_middle_leaves_a_delivery_that_is_sent_again(
    admin, project, listener, change
):
    """The other process dies after the receiver has got it and before the result is written."""
    hook = make_webhook(admin, listener.url, project)
    change()
    listener.answer = lambda handler: os.kill(int(handler.headers["X-Worker"]), signal.SIGKILL)
    child = os.fork()
    if child == 0:
        _send_and_be_killed()
    os.waitpid(child, 0)
    delivery = last()
    assert (delivery.state, delivery.attempts, len(listener.got)) == ("waiting", 1, 1)
    listener.answer = None
    assert send() == 1
    assert [one["id"] for one in told(listener)] == [str(delivery.number)] * 2
    assert (last().state, last().attempts, hook.deliveries.count()) == ("delivered", 2, 1)


def _send_and_be_killed():
    from taiga_crm.capabilities import webhook_sending

    connection.connect()
    signed = webhook_sending.signed_headers

    def with_pid(*args):
        return {**signed(*args), "X-Worker": str(os.getpid())}

    webhook_sending.signed_headers = with_pid
    try:
        send()
    finally:
        os._exit(1)
