"""Followers and notifications: who is told, who is not, and what a mail may say."""

import pytest
from asking import got
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import company, make_account, make_contact, make_crm_project, make_worker

from factories import make_user
from taiga_crm import models
from taiga_crm.capabilities.announcing import Happening, Mass, announce_many
from taiga_crm.capabilities.mailing import deliver_waiting, forget_old
from taiga_crm.kernel import clock
from taiga_crm.registry.catalog import entity

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def anna(project):
    return make_worker(project, "anna")


@pytest.fixture
def bob(project):
    return make_worker(project, "bob")


def new(client, project, **fields):
    body = {"type": company().pk, "first_name": "Acme", "projects": [project.pk], **fields}
    return got(client.post("accounts", body), 201)


def follows(user):
    rows = models.Follower.objects.filter(user=user, is_following=True)
    return list(rows.order_by("pk").values_list("kind", "object_id"))


def news(client):
    return [(one["label"], one["unread"], one["verbs"]) for one in got(client.get("notifications"))]


def say(client, account, text="Hello"):
    return got(client.post(f"accounts/{account.pk}/comments", {"text": text}), 201)


@pytest.mark.feature("F081")
def test_creator_owner_commenter_and_mentioned_follow_by_themselves(api, project, anna, bob):
    made = new(api(anna), project, account_manager=bob.pk)
    carl, dora = make_worker(project, "carl"), make_worker(project, "dora")
    account = models.Account.objects.get(pk=made["id"])
    say(api(carl), account, "@dora look")
    for person in (anna, bob, carl, dora):
        assert follows(person) == [("account", account.pk)], person.username
    seen = got(api(anna).get(f"accounts/{account.pk}/followers"))
    assert (seen["following"], seen["count"]) == (True, 4)
    assert [one["label"] for one in seen["people"]] == ["Anna", "Bob", "Carl", "Dora"]


@pytest.mark.feature("F081")
def test_who_stopped_following_is_not_made_to_follow_again(api, project, anna, bob):
    account = make_account("Acme", project)
    say(api(bob), account)
    stopped = got(api(bob).post(f"accounts/{account.pk}/unfollow"))
    assert (stopped["following"], stopped["count"]) == (False, 0)
    say(api(bob), account, "Again")
    assert follows(bob) == []
    say(api(anna), account)
    assert news(api(bob)) == []
    again = got(api(bob).post(f"accounts/{account.pk}/follow"))
    assert (again["following"], again["count"]) == (True, 2)


@pytest.mark.feature("F081")
def test_followers_hear_of_changes_and_comments_but_not_of_their_own(api, project, anna, bob):
    made = new(api(anna), project)
    account = models.Account.objects.get(pk=made["id"])
    got(api(bob).patch(f"accounts/{account.pk}", {"version": 1, "city": "Brno"}))
    say(api(bob), account)
    assert news(api(anna)) == [("Acme", 2, ["change", "comment"])]
    assert news(api(bob)) == []
    assert got(api(anna).get("notifications"))[0]["people"] == ["Bob"]


def test_a_new_owner_is_told_that_the_record_is_theirs(api, project, anna, bob):
    account = make_account("Acme", project)
    got(api(anna).patch(f"accounts/{account.pk}", {"version": 1, "account_manager": bob.pk}))
    row = models.Notification.objects.get()
    assert (row.user, row.reason, row.verb, row.actor) == (bob, "assigned", "change", anna)
    assert follows(bob) == [("account", account.pk)]


def test_who_loses_sight_of_a_record_is_told_nothing_of_it(api, project, anna, bob):
    account = make_account("Zq7xAcme", project, created_by=anna)
    got(api(bob).post(f"accounts/{account.pk}/follow"))
    say(api(anna), account)
    assert got(api(bob).get("notifications/unread")) == {"unread": 1}
    models.Account.objects.filter(pk=account.pk).update(is_private=True)
    say(api(anna), account, "More")
    assert news(api(bob)) == []
    assert got(api(bob).get("notifications/unread")) == {"unread": 0}
    assert "Zq7x" not in api(bob).get("notifications").content.decode()


def test_news_are_grouped_by_record_and_marked_read_up_to_what_was_seen(api, project, anna, bob):
    one, two = make_account("One", project), make_account("Two", project)
    for account in (one, two):
        got(api(bob).post(f"accounts/{account.pk}/follow"))
        say(api(anna), account)
        say(api(anna), account)
    client = api(bob)
    assert [row[:2] for row in news(client)] == [("Two", 2), ("One", 2)]
    last = got(client.get("notifications"))[0]["last"]
    body = {"kind": "account", "id": one.pk, "until": last}
    assert got(client.post("notifications/read", body)) == {"unread": 1}
    say(api(anna), two)
    assert got(client.post("notifications/read", {"until": last})) == {"unread": 1}
    assert [row[:2] for row in news(client)] == [("Two", 1), ("One", 0)]
    for bad in ({}, {"until": "x"}, {"until": last, "kind": "nothing", "id": 1},
                {"until": last, "kind": "account"}):  # fmt: skip
        assert client.post("notifications/read", bad).status_code == 400
    assert got(api(anna).post("notifications/read", {"until": last + 99})) == {"unread": 0}
    assert models.Notification.objects.filter(user=bob, is_read=False).count() == 1


def test_a_page_of_news_leads_to_the_next(api, project, anna, bob):
    accounts = [make_account(f"Account {n}", project) for n in range(35)]
    models.Notification.objects.bulk_create(
        models.Notification(kind="account", object_id=one.pk, user=bob, reason="following",
                            verb="comment", actor=anna, actor_name="Anna")
        for one in accounts
    )  # fmt: skip
    first = api(bob).get("notifications")
    rest = got(api(bob).get("notifications", {"cursor": first["x-pagination-next-cursor"]}))
    assert (len(first.json()), len(rest)) == (30, 5)
    assert got(api(bob).get("notifications/unread")) == {"unread": 35}
    assert api(bob).get("notifications", {"cursor": "x"}).status_code == 400


def test_a_mention_is_mailed_with_name_actor_and_link_and_nothing_else(
    api, project, anna, bob, django_capture_on_commit_callbacks
):
    account = make_account("Acme", project, city="Zq7xCity")
    with django_capture_on_commit_callbacks(execute=True):
        say(api(anna), account, "@bob Zq7xText")
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["bob@example.com"], "Anna mentioned you on Acme")
    assert f"http://localhost:8000/crm/accounts/{account.pk}" in sent.body
    assert "Zq7x" not in sent.subject + sent.body
    assert models.Notification.objects.get().mail == "done"


def test_a_mail_speaks_the_language_of_its_reader(
    api, project, anna, bob, django_capture_on_commit_callbacks
):
    type(bob).objects.filter(pk=bob.pk).update(lang="ko")
    with django_capture_on_commit_callbacks(execute=True):
        say(api(anna), make_account("Acme", project), "@bob")
    assert mail.outbox[0].subject == "Anna님이 Acme에서 회원님을 언급했습니다"


def test_nobody_is_mailed_who_no_longer_sees_the_record_at_that_moment(
    api, project, anna, bob, django_capture_on_commit_callbacks
):
    account = make_account("Acme", project, created_by=anna)
    with django_capture_on_commit_callbacks() as callbacks:
        say(api(anna), account, "@bob")
    models.Account.objects.filter(pk=account.pk).update(is_private=True)
    for callback in callbacks:
        callback()
    assert mail.outbox == []
    assert models.Notification.objects.get().mail == ""


def test_followed_records_are_mailed_by_wish_alone(
    api, project, anna, bob, django_capture_on_commit_callbacks
):
    account = make_account("Acme", project)
    got(api(bob).post(f"accounts/{account.pk}/follow"))
    default = {"mail_mentions": True, "mail_followed": False}
    assert got(api(bob).get("notifications/settings")) == default
    with django_capture_on_commit_callbacks(execute=True):
        say(api(anna), account)
    assert mail.outbox == []
    wish = {"mail_mentions": False, "mail_followed": True}
    assert got(api(bob).patch("notifications/settings", wish)) == wish
    with django_capture_on_commit_callbacks(execute=True):
        say(api(anna), account)
        say(api(anna), account, "@bob")
    assert [one.subject for one in mail.outbox] == ["Anna commented on Acme"]
    assert api(bob).patch("notifications/settings", {"mail_followed": "x"}).status_code == 400


def test_a_mail_that_the_server_refuses_is_tried_again_for_a_day(
    api, project, anna, bob, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        say(api(anna), make_account("Acme", project), "@bob")
    assert models.Notification.objects.get().mail == "waiting"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver_waiting(clock.now()) == 1
    assert deliver_waiting(clock.now()) == 0
    assert len(mail.outbox) == 1
    import datetime

    models.Notification.objects.update(mail="waiting")
    assert deliver_waiting(clock.now() + datetime.timedelta(days=2)) == 0
    assert models.Notification.objects.get().mail == ""
    assert forget_old(clock.now() + datetime.timedelta(days=200)) == 1


def test_a_batch_is_heard_in_as_many_queries_for_two_records_as_for_twenty(project, anna, bob):
    counts = []
    for number in (2, 20):
        accounts = [make_account("", project) for _one in range(number)]
        models.Follower.objects.bulk_create(
            models.Follower(kind="account", object_id=one.pk, user=bob) for one in accounts
        )
        acts = [Happening(entity("account"), one, "change", anna) for one in accounts]
        with CaptureQueriesContext(connection) as captured:
            announce_many(acts)
        counts.append(len(captured))
        assert models.Notification.objects.count() == number + (2 if number == 20 else 0)
    assert counts[0] == counts[1]


def test_of_a_mass_of_acts_each_person_is_told_once_for_the_best_reason(project, anna, bob):
    accounts = [make_account("", project) for _one in range(3)]
    for person in (anna, bob):
        models.Follower.objects.bulk_create(
            models.Follower(kind="account", object_id=one.pk, user=person) for one in accounts
        )
    mass, act = Mass(), entity("account")
    assigned = [{"field": "account_manager", "old": "", "new": "bob", "new_id": bob.pk}]
    changes = [(), (), assigned]
    for batch in (zip(accounts, changes, strict=True), zip(accounts, changes, strict=True)):
        announce_many([Happening(act, one, "change", anna, how, mass=mass) for one, how in batch])
    told = models.Notification.objects.values_list("user_id", "object_id", "reason")
    assert list(told) == [(bob.pk, accounts[2].pk, "assigned")]
    assert mass.told == {bob.pk}


def test_who_adds_many_records_at_once_does_not_follow_each(project, anna, bob):
    accounts = [make_account("", project, account_manager=bob) for _one in range(21)]
    announce_many([Happening(entity("account"), one, "create", anna) for one in accounts])
    assert follows(anna) == []
    assert len(follows(bob)) == 21


def test_dictionaries_have_no_stream(api):
    root = api(make_user(is_superuser=True))
    made = got(root.post("industries", {"name": "Zq7 trade"}), 201)
    assert root.get(f"industries/{made['id']}/timeline").status_code == 404
    assert models.Follower.objects.count() == 0


def test_a_contacts_creator_follows_the_contact(api, project, anna):
    account = make_account("Acme", project)
    from records import employee

    body = {"account": account.pk, "type": employee().pk, "last_name": "Kim"}
    made = got(api(anna).post("contacts", body), 201)
    assert follows(anna) == [("contact", made["id"])]
    assert make_contact(account, "Lee").pk != made["id"]


def test_the_bell_asks_as_often_for_two_records_as_for_twenty(api, project, anna, bob):
    counts = []
    for number in (2, 20):
        rows = [make_account("", project) for _one in range(number)]
        models.Notification.objects.bulk_create(
            models.Notification(kind="account", object_id=one.pk, user=bob, reason="following",
                                verb="comment", actor_name="Anna")
            for one in rows
        )  # fmt: skip
        client = api(bob)
        for path in ("notifications", "notifications/unread"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
