"""Keeping webhooks: by project admins and keepers of settings, never with an inside address."""

import pytest
from asking import got
from hooks import make_webhook, send
from hostile_urls import HOSTILE, NAMES
from listening import listening
from records import give_keys, make_account, make_crm_project, make_worker

from factories import make_member, make_user
from taiga_crm.capabilities.webhook_events import EVENTS
from taiga_crm.models import HistoryEntry, Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db
BODY = {"name": "Shop", "kinds": ["account"], "events": ["created", "deleted"]}


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
def names(monkeypatch):
    """Answer for the name server of this machine, which is outside of our package."""

    def answer(host, port, **_kind):
        if host not in NAMES:
            raise OSError("unknown")
        return [(2, 1, 6, "", (one, port)) for one in NAMES[host]]

    monkeypatch.setattr("socket.getaddrinfo", answer)


def add(client, where, /, **fields):
    place = {} if where is None else {"project": where.pk}
    body = {**BODY, "url": "https://outside.example/hook", **place, **fields}
    return client.post("webhooks", body)


def test_a_webhook_is_added_with_a_secret_that_is_shown_once_and_on_demand(
    client, admin, project, names
):
    made = got(add(client, project), 201)
    assert made["secret"].startswith("whsec_")
    assert len(made["secret"]) >= 6 + 43
    pk = made["id"]
    (listed,) = got(client.get("webhooks", {"project": project.pk}))
    assert {**made, "secret": None} == {**listed, "secret": None}
    assert "secret" not in listed
    assert (listed["is_mine"], listed["owner"]["id"], listed["last"]) == (True, admin.pk, None)
    assert (listed["kinds"], listed["events"]) == (["account"], ["created", "deleted"])
    answer = client.get(f"webhooks/{pk}/secret")
    assert got(answer) == {"secret": made["secret"], "former_until": None}
    assert answer["Cache-Control"] == "no-store"
    assert "whsec" not in str(list(HistoryEntry.objects.values()))


def test_a_new_secret_leaves_the_former_one_for_a_day(client, project, names):
    made = got(add(client, project), 201)
    fresh = got(client.post(f"webhooks/{made['id']}/secret"))
    row = Webhook.objects.get()
    assert fresh["secret"] == row.secret != made["secret"] == row.former_secret
    assert fresh["former_until"] is not None
    assert (row.former_until - row.created_at).total_seconds() / 3600 == pytest.approx(24, 0.01)


@pytest.mark.parametrize("form", HOSTILE)
def test_a_hostile_address_is_refused_and_nothing_is_stored_or_fetched(
    client, project, configured, names, form
):
    with listening() as inner:
        configured(webhook_http=True, webhook_ports=[inner.port, 80, 443])
        url = form.format(port=inner.port)
        answer = add(client, project, url=url)
        assert (answer.status_code, list(answer.json())) == (400, ["url"])
        kept = got(add(client, project), 201)
        changed = client.patch(f"webhooks/{kept['id']}", {"version": 1, "url": url})
        assert (changed.status_code, list(changed.json())) == (400, ["url"])
        assert inner.got == []
    assert list(Webhook.objects.values_list("url", "version")) == [
        ("https://outside.example/hook", 1)
    ]


def test_an_unknown_name_and_an_inside_one_get_the_same_answer(client, project, names):
    answers = [
        add(client, project, url=f"https://{host}/").json()
        for host in ("unknown.example", "inside.example")
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("fields, faulty", [
    ({"name": " "}, "name"), ({"name": "x" * 121}, "name"), ({"name": 7}, "name"),
    ({"url": ""}, "url"), ({"url": None}, "url"), ({"kinds": []}, "kinds"),
    ({"kinds": ["ticket"]}, "kinds"), ({"kinds": "account"}, "kinds"), ({"events": []}, "events"),
    ({"events": ["ping"]}, "events"), ({"events": [1]}, "events"), ({"is_active": 1}, "is_active"),
    ({"project": "1"}, "project"), ({"project": True}, "project"),
    ({"kinds": [["account"]]}, "kinds"),
])  # fmt: skip
def test_odd_values_are_refused_by_name(client, project, names, fields, faulty):
    answer = add(client, project, **fields)
    assert (answer.status_code, list(answer.json())) == (400, [faulty])
    assert Webhook.objects.count() == 0


def test_whoever_saves_a_webhook_takes_it_over(api, client, admin, project, names):
    pk = got(add(client, project), 201)["id"]
    second = make_member(project, make_user("second"), is_admin=True)
    other = api(second)
    assert got(other.get(f"webhooks/{pk}"))["is_mine"] is False
    changed = got(other.patch(f"webhooks/{pk}", {"version": 1, "name": "Other"}))
    assert (changed["owner"]["id"], changed["is_mine"], changed["version"]) == (second.pk, True, 2)
    stale = client.patch(f"webhooks/{pk}", {"version": 1, "name": "Mine"})
    assert (stale.status_code, stale.json()["code"]) == (400, "stale_version")
    assert Webhook.objects.get().name == "Other"


def test_switching_on_again_forgets_why_it_was_stopped(client, admin, project, names):
    hook = make_webhook(
        admin, "https://outside.example/", project, is_active=False, stopped="failing"
    )
    shown = got(client.patch(f"webhooks/{hook.pk}", {"version": 1, "is_active": True}))
    assert (shown["is_active"], shown["stopped"], shown["failing_since"]) == (True, "", None)


def test_switching_off_leaves_out_what_waits(api, client, admin, project, listener):
    hook = make_webhook(admin, listener.url, project)
    account = make_account("Acme", project)
    got(client.patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))
    got(client.patch(f"webhooks/{hook.pk}", {"version": 1, "is_active": False}))
    assert send() == 0
    assert [one.state for one in WebhookDelivery.objects.all()] == ["skipped"]
    assert listener.got == []


def test_a_webhook_is_deleted_with_its_log(client, admin, project):
    hook = make_webhook(admin, "https://outside.example/", project)
    hook.deliveries.create(event="ping")
    got(client.delete(f"webhooks/{hook.pk}"), 204)
    assert (Webhook.objects.count(), WebhookDelivery.objects.count()) == (0, 0)


def test_twenty_webhooks_are_enough_for_a_place(client, admin, project, names):
    for number in range(20):
        make_webhook(admin, "https://outside.example/", project, name=str(number))
    assert list(got(add(client, project), 400)) == ["name"]
    assert len(got(client.get("webhooks", {"project": project.pk}))) == 20
    got(add(client, project, project=None), 403)


def test_keepers_of_settings_keep_those_of_all_projects_and_no_others(api, project, names, admin):
    keeper = make_user("keeper")
    give_keys(keeper, "manage_settings")
    of_project = make_webhook(admin, "https://outside.example/", project)
    client = api(keeper)
    pk = got(add(client, None), 201)["id"]
    assert [one["id"] for one in got(client.get("webhooks"))] == [pk]
    assert client.get("webhooks", {"project": project.pk}).status_code == 404
    assert client.get(f"webhooks/{of_project.pk}").status_code == 404
    assert add(client, project).status_code == 404
    assert api(admin).get(f"webhooks/{pk}").status_code == 404
    assert api(admin).get("webhooks").status_code == 403
    assert api(make_worker(project)).get("webhooks", {"project": project.pk}).status_code == 403


def test_a_blocked_project_takes_no_webhook(api, names):
    blocked = make_crm_project("Zephyr", blocked_code="blocked-by-staff")
    admin = make_member(blocked, make_user("theirs"), is_admin=True)
    assert add(api(admin), blocked).status_code == 451
    hook = make_webhook(admin, "https://outside.example/", blocked)
    client = api(admin)
    assert client.patch(f"webhooks/{hook.pk}", {"version": 1, "name": "x"}).status_code == 451
    assert client.post(f"webhooks/{hook.pk}/secret").status_code == 451
    assert client.post(f"webhooks/{hook.pk}/test").status_code == 451
    assert client.delete(f"webhooks/{hook.pk}").status_code == 451
    assert (Webhook.objects.get().version, WebhookDelivery.objects.count()) == (1, 0)


def test_the_form_learns_what_there_is_to_choose(client, project):
    choices = got(client.get("webhooks/choices", {"project": project.pk}))
    assert choices["events"] == list(EVENTS)
    assert [one["key"] for one in choices["kinds"]] == ["account", "contact"]
    assert (choices["http"], choices["ports"], choices["log_days"], choices["most"]) == (
        False, [80, 443, 8080, 8443], 30, 20,
    )  # fmt: skip
