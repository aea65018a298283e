"""The log of webhooks: what was sent is for its owner alone; sending again, trying out."""

import io
import json
import zipfile

import pytest
from asking import got
from hooks import last, make_webhook, send, told
from records import make_account, make_contact, make_crm_project, make_worker

from factories import make_member, make_user
from taiga_crm.models import Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def admin(project):
    return make_member(project, make_user("admin"), is_admin=True)


@pytest.fixture
def client(api, admin):
    return api(admin)


@pytest.fixture
def hook(admin, project, listener):
    return make_webhook(admin, listener.url, project)


@pytest.fixture
def log(hook):
    return f"webhooks/{hook.pk}/deliveries"


def changed(api, project, name="Acme"):
    account = make_account(name, project)
    writer = api(make_worker(project))
    got(writer.patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))
    return account


def test_the_log_tells_what_went_out_and_what_came_back(api, client, project, hook, listener, log):
    account = changed(api, project)
    (waiting,) = got(client.get(log))
    assert (waiting["state"], waiting["attempts"], waiting["sent_at"]) == ("waiting", 0, None)
    assert waiting["next_at"] is not None
    send()
    (line,) = got(client.get(log))
    assert (line["state"], line["status"], line["attempts"]) == ("delivered", 200, 1)
    assert (line["event"], line["action"], line["kind"]) == ("changed", "change", "account")
    assert (line["kind_label"], line["path"], line["object_id"]) == (
        "Account",
        "accounts",
        account.pk,
    )
    assert (line["took_ms"] >= 0, line["next_at"], line["error"]) == (True, None, "")
    one = got(client.get(f"{log}/{line['id']}"))
    assert one["body"].encode() == listener.got[0].body
    assert one["headers"]["X-Crm-Delivery"] == line["number"]
    assert (one["answer"], one["is_readable"]) == ("ok", True)
    (listed,) = got(client.get("webhooks", {"project": project.pk}))
    assert (listed["last"]["state"], listed["last"]["status"]) == ("delivered", 200)


def test_what_was_sent_with_the_rights_of_one_is_not_shown_to_another(
    api, client, project, hook, listener, log
):
    changed(api, project, "Zq7xSecret")
    send()
    second = api(make_member(project, make_user("second"), is_admin=True))
    (line,) = got(second.get(log))
    assert (line["state"], line["status"]) == ("delivered", 200)
    one = got(second.get(f"{log}/{line['id']}"))
    assert (one["is_readable"], one["headers"], one["body"], one["answer"]) == (False, {}, "", "")
    got(second.patch(f"webhooks/{hook.pk}", {"version": 1, "name": "Taken over"}))
    assert got(second.get(f"{log}/{line['id']}"))["body"] == ""
    assert "Zq7xSecret" in got(client.get(f"{log}/{line['id']}"))["body"]


def test_pages_and_filters(api, client, hook, log):
    for number in range(65):
        state = "failed" if number % 5 == 0 else "delivered"
        event = "created" if number < 40 else "changed"
        hook.deliveries.create(event=event, kind="account", object_id=number, state=state)
    first = client.get(log)
    rows, cursor = got(first), first["x-pagination-next-cursor"]
    assert [one["object_id"] for one in rows] == list(range(64, 34, -1))
    second = client.get(log, {"cursor": cursor})
    third = client.get(log, {"cursor": second["x-pagination-next-cursor"]})
    assert [one["object_id"] for one in got(third)] == [4, 3, 2, 1, 0]
    assert "x-pagination-next-cursor" not in third
    failed = got(client.get(log, {"state": "failed", "event": "changed"}))
    assert [one["object_id"] for one in failed] == [60, 55, 50, 45, 40]
    for params in ({"state": "x"}, {"event": "x"}, {"cursor": "x"}):
        assert got(client.get(log, params), 400)["code"] == "invalid_query"


def test_a_delivery_is_sent_again_with_its_number_and_the_record_as_it_is_now(
    api, client, project, hook, listener, log
):
    listener.status = 500
    account = changed(api, project)
    send()
    listener.status = 200
    account.refresh_from_db()
    got(client.patch(f"accounts/{account.pk}", {"version": 2, "street": "Main"}))
    one = WebhookDelivery.objects.earliest("pk")
    again = got(client.post(f"{log}/{one.pk}/send-again"), 202)
    assert (again["state"], again["is_manual"]) == ("waiting", True)
    assert send() == 2
    first, second, _third = told(listener)
    assert first["id"] == second["id"] == str(one.number)
    assert (first["record"]["street"], second["record"]["street"]) == ("", "Main")
    one.refresh_from_db()
    assert (one.state, one.attempts) == ("delivered", 2)


def test_what_is_sent_by_hand_is_tried_once(client, hook, listener, log):
    listener.status = 500
    got(client.post(f"webhooks/{hook.pk}/test"), 202)
    send()
    assert (last().state, last().attempts) == ("failed", 1)
    hook.refresh_from_db()
    assert hook.failing_since is None


def test_a_test_tells_nothing_but_that_it_works_even_of_a_webhook_that_is_off(
    client, admin, hook, listener, log
):
    Webhook.objects.update(is_active=False)
    made = got(client.post(f"webhooks/{hook.pk}/test"), 202)
    assert send() == 1
    (event,) = told(listener)
    assert listener.got[0].headers["X-Crm-Event"] == event["event"] == "ping"
    assert (event["record"], event["changes"], event["kind"]) == (None, [], None)
    assert event["webhook"] == {"id": hook.pk, "name": "Shop"}
    assert event["actor"]["id"] == admin.pk
    assert got(client.get(f"{log}/{made['id']}"))["state"] == "delivered"


def test_at_most_five_wait_by_hand(client, hook, log):
    for _number in range(5):
        got(client.post(f"webhooks/{hook.pk}/test"), 202)
    assert got(client.post(f"webhooks/{hook.pk}/test"), 409)["code"] == "wrong_state"
    assert client.post(f"{log}/{last().pk}/send-again").status_code == 409
    assert WebhookDelivery.objects.count() == 5


def test_nothing_is_sent_for_an_owner_who_may_not_any_more(api, client, admin, project, hook, log):
    hook.deliveries.create(event="ping", state="failed")
    second = api(make_member(project, make_user("second"), is_admin=True))
    admin.memberships.update(is_admin=False)
    refused = second.post(f"webhooks/{hook.pk}/test")
    assert (refused.status_code, refused.json()["details"]) == (409, {"why": "no_right"})
    assert second.post(f"{log}/{last().pk}/send-again").status_code == 409
    assert client.post(f"webhooks/{hook.pk}/test").status_code == 404
    got(second.patch(f"webhooks/{hook.pk}", {"version": 1}))
    got(second.post(f"webhooks/{hook.pk}/test"), 202)


def test_a_delivery_of_another_webhook_is_not_found(client, admin, project, hook):
    other = make_webhook(admin, "https://8.8.8.8/", project)
    one = other.deliveries.create(event="ping", state="failed")
    assert client.get(f"webhooks/{hook.pk}/deliveries/{one.pk}").status_code == 404
    assert client.post(f"webhooks/{hook.pk}/deliveries/{one.pk}/send-again").status_code == 404
    one.refresh_from_db()
    assert one.state == "failed"


def test_the_archive_of_a_person_names_who_was_told(api, client, project, hook, listener):
    contact = make_contact(make_account("Acme", project), "Kim")
    got(client.patch(f"contacts/{contact.pk}", {"version": 1, "notes": "x"}))
    send()
    answer = client.post(f"contacts/{contact.pk}/personal-archive")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        (row,) = json.loads(archive.read("recipients.json"))
    assert (row["webhook"], row["host"], row["event"]) == ("Shop", "127.0.0.1", "changed")
