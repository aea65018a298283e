"""What webhooks are told: all that its owner sees of its place, nothing hidden, nothing private."""

import json

import pytest
from asking import got
from customs import define
from hooks import last, make_webhook, send, told
from records import (
    give_keys,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
    set_rules,
)

from factories import make_member, make_user
from taiga_crm.capabilities import webhook_payload
from taiga_crm.models import Account, WebhookDelivery

pytestmark = pytest.mark.django_db
WORD = "Zq7xSecret"


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def other():
    return make_crm_project("Boreas")


@pytest.fixture
def admin(project):
    return make_member(project, make_user("admin"), is_admin=True)


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def keeper():
    """Return somebody who keeps the settings and sees everything, but is in no project."""
    user = make_user("keeper")
    give_keys(user, "manage_settings", "view_everything")
    return user


@pytest.fixture
def hook(admin, project, listener):
    return make_webhook(admin, listener.url, project)


def test_every_event_has_its_name(api, hook, listener, project, worker):
    client = api(worker)
    from records import company

    body = {"type": company().pk, "first_name": "Acme", "projects": [project.pk]}
    one = got(client.post("accounts", body), 201)["id"]
    two = got(client.post("accounts", {**body, "first_name": "Acme Ltd"}), 201)["id"]
    got(client.patch(f"accounts/{one}", {"version": 1, "city": "Oslo"}))
    said = got(client.post(f"accounts/{one}/comments", {"text": "Call them"}), 201)
    got(client.post("accounts/merge", merging(client, one, two)))
    send()
    got(client.delete(f"accounts/{one}"), 204)
    (entry,) = got(client.get("bin"))
    got(client.post(f"bin/{entry['id']}/restore"))
    send()
    events = [(event["event"], event["action"], event["record"]["id"]) for event in told(listener)]
    assert events == [
        ("account.created", "create", one), ("account.changed", "change", one),
        ("account.commented", "comment", one), ("account.deleted", "delete", two),
        ("account.merged", "merge", one), ("account.deleted", "delete", one),
        ("account.restored", "restore", one),
    ]  # fmt: skip
    commented = told(listener)[2]
    assert commented["comment"] == {
        "id": said["id"],
        "text": "Call them",
        "is_deleted": False,
    }
    assert told(listener)[3]["record"] == {"id": two}
    merged = told(listener)[4]
    assert "account" not in [change["field"] for change in merged["changes"]]


def merging(client, winner, loser):
    versions = {str(pk): got(client.get(f"accounts/{pk}"))["version"] for pk in (winner, loser)}
    return {"ids": [winner, loser], "winner": winner, "versions": versions}


def test_only_the_chosen_kinds_and_events_are_told(api, admin, project, worker, listener):
    make_webhook(admin, listener.url, project, kinds=["contact"], events=["created"])
    account = make_account("Acme", project)
    got(api(worker).patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))
    from records import employee

    body = {"account": account.pk, "type": employee().pk, "last_name": "Kim"}
    pk = got(api(worker).post("contacts", body), 201)["id"]
    got(api(worker).patch(f"contacts/{pk}", {"version": 1, "notes": "x"}))
    send()
    assert [one["event"] for one in told(listener)] == ["contact.created"]


def test_an_inactive_webhook_is_told_nothing(api, hook, project, worker):
    type(hook).objects.update(is_active=False)
    account = make_account("Acme", project)
    got(api(worker).patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))
    assert WebhookDelivery.objects.count() == 0


def test_a_refused_write_is_not_told(api, hook, project, worker):
    account = make_account("Acme", project)
    refused = api(worker).patch(f"accounts/{account.pk}", {"version": 1, "type": 999_999})
    assert (refused.status_code, WebhookDelivery.objects.count()) == (400, 0)


def test_a_private_account_and_its_contacts_never_go_out_not_even_to_their_creator(
    api, admin, project, listener, keeper
):
    make_webhook(admin, listener.url, project)
    make_webhook(keeper, listener.url)
    secret = make_account(WORD, project, created_by=admin, is_private=True)
    contact = make_contact(secret, WORD, created_by=admin)
    client = api(admin)
    got(client.patch(f"accounts/{secret.pk}", {"version": 1, "city": "Oslo"}))
    got(client.patch(f"contacts/{contact.pk}", {"version": 1, "notes": WORD}))
    got(client.post(f"contacts/{contact.pk}/comments", {"text": WORD}), 201)
    got(client.delete(f"contacts/{contact.pk}"), 204)
    got(client.delete(f"accounts/{secret.pk}"), 204)
    send()
    assert listener.got == []
    assert set(WebhookDelivery.objects.values_list("kind", "state")) == {("contact", "skipped")}
    assert not WebhookDelivery.objects.exclude(changes=[], body="").exists()


def test_an_account_that_became_private_before_sending_does_not_go_out(
    api, admin, project, hook, listener
):
    account = make_account(WORD, project, created_by=admin)
    got(api(admin).patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))
    Account.objects.update(is_private=True)
    send()
    assert (listener.got, last().state, last().error) == ([], "skipped", "not_visible")


def test_a_hidden_parent_is_not_named(api, admin, project, hook, listener, worker):
    secret = make_account(WORD, project, created_by=worker, is_private=True)
    child = make_account("Child", project)
    got(api(worker).patch(f"accounts/{child.pk}", {"version": 1, "parent": secret.pk}))
    send()
    (event,) = told(listener)
    assert event["changes"] == [{"field": "parent", "old": "", "new": "…"}]
    assert (event["record"]["parent"], WORD in json.dumps(event)) == (None, False)


def test_what_field_rules_hide_from_the_owner_does_not_go_out(
    api, admin, project, hook, listener, worker
):
    set_rules("account", {"field": "city", "effect": "hidden", "users": [admin.pk]})
    account = make_account("Acme", project, city=WORD)
    client = api(worker)
    got(client.patch(f"accounts/{account.pk}", {"version": 1, "city": f"{WORD} 2"}))
    got(client.patch(f"accounts/{account.pk}", {"version": 2, "city": WORD, "street": "Main"}))
    send()
    (event,) = told(listener)
    assert event["changes"] == [{"field": "street", "old": "", "new": "Main"}]
    assert ("city" in event["record"], WORD in json.dumps(event)) == (False, False)
    states = WebhookDelivery.objects.order_by("pk").values_list("state", "error")
    assert list(states) == [("skipped", "not_visible"), ("delivered", "")]


def test_a_rule_that_hides_by_state_hides_where_it_holds(api, admin, project, hook, listener):
    from records import company, personal

    set_rules(
        "account",
        {"field": "city", "effect": "hidden", "users": [admin.pk], "states": [str(personal().pk)]},
    )
    one = make_account("Open", project, type=company())
    two = make_account("Closed", project, type=personal(), city=WORD)
    writer = api(make_worker(project))
    got(writer.patch(f"accounts/{one.pk}", {"version": 1, "city": "Oslo"}))
    got(writer.patch(f"accounts/{two.pk}", {"version": 1, "city": WORD + "2", "street": "Main"}))
    send()
    first, second = told(listener)
    assert (first["record"]["city"], [c["field"] for c in first["changes"]]) == ("Oslo", ["city"])
    assert ("city" in second["record"], WORD in json.dumps(second)) == (False, False)


def test_records_of_other_projects_are_not_told_to_the_webhook_of_a_project(
    api, admin, project, other, hook, listener
):
    make_member(other, admin, is_admin=True)
    foreign, both = make_account("Foreign", other), make_account("Both", project, other)
    for account in (foreign, both):
        got(api(admin).patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))
        got(api(admin).delete(f"accounts/{account.pk}"), 204)
    assert list(WebhookDelivery.objects.values_list("object_id", flat=True)) == [both.pk] * 2
    send()
    assert [one["event"] for one in told(listener)] == ["account.deleted"]
    assert told(listener)[0]["project_ids"] == [project.pk]


def test_a_record_that_left_the_project_before_sending_is_not_told(
    api, admin, project, other, hook, listener
):
    account = make_account("Acme", project)
    got(api(admin).patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))
    Account.objects.update(project_ids=[other.pk])
    send()
    assert (listener.got, last().error) == ([], "not_visible")


def test_a_webhook_of_all_projects_tells_what_its_owner_sees(api, project, other, keeper, listener):
    blind = make_user("blind")
    give_keys(blind, "manage_settings")
    make_webhook(keeper, f"{listener.url}/sees")
    make_webhook(blind, f"{listener.url}/blind")
    account = make_account("Acme", project, other)
    writer = api(make_worker(project))
    got(writer.patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))
    got(writer.delete(f"accounts/{account.pk}"), 204)
    send()
    assert [one.path for one in listener.got] == ["/hook/sees"]
    (event,) = told(listener)
    assert (event["event"], event["project_ids"]) == ("account.deleted", [])
    skipped = WebhookDelivery.objects.filter(webhook__owner=blind)
    assert [(one.event, one.state) for one in skipped] == [("changed", "skipped")]


def test_custom_fields_go_out_like_others(api, admin, project, hook, listener, worker):
    define("text", "Warehouse", by=make_user("root", is_superuser=True), name="cf_warehouse")
    account = make_account("Acme", project)
    got(api(worker).patch(f"accounts/{account.pk}", {"version": 1, "cf_warehouse": "North"}))
    send()
    (event,) = told(listener)
    assert event["changes"] == [{"field": "cf_warehouse", "old": "", "new": "North"}]
    assert event["record"]["cf_warehouse"] == "North"


def test_the_texts_are_english_whoever_owns_the_webhook(api, admin, project, listener, worker):
    admin.lang = "ko"
    admin.save()
    make_webhook(admin, listener.url, project)
    account = make_account("Acme", project)
    client = api(worker, lang="ko")
    got(client.patch(f"accounts/{account.pk}", {"version": 1, "country": "KR"}))
    send()
    assert told(listener)[0]["changes"] == [{"field": "country", "old": "", "new": "South Korea"}]


def test_a_deleted_comment_has_no_text(api, hook, project, worker, listener):
    account = make_account("Acme", project)
    client = api(worker)
    got(client.post(f"accounts/{account.pk}/comments", {"text": WORD}), 201)
    said = account_comment(account)
    got(client.delete(f"accounts/{account.pk}/comments/{said.pk}"), 200)
    send()
    assert [one["action"] for one in told(listener)] == ["comment", "delete_comment"]
    assert [one["comment"]["text"] for one in told(listener)] == [None, None]


def account_comment(account):
    from taiga_crm.models import Comment

    return Comment.objects.get(kind="account", object_id=account.pk)


def test_a_large_record_shrinks_to_its_number(api, hook, project, worker, listener):
    account = make_account("Acme", project)
    text = "한" * 20_000
    got(api(worker).patch(f"accounts/{account.pk}", {"version": 1, "description": text}))
    send()
    (request,) = listener.got
    event = json.loads(request.body)
    assert len(request.body) <= webhook_payload.MAX_BYTES
    assert (event["truncated"], event["record"]) == (True, {"id": account.pk, "version": 2})
