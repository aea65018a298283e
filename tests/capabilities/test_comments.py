"""Comments as people use them: writing, changing, deleting, mentioning, and who may."""

import datetime

import pytest
from api_client import ApiClient
from asking import got
from at_once import at_once, statuses
from records import fingerprint, make_account, make_contact, make_crm_project, make_worker

from factories import make_user
from taiga_crm import models
from taiga_crm.capabilities.commenting import forget_deleted
from taiga_crm.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def account(project):
    return make_account("Acme", project)


@pytest.fixture
def anna(project):
    return make_worker(project, "anna")


@pytest.fixture
def viewer(project):
    return make_worker(project, "viewer", ["view"])


def say(client, account, text, status=201):
    return got(client.post(f"accounts/{account.pk}/comments", {"text": text}), status)


def stream(client, record, path="accounts", **params):
    return got(client.get(f"{path}/{record.pk}/timeline", {"kinds": "comments", **params}))


@pytest.mark.feature("F124")
@pytest.mark.feature("F167")
def test_whoever_sees_the_record_comments_even_with_view_rights_alone(api, account, viewer, anna):
    made = say(api(viewer), account, "  They *like* tea.  ")
    assert (made["text"], made["actor"]["label"]) == ("They *like* tea.", "Viewer")
    assert (made["_verbs"], made["not_told"], made["version"]) == (["change", "delete"], [], 1)
    seen = stream(api(anna), account)
    assert [(one["text"], one["source"], one["record"]) for one in seen] == [
        ("They *like* tea.", "comments", None)
    ]
    assert seen[0]["_verbs"] == ["delete"]  # may delete the record, is not the author


@pytest.mark.feature("F124")
def test_a_contact_takes_comments_too(api, project, account, anna):
    contact = make_contact(account, "Jana")
    got(api(anna).post(f"contacts/{contact.pk}/comments", {"text": "Called"}), 201)
    assert [one["text"] for one in stream(api(anna), contact, "contacts")] == ["Called"]


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "This field is required."),
        ("   ", "This field is required."),
        (None, "This field is required."),
        (7, "A text is expected."),
        ("a\x00b", "The text contains control characters."),
        ("x" * 20_001, "At most 20000 characters, not 20001."),
        (" ".join(f"@user{n}" for n in range(21)), "At most 20 people can be mentioned."),
    ],
)
def test_a_text_that_is_none_is_refused_and_nothing_is_written(api, account, anna, text, message):
    before = fingerprint()
    assert say(api(anna), account, text, 400) == {"text": [message]}
    assert fingerprint() == before


def test_only_the_author_changes_a_comment(api, account, viewer, anna):
    made = say(api(viewer), account, "First")
    path = f"accounts/{account.pk}/comments/{made['id']}"
    before = fingerprint()
    assert api(anna).patch(path, {"text": "Hers", "version": 1}).status_code == 403
    assert fingerprint() == before
    changed = got(api(viewer).patch(path, {"text": "Second", "version": 1}))
    assert (changed["text"], changed["version"]) == ("Second", 2)
    assert changed["edited_at"] is not None
    stale = api(viewer).patch(path, {"text": "Third", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (400, "stale_version")
    assert models.Comment.objects.get().text == "Second"


def test_author_or_who_may_delete_the_record_deletes_and_takes_it_back(api, project, account):
    author, other, boss = (
        make_worker(project, "author", ["view"]),
        make_worker(project, "other", ["view", "change"]),
        make_worker(project, "boss"),
    )
    made = say(api(author), account, "Zq7xText")
    path = f"accounts/{account.pk}/comments/{made['id']}"
    assert api(other).delete(path).status_code == 403
    gone = got(api(boss).delete(path))
    assert (gone["deleted"], gone["text"], gone["_verbs"]) == (True, "", ["restore"])
    seen = api(author).get(f"accounts/{account.pk}/timeline")
    assert "Zq7xText" not in seen.content.decode()
    assert seen.json()[0]["_verbs"] == []
    assert api(author).post(f"{path}/restore").status_code == 403
    assert api(author).patch(path, {"text": "x", "version": 2}).status_code == 409
    back = got(api(boss).post(f"{path}/restore"))
    assert (back["deleted"], back["text"]) == (False, "Zq7xText")
    assert api(boss).post(f"{path}/restore").status_code == 409


def test_the_text_of_a_deleted_comment_is_forgotten_after_thirty_days(api, account, anna):
    made, kept = say(api(anna), account, "Zq7xText"), say(api(anna), account, "Stays")
    path = f"accounts/{account.pk}/comments/{made['id']}"
    got(api(anna).delete(path))
    now = clock.now()
    assert forget_deleted(now + datetime.timedelta(days=29)) == 0
    assert forget_deleted(now + datetime.timedelta(days=31)) == 1
    texts = models.Comment.objects.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["", kept["text"]]
    assert api(anna).post(f"{path}/restore").status_code == 409


def test_a_comment_of_another_record_or_of_a_hidden_one_is_not_there(api, project, account, anna):
    keeper = make_worker(project, "keeper")
    hidden = make_account("Zq7xHidden", project, created_by=keeper, is_private=True)
    secret = say(api(keeper), hidden, "Zq7xSecret")
    own = say(api(anna), account, "Mine")
    pairs = ((account, secret), (hidden, own), (hidden, secret), (account, {"id": 99999999}))
    for target in (f"{record.pk}/comments/{said['id']}" for record, said in pairs):
        for call in ("patch", "delete"):
            answer = getattr(api(anna), call)(f"accounts/{target}", {"text": "x", "version": 1})
            assert answer.status_code == 404, (call, target)
    root = api(make_user(is_superuser=True))
    for path in ("timeline", "people", "followers"):
        assert root.get(f"accounts/{hidden.pk}/{path}").status_code == 404
    for path in ("comments", "follow", "unfollow"):
        assert root.post(f"accounts/{hidden.pk}/{path}", {"text": "x"}).status_code == 404
    assert models.Comment.objects.count() == 2


def test_a_mention_tells_who_sees_the_record_and_names_who_does_not(api, project, account, anna):
    bob = make_worker(project, "bob")
    make_worker(make_crm_project("Boreas"), "stranger")
    make_worker(project, "blind", [])
    text = "@bob, @Bob and @blind, @stranger @nobody; mail a@bob.example `@anna` https://x/@anna"
    made = say(api(anna), account, text)
    assert made["not_told"] == ["blind", "stranger", "nobody"]
    assert models.Comment.objects.get().mentioned == [bob.pk]
    told = list(models.Notification.objects.values_list("user__username", "reason", "verb"))
    assert told == [("bob", "mentioned", "comment")]


def test_changing_a_comment_tells_only_the_newly_mentioned(api, project, account, anna):
    bob, carl = make_worker(project, "bob"), make_worker(project, "carl")
    made = say(api(anna), account, "@bob look")
    path = f"accounts/{account.pk}/comments/{made['id']}"
    got(api(anna).patch(path, {"text": "@bob and @carl look", "version": 1}))
    told = models.Notification.objects.order_by("pk").values_list("user_id", flat=True)
    assert list(told) == [bob.pk, carl.pk]
    assert models.Comment.objects.get().mentioned == sorted([bob.pk, carl.pk])


def test_names_are_completed_among_those_who_see_the_record(api, project, account, anna):
    for name in ("bob", "bobby", "blind"):
        make_worker(project, name, [] if name == "blind" else ["view"])
    make_worker(make_crm_project("Boreas"), "bobelsewhere")
    found = got(api(anna).get(f"accounts/{account.pk}/people", {"q": "b"}))
    assert [one["username"] for one in found] == ["bob", "bobby"]
    keeper = make_worker(project, "keeper")
    private = make_account("Mine", project, created_by=keeper, is_private=True)
    assert got(api(keeper).get(f"accounts/{private.pk}/people")) == []


def test_a_blocked_project_takes_no_comment(api):
    blocked = make_crm_project("Zephyr", blocked_code="blocked-by-staff")
    account, worker = make_account("Acme", blocked), make_worker(blocked)
    before = fingerprint()
    assert api(worker).post(f"accounts/{account.pk}/comments", {"text": "x"}).status_code == 451
    assert fingerprint() == before


@pytest.mark.django_db(transaction=True)
def test_of_several_changes_of_one_version_exactly_one_is_kept():
    project = make_crm_project()
    account, author = make_account("Acme", project), make_worker(project)
    clients = [ApiClient(author) for _number in range(4)]
    for _number in range(5):
        made = say(clients[0], account, "First")
        path = f"accounts/{account.pk}/comments/{made['id']}"
        answers = at_once(
            *(
                lambda c=client, n=number, p=path: c.patch(p, {"text": f"Mine {n}", "version": 1})
                for number, client in enumerate(clients)
            )
        )
        assert statuses(answers) == [200, 400, 400, 400]
        kept = models.Comment.objects.get(pk=made["id"])
        assert (kept.version, kept.text) == (
            2, next(one.json()["text"] for one in answers if one.status_code == 200),
        )  # fmt: skip
