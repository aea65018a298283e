"""Webhooks that must not go on: failing for days, an owner without the right; and erased rows."""

import datetime
import json

import pytest
from asking import got
from hooks import last, make_webhook, send, told
from records import make_account, make_crm_project, make_worker

from factories import make_member, make_user
from taiga_crm.capabilities.outgoing import Door
from taiga_crm.capabilities.webhook_sending import (
    Sender,
    asked_to_wait,
    check_owners,
    forget_record,
    send_due,
)
from taiga_crm.kernel import clock
from taiga_crm.models import Notification, ProjectSettings, Webhook, WebhookDelivery
from taiga_crm.registry.catalog import entity

pytestmark = pytest.mark.django_db
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


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


def test_a_webhook_that_fails_for_days_is_switched_off_and_its_owner_told(
    api, hook, admin, listener, change
):
    listener.status = 500
    change()
    change("Next")
    Webhook.objects.update(failing_since=clock.now() - 3 * DAY - HOUR)
    send()
    hook.refresh_from_db()
    assert (hook.is_active, hook.stopped) == (False, "failing")
    assert set(WebhookDelivery.objects.values_list("state", "error")) == {("skipped", "failing")}
    assert len(listener.got) == 1
    assert Notification.objects.get().user == admin
    (news,) = got(api(admin).get("notifications"))
    assert (news["kind"], news["label"], news["verbs"]) == ("webhook", "Shop", ["webhook_stopped"])
    assert news["address"] == f"/project/aurora/crm/settings/webhooks?webhook={hook.pk}"
    assert got(api(admin).get("notifications/unread")) == {"unread": 1}
    body = {"kind": "webhook", "id": hook.pk, "until": news["last"]}
    assert got(api(admin).post("notifications/read", body)) == {"unread": 0}
    change("Last")
    assert WebhookDelivery.objects.count() == 2


def test_failures_of_two_days_do_not_switch_off(hook, listener, change):
    listener.status = 500
    change()
    Webhook.objects.update(failing_since=clock.now() - 2 * DAY)
    send()
    hook.refresh_from_db()
    assert (hook.is_active, Notification.objects.count()) == (True, 0)


def test_a_receiver_that_is_gone_is_told_nothing_more_and_its_owner_gets_a_mail(
    hook, admin, listener, change, mailoutbox, django_capture_on_commit_callbacks
):
    listener.status = 410
    change()
    change("Next")
    with django_capture_on_commit_callbacks(execute=True):
        send()
    hook.refresh_from_db()
    assert (hook.is_active, hook.stopped, len(listener.got)) == (False, "gone", 1)
    states = WebhookDelivery.objects.order_by("pk").values_list("state", "error")
    assert list(states) == [("failed", "gone"), ("skipped", "gone")]
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([admin.email], "The webhook “Shop” was switched off")
    assert f"/project/aurora/crm/settings/webhooks?webhook={hook.pk}" in mail.body


def test_a_receiver_may_ask_to_be_called_later(hook, listener, change):
    listener.status, listener.headers = 429, {"Retry-After": "7200"}
    change()
    before = clock.now()
    send()
    wait = last().next_at - before
    assert datetime.timedelta(hours=2) <= wait < datetime.timedelta(hours=2, minutes=5)


NOON = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    "asked, seconds",
    [
        ("120", 120), ("999999999999999999999", 86_400), ("-5", 0), ("", 0), ("soon", 0),
        ("\u0662", 0), ("1.5", 0), ("Thu, 26 Nov 2026 12:10:00 GMT", 600),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0), ("Sat, 26 Dec 2099 12:00:00 GMT", 86_400),
    ],
)  # fmt: skip
def test_what_a_receiver_asks_for_is_bounded(asked, seconds):
    assert asked_to_wait(asked, NOON) == datetime.timedelta(seconds=seconds)


def lose_admin(admin, project):
    admin.memberships.update(is_admin=False)


def leave(admin, project):
    admin.memberships.all().delete()


def deactivate(admin, project):
    type(admin).objects.filter(pk=admin.pk).update(is_active=False)


def switch_off(admin, project):
    ProjectSettings.objects.update(is_enabled=False)


def delete_person(admin, project):
    type(admin).objects.filter(pk=admin.pk).delete()


LOSSES = [
    (lose_admin, "no_right"), (leave, "no_right"), (deactivate, "owner_inactive"),
    (switch_off, "project_off"), (delete_person, "owner_gone"),
]  # fmt: skip


@pytest.mark.parametrize("lose, reason", LOSSES)
def test_when_the_owner_loses_the_right_nothing_goes_out_and_the_webhook_says_why(
    hook, admin, project, listener, change, lose, reason
):
    change()
    lose(admin, project)
    assert send() == 0
    hook.refresh_from_db()
    assert (hook.is_active, hook.stopped) == (False, reason)
    assert (listener.got, last().state, last().error) == ([], "skipped", reason)


@pytest.mark.parametrize("lose, reason", LOSSES)
def test_owners_are_looked_at_even_when_nothing_happens(hook, admin, project, lose, reason):
    assert check_owners(clock.now()) == 0
    lose(admin, project)
    assert check_owners(clock.now()) == 1
    hook.refresh_from_db()
    assert (hook.is_active, hook.stopped) == (False, reason)


def test_what_was_told_of_a_person_is_blanked_when_he_is_anonymized(api, hook, listener, project):
    from records import employee

    admin = api(hook.owner)
    account = make_account("Acme", project)
    body = {
        "account": account.pk, "type": employee().pk, "last_name": "Zimmermann",
        "first_name": "Zoe", "emails": ["zoe@zq7x.example"], "job_title": "Zq7Chief",
    }  # fmt: skip
    pk = got(admin.post("contacts", body), 201)["id"]
    listener.body = b"got zoe@zq7x.example, Zq7Chief"
    send()
    listener.body = b"ok"
    got(admin.patch(f"accounts/{account.pk}", {"version": 1, "description": "Ask Zoe Zimmermann"}))
    send()
    got(admin.patch(f"contacts/{pk}", {"version": 1, "job_title": "Zq7Boss"}))
    rows = json.dumps(list(WebhookDelivery.objects.values("changes", "body", "answer")))
    words = ("Zimmermann", "zq7x", "Zq7Chief", "Zq7Boss")
    assert [one for one in words if one not in rows] == []
    got(admin.post(f"contacts/{pk}/anonymize"))
    rows = json.dumps(list(WebhookDelivery.objects.values("changes", "body", "answer")))
    assert [one for one in words if one in rows] == []
    assert r"Ask [\u2026]" in rows
    waiting = WebhookDelivery.objects.filter(state="waiting")
    assert list(waiting.values_list("event", flat=True)) == ["anonymized"]
    erased = WebhookDelivery.objects.filter(error="erased")
    assert [(one.state, one.object_id, one.body) for one in erased] == [("skipped", pk, "")]
    again = admin.post(f"webhooks/{hook.pk}/deliveries/{erased.get().pk}/send-again")
    assert again.status_code == 409
    send()
    assert told(listener)[-1]["event"] == "contact.anonymized"
    assert "Zq7" not in json.dumps(told(listener)[-1])


def test_an_answer_that_comes_after_anonymizing_is_not_kept(hook, listener, change):
    pk, looks = change(), []

    def now():
        looks.append(1)
        if len(looks) == 4:  # the call is over, its result is about to be written
            forget_record(entity("account"), pk, [])
        return clock.now()

    assert send_due(Sender(Door(), now=now)) == 1
    assert len(looks) >= 4
    assert (last().state, last().body, last().answer, last().status) == ("delivered", "", "", 200)
