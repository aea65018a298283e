"""Merging keeps one record, moves everything to it, folds what would stand twice, and is undone."""

import pytest
from asking import got
from records import (
    connect,
    fingerprint,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import make_issue, make_user
from taiga_crm.models import (
    Account,
    AccountConnection,
    AccountEmail,
    AccountProject,
    Contact,
    Favorite,
    HistoryEntry,
    MergeRun,
    TicketAccount,
)

pytestmark = pytest.mark.django_db
TRACES = ("taiga_crm_historyentry", "taiga_crm_mergerun", "taiga_crm_follower",
          "taiga_crm_notification")  # fmt: skip


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def other(worker):
    place = make_crm_project("Boreas")
    make_worker(place, user=worker)
    return place


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def pair(project, other, worker):
    """Two accounts that share nearly everything that two can share."""
    one = make_account("Acme", project, created_by=worker, city="Brno")
    two = make_account("ACME Ltd", project, other, created_by=worker, website="acme.example")
    hub = make_account("Hub", project)
    for account, note in ((one, ""), (two, "note")):
        connect(account, hub, note=note)
        Favorite.objects.create(user=worker, kind="account", object_id=account.pk)
    connect(one, two)
    for account, keys in ((one, ("a@acme.example", "x@acme.example")),
                          (two, ("a@acme.example", "b@acme.example"))):  # fmt: skip
        for place, key in enumerate(keys):
            AccountEmail.objects.create(
                account=account, value=key, key=key, is_primary=place == 0, position=place
            )
    make_contact(one, "First")
    make_contact(two, "Second")
    make_contact(two, "Third")
    make_account("Child", project, parent=two)
    both, alone = make_issue(project, pk=51), make_issue(project, pk=52)
    link(both, two, primary=True)
    link(both, one, primary=False)
    link(alone, two)
    return one, two


def body(winner, *losers, choices=None):
    records = (winner, *losers)
    for one in records:
        one.refresh_from_db()
    return {
        "ids": [one.pk for one in records],
        "winner": winner.pk,
        "versions": {str(one.pk): one.version for one in records},
        "choices": choices or {},
    }


def test_a_merge_moves_every_relation_and_folds_what_would_stand_twice(api, worker, pair, other):
    one, two = pair
    answer = got(api(worker).post("accounts/merge", body(one, two)))
    assert (answer["id"], answer["merged"]) == (one.pk, [two.pk])
    one.refresh_from_db()
    assert not Account.objects.filter(pk=two.pk).exists()
    assert (one.name, one.city, one.website) == ("Acme", "Brno", "acme.example")
    assert set(one.project_ids) == {*AccountProject.objects.filter(account=one)
                                    .values_list("project_id", flat=True)}  # fmt: skip
    assert other.pk in one.project_ids
    assert list(one.emails.values_list("key", "is_primary")) == [
        ("a@acme.example", True), ("x@acme.example", False), ("b@acme.example", False),
    ]  # fmt: skip
    contacts = dict(Contact.objects.values_list("name", "is_primary"))
    assert contacts == {"First": True, "Second": False, "Third": False}
    assert set(Contact.objects.values_list("account", flat=True)) == {one.pk}
    assert Account.objects.get(name="Child").parent == one
    assert AccountConnection.objects.count() == 1
    assert set(TicketAccount.objects.values_list("issue", "account", "is_primary")) == {
        (51, one.pk, True), (52, one.pk, True),
    }  # fmt: skip
    assert list(Favorite.objects.values_list("object_id", flat=True)) == [one.pk]
    found = got(api(worker).get("accounts", {"q": "b@acme"}))
    assert [row["id"] for row in found] == [one.pk]


def test_an_undone_merge_leaves_everything_as_it_was(api, worker, pair):
    one, two = pair
    before = {**fingerprint(without=TRACES)}
    rows = list(Account.objects.order_by("pk").values("pk", "name", "city", "website", "parent",
                                                      "project_ids", "search_text"))  # fmt: skip
    client = api(worker)
    answer = got(client.post("accounts/merge", body(one, two)))
    got(client.post(f"accounts/{one.pk}/undo-merge", {"run": answer["run"]}))
    after = fingerprint(without=TRACES)
    counted = {"taiga_crm_account", "taiga_crm_contact"}  # their versions count the acts
    assert {k: v for k, v in after.items() if k not in counted} == {
        k: v for k, v in before.items() if k not in counted
    }
    assert rows[1:] == list(
        Account.objects.order_by("pk").values("pk", "name", "city", "website", "parent",
                                              "project_ids", "search_text")
    )[1:]  # fmt: skip
    assert dict(Contact.objects.values_list("name", "account__name")) == {
        "First": "Acme", "Second": "ACME Ltd", "Third": "ACME Ltd",
    }  # fmt: skip
    assert set(Contact.objects.filter(is_primary=True).values_list("name", flat=True)) == {
        "First", "Second",
    }  # fmt: skip
    entries = HistoryEntry.objects.filter(object_id=one.pk).order_by("pk")
    assert list(entries.values_list("verb", flat=True)) == ["merge", "unmerge"]
    again = client.post(f"accounts/{one.pk}/undo-merge", {"run": answer["run"]})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_each_field_gets_the_chosen_value(api, worker, pair):
    one, two = pair
    got(api(worker).post("accounts/merge", body(one, two, choices={"first_name": two.pk})))
    one.refresh_from_db()
    assert (one.name, one.first_name, one.city) == ("ACME Ltd", "ACME Ltd", "Brno")


def test_an_undo_refuses_to_destroy_a_later_edit_and_says_which(api, worker, pair, project):
    one, two = pair
    client = api(worker)
    run = got(client.post("accounts/merge", body(one, two, choices={"first_name": two.pk})))["run"]
    hub, second = Account.objects.get(name="Hub"), Contact.objects.get(name="Second")
    one.refresh_from_db()
    got(client.patch(f"accounts/{one.pk}", {"version": one.version, "first_name": "Later"}))
    second.refresh_from_db()
    got(client.patch(f"contacts/{second.pk}", {"version": second.version, "account": hub.pk}))
    before = fingerprint()
    refused = client.post(f"accounts/{one.pk}/undo-merge", {"run": run})
    assert refused.status_code == 409
    conflicts = {
        (c["kind"], c["label"], c["field"]) for c in refused.json()["details"]["conflicts"]
    }
    assert conflicts >= {("account", "Later", "First name"), ("contact", "Second", "Account")}
    assert fingerprint() == before


def test_an_edit_of_another_field_survives_the_undo(api, worker, pair):
    one, two = pair
    client = api(worker)
    run = got(client.post("accounts/merge", body(one, two)))["run"]
    one.refresh_from_db()
    got(client.patch(f"accounts/{one.pk}", {"version": one.version, "description": "kept"}))
    new = got(client.post("contacts", {"type": Contact.objects.first().type_id,
                                       "last_name": "New", "account": one.pk}), 201)  # fmt: skip
    got(client.post(f"accounts/{one.pk}/undo-merge", {"run": run}))
    one.refresh_from_db()
    assert (one.description, one.website) == ("kept", "")
    assert Contact.objects.get(pk=new["id"]).account == one


def test_the_preview_shows_values_side_by_side_and_counts_what_moves(api, worker, pair):
    one, two = pair
    shown = got(api(worker).get("accounts/merge", {"ids": f"{one.pk},{two.pk}"}))
    fields = {line["name"]: line for line in shown["fields"]}
    assert fields["website"]["choice"] == two.pk
    assert fields["city"]["values"] == {str(one.pk): "Brno", str(two.pk): ""}
    assert (fields["emails"]["united"], fields["city"]["differs"]) == (True, True)
    counts = {line["label"]: line["counts"] for line in shown["relations"]}
    assert counts["Contacts"] == {str(one.pk): 1, str(two.pk): 2}
    assert counts["Accounts"] == {str(one.pk): 0, str(two.pk): 1}
    assert shown["mixes_private"] is False


def test_the_preview_names_what_moves_in_the_language_of_the_reader(api, worker, pair):
    one, two = pair
    got(api(worker).post(f"accounts/{two.pk}/follow"))
    shown = got(api(worker, lang="ko").get("accounts/merge", {"ids": f"{one.pk},{two.pk}"}))
    labels = {line["label"]: line["counts"] for line in shown["relations"]}
    assert labels["팔로워"][str(two.pk)] == 1
    assert not {label for label in labels if label.isascii()}


def test_the_loser_answers_404_and_names_the_winner_to_those_who_see_it(api, worker, pair, project):
    one, two = pair
    got(api(worker).post("accounts/merge", body(one, two)))
    told = api(worker).get(f"accounts/{two.pk}")
    assert (told.status_code, told.json()["details"]) == (404, {"merged_into": one.pk})
    hidden = api(make_user()).get(f"accounts/{two.pk}")
    absent = api(make_user()).get("accounts/999999")
    assert (hidden.status_code, hidden.json()) == (404, absent.json())


def test_a_merge_is_refused_without_the_rights_on_every_record(api, worker, project, pair):
    one, two = pair
    foreign = make_account("Foreign", make_crm_project())
    secret = make_account("Secret", project, created_by=make_user(), is_private=True)
    client, weaker = api(worker), make_worker(project, verbs=("view", "add", "change"))
    before = fingerprint()
    for hidden in (foreign, secret):
        assert client.post("accounts/merge", body(one, hidden)).status_code == 404
        preview = client.get("accounts/merge", {"ids": f"{one.pk},{hidden.pk}"})
        absent = client.get("accounts/merge", {"ids": f"{one.pk},999999"})
        assert (preview.status_code, preview.json()) == (404, absent.json())
    refused = api(weaker).post("accounts/merge", body(one, two))
    assert (refused.status_code, refused.json()["details"]["ids"]) == (403, [two.pk])
    assert fingerprint() == before


def test_a_stale_version_or_a_wrong_choice_merges_nothing(api, worker, pair):
    one, two = pair
    client, before = api(worker), fingerprint()
    good = body(one, two)
    stale = client.post("accounts/merge", {**good, "versions": {str(one.pk): 1, str(two.pk): 9}})
    assert (stale.status_code, "version" in stale.json()) == (400, True)
    for wrong in ({"winner": 999}, {"choices": {"city": 999}}, {"choices": {"nonsense": one.pk}},
                  {"choices": {"emails": one.pk}}, {"ids": [one.pk]}, {"versions": {}},
                  {"choices": []}, {"ids": list(range(1, 7))}):  # fmt: skip
        assert client.post("accounts/merge", {**good, **wrong}).status_code == 400, wrong
    assert fingerprint() == before


def test_a_record_below_its_duplicate_does_not_end_up_below_itself(api, worker, project):
    top = make_account("Top", project)
    two = make_account("Two", project, parent=top)
    middle = make_account("Middle", project, parent=two)
    one = make_account("One", project, parent=middle)
    run = got(api(worker).post("accounts/merge", body(one, two)))["run"]
    parents = dict(Account.objects.values_list("name", "parent__name"))
    assert parents == {"Top": None, "Middle": "One", "One": "Top"}
    got(api(worker).post(f"accounts/{one.pk}/undo-merge", {"run": run}))
    parents = dict(Account.objects.values_list("name", "parent__name"))
    assert parents == {"Top": None, "Two": "Top", "Middle": "Two", "One": "Middle"}


def test_the_winner_of_two_contacts_stays_or_becomes_the_primary_one(api, worker, project):
    account = make_account("Acme", project)
    first, second = make_contact(account, "First"), make_contact(account, "Second")
    got(api(worker).post("contacts/merge", body(second, first)))
    assert list(Contact.objects.values_list("pk", "is_primary")) == [(second.pk, True)]
    run = MergeRun.objects.get()
    got(api(worker).post(f"contacts/{second.pk}/undo-merge", {"run": run.pk}))
    rows = dict(Contact.objects.values_list("name", "is_primary"))
    assert rows == {"First": True, "Second": False}


def test_a_private_loser_is_named_to_nobody_by_the_winner(api, project):
    keeper, reader = make_worker(project, "keeper"), make_worker(project)
    one = make_account("Acme", project)
    secret = make_account("Zq7Secret", project, created_by=keeper, is_private=True, city="Zq7City")
    shown = got(api(keeper).get("accounts/merge", {"ids": f"{one.pk},{secret.pk}"}))
    assert shown["mixes_private"] is True
    choices = {"city": one.pk, "is_private": one.pk}
    got(api(keeper).post("accounts/merge", body(one, secret, choices=choices)))
    for path in (f"accounts/{one.pk}", f"accounts/{one.pk}/history", f"accounts/{one.pk}/merges"):
        assert "Zq7" not in api(reader).get(path).content.decode()
    mine = got(api(keeper).get(f"accounts/{one.pk}/merges"))
    assert mine[0]["merged"] == [{"id": secret.pk, "label": "Zq7Secret"}]


def test_dictionary_rows_are_merged_with_everything_that_uses_them(api, project):
    root = api(make_user(is_superuser=True))
    one = got(root.post("industries", {"name": "Automotive"}), 201)
    two = got(root.post("industries", {"name": "Cars"}), 201)
    account = make_account("Acme", project, industry_id=two["id"])
    got(root.post("industries/merge", {
        "ids": [one["id"], two["id"]], "winner": one["id"], "choices": {"name": two["id"]},
        "versions": {str(one["id"]): 1, str(two["id"]): 1},
    }))  # fmt: skip
    account.refresh_from_db()
    assert (account.industry_id, account.industry.name) == (one["id"], "Cars")
