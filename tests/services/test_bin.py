"""A deleted record lies in the bin with all that went with it, and comes back as it was."""

import pytest
from asking import got
from records import (
    connect,
    fingerprint,
    give_keys,
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
    BinEntry,
    Contact,
    ContactEmail,
    Favorite,
    TicketAccount,
)

pytestmark = pytest.mark.django_db
BY_DELETING = ("taiga_crm_historyentry", "taiga_crm_binentry")


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def rich(project, worker):
    """An account with something in every table that can hang on it."""
    account = make_account(
        "Rich", project, created_by=worker, city="Brno", annual_revenue="12.3400",
        annual_revenue_currency="EUR", employees=7,
    )  # fmt: skip
    AccountEmail.objects.create(account=account, value="a@b.c", key="a@b.c", is_primary=True)
    contact = make_contact(account, "Person")
    ContactEmail.objects.create(contact=contact, value="p@b.c", key="p@b.c", is_primary=True)
    make_contact(account, "Second")
    connect(account, make_account("Hub", project))
    make_account("Child", project, parent=account)
    link(make_issue(project, pk=41), account)
    for kind, pk in (("account", account.pk), ("contact", contact.pk)):
        Favorite.objects.create(user=worker, kind=kind, object_id=pk)
    return account


def entry_of(record):
    return BinEntry.objects.get(object_id=record.pk)


@pytest.mark.feature("F127")
def test_a_deleted_account_comes_back_from_the_bin_to_the_last_byte(api, worker, rich):
    before = fingerprint(without=BY_DELETING)
    client = api(worker)
    got(client.delete(f"accounts/{rich.pk}"), 204)
    assert not Account.objects.filter(pk=rich.pk).exists()
    assert (Contact.objects.count(), Favorite.objects.count()) == (0, 0)
    assert Account.objects.get(name="Child").parent is None
    answer = got(client.post(f"bin/{entry_of(rich).pk}/restore"))
    assert answer == {"kind": "account", "id": rich.pk, "left_out": []}
    assert fingerprint(without=BY_DELETING) == before
    assert BinEntry.objects.count() == 0
    verbs = [one["verb"] for one in got(client.get(f"accounts/{rich.pk}/history"))]
    assert verbs == ["restore", "delete"]


def test_the_bin_says_what_went_along_who_did_it_and_when_it_is_purged(api, worker, rich):
    client = api(worker)
    got(client.delete(f"accounts/{rich.pk}"), 204)
    (row,) = got(client.get("bin"))
    assert (row["kind"], row["object_id"], row["label"]) == ("account", rich.pk, "Rich")
    assert row["contents"] == [{"kind": "contact", "label": "Contacts", "count": 2}]
    assert (row["deleted_by"]["id"], row["days_left"]) == (worker.pk, 29)
    assert row["purged_at"] > row["deleted_at"]


def test_the_bin_is_paged_and_filtered(api, project, worker):
    other = make_crm_project("Boreas")
    make_worker(other, user=worker)
    client = api(worker)
    for name, place in (("Alpha", project), ("Beta", project), ("Gamma", other)):
        got(client.delete(f"accounts/{make_account(name, place).pk}"), 204)
    loose = make_contact(None, "Delta", created_by=worker)
    got(client.delete(f"contacts/{loose.pk}"), 204)

    def names(**params):
        return [row["label"] for row in got(client.get("bin", params))]

    assert names() == ["Delta", "Gamma", "Beta", "Alpha"]
    assert names(kind="account") == ["Gamma", "Beta", "Alpha"]
    assert names(q="et") == ["Beta"]
    assert names(project=other.pk) == ["Gamma"]
    first = client.get("bin", {"page_size": 3})
    assert (len(got(first)), first["x-pagination-count"]) == (3, "4")
    assert names(page_size=3, page=2) == ["Alpha"]
    assert client.get("bin", {"page": 9}).status_code == 404
    assert client.get("bin", {"project": 999_999}).status_code == 404


def test_only_who_could_have_deleted_it_sees_it_in_the_bin(api, project, worker):
    account = make_account("Acme", project, created_by=worker)
    got(api(worker).delete(f"accounts/{account.pk}"), 204)
    everything = make_user("keys")
    give_keys(everything, "view_everything", "delete_everything")
    people = {
        "deleter": worker,
        "colleague": make_worker(project),
        "superuser": make_user(is_superuser=True),
        "everything": everything,
        "viewer": make_worker(project, verbs=("view",)),
        "own only": make_worker(project, scope="own"),
        "elsewhere": make_worker(make_crm_project()),
        "stranger": make_user(),
    }
    seen = {name: len(got(api(person).get("bin"))) for name, person in people.items()}
    assert seen == {
        "deleter": 1, "colleague": 1, "superuser": 1, "everything": 1,
        "viewer": 0, "own only": 0, "elsewhere": 0, "stranger": 0,
    }  # fmt: skip
    entry = BinEntry.objects.get()
    for name in ("viewer", "own only", "elsewhere", "stranger"):
        before = fingerprint()
        assert api(people[name]).post(f"bin/{entry.pk}/restore").status_code == 404
        assert api(people[name]).delete(f"bin/{entry.pk}").status_code == 404
        assert got(api(people[name]).post("bin/empty")) == {"purged": 0}
        assert fingerprint() == before


@pytest.mark.feature("F121")
def test_a_private_account_stays_private_in_the_bin(api, project, worker):
    secret = make_account("Secret", project, created_by=worker, is_private=True)
    got(api(worker).delete(f"accounts/{secret.pk}"), 204)
    assert [row["label"] for row in got(api(worker).get("bin"))] == ["Secret"]
    for other in (make_user(is_superuser=True), make_worker(project)):
        assert got(api(other).get("bin")) == []
        assert api(other).post(f"bin/{entry_of(secret).pk}/restore").status_code == 404
    got(api(worker).post(f"bin/{entry_of(secret).pk}/restore"))
    assert Account.objects.get(pk=secret.pk).is_private


def test_a_deleter_who_left_the_project_neither_sees_nor_restores(api, project, worker):
    account = make_account("Acme", project, created_by=worker)
    client = api(worker)
    got(client.delete(f"accounts/{account.pk}"), 204)
    worker.memberships.all().delete()
    client = api(type(worker).objects.get(pk=worker.pk))
    assert got(client.get("bin")) == []
    assert client.post(f"bin/{entry_of(account).pk}/restore").status_code == 404


def test_a_restored_primary_contact_steps_back_where_another_leads_now(api, project, worker):
    account = make_account("Acme", project)
    first, second = make_contact(account, "First"), make_contact(account, "Second")
    got(api(worker).delete(f"contacts/{first.pk}"), 204)
    second.refresh_from_db()
    assert second.is_primary
    got(api(worker).post(f"bin/{entry_of(first).pk}/restore"))
    rows = dict(Contact.objects.values_list("name", "is_primary"))
    assert rows == {"First": False, "Second": True}


def test_a_contact_does_not_come_back_before_its_account(api, project, worker):
    account = make_account("Acme", project)
    contact = make_contact(account, "Person")
    client = api(worker)
    got(client.delete(f"contacts/{contact.pk}"), 204)
    got(client.delete(f"accounts/{account.pk}"), 204)
    before = fingerprint()
    refused = client.post(f"bin/{entry_of(contact).pk}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert "Account" in refused.json()["_error_message"]
    assert fingerprint() == before
    got(client.post(f"bin/{entry_of(account).pk}/restore"))
    got(client.post(f"bin/{entry_of(contact).pk}/restore"))
    assert Contact.objects.get().is_primary


def test_what_was_linked_elsewhere_meanwhile_stays_there(api, project, worker, rich):
    client, child = api(worker), Account.objects.get(name="Child")
    hub = Account.objects.get(name="Hub")
    got(client.delete(f"accounts/{rich.pk}"), 204)
    Account.objects.filter(pk=child.pk).update(parent=hub)
    issue = TicketAccount.objects
    assert issue.count() == 0
    link(type(make_issue(project)).objects.get(pk=41), hub)
    got(client.post(f"bin/{entry_of(rich).pk}/restore"))
    assert Account.objects.get(pk=child.pk).parent == hub
    assert set(issue.values_list("account__name", "is_primary")) == {("Hub", True), ("Rich", False)}


def test_what_is_gone_for_good_is_left_out_and_told(api, worker, rich):
    client = api(worker)
    got(client.delete(f"accounts/{rich.pk}"), 204)
    Account.objects.filter(name="Hub").delete()
    answer = got(client.post(f"bin/{entry_of(rich).pk}/restore"))
    assert answer["left_out"] == [{"label": "account connections", "count": 1}]
    assert AccountConnection.objects.count() == 0
    assert Account.objects.get(pk=rich.pk).contacts.count() == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_connected_accounts_find_each_other_again(api, project, worker, order):
    both = [make_account("One", project), make_account("Two", project)]
    connect(*both, note="old friends")
    client = api(worker)
    for account in both:
        got(client.delete(f"accounts/{account.pk}"), 204)
    ids = [both[place].pk for place in order]
    assert got(client.post("bin/restore", {"kind": "account", "ids": ids})) == [
        {"id": pk, "status": "restored", "left_out": []} for pk in ids
    ]
    assert AccountConnection.objects.get().note == "old friends"


def test_no_restore_makes_a_circle_of_parents(api, project, worker):
    top = make_account("Top", project)
    middle = make_account("Middle", project, parent=top)
    low = make_account("Low", project, parent=middle)
    client = api(worker)
    got(client.delete(f"accounts/{middle.pk}"), 204)
    Account.objects.filter(pk=top.pk).update(parent=low)
    got(client.post(f"bin/{entry_of(middle).pk}/restore"))
    parents = dict(Account.objects.values_list("name", "parent__name"))
    assert parents == {"Top": "Low", "Middle": "Top", "Low": None}


def test_a_dictionary_row_comes_back_unless_its_name_is_taken(api):
    root = api(make_user(is_superuser=True))
    pk = got(root.post("industries", {"name": "Mining"}), 201)["id"]
    got(root.delete(f"industries/{pk}"), 204)
    got(root.post("industries", {"name": "Mining"}), 201)
    before = fingerprint()
    refused = root.post("bin/restore", {"kind": "industry", "ids": [pk, 999_999]})
    assert [(r["status"], r["code"]) for r in got(refused)] == [
        ("refused", "wrong_state"), ("refused", "not_found"),
    ]  # fmt: skip
    assert fingerprint() == before


def test_a_column_that_was_added_meanwhile_gets_its_default(api, project, worker):
    account = make_account("Acme", project)
    got(api(worker).delete(f"accounts/{account.pk}"), 204)
    entry = entry_of(account)
    row = entry.snapshot["rows"]["taiga_crm.account"][0]
    del row["is_key"], row["description"]
    row["dropped_column"] = 1
    entry.snapshot["rows"]["taiga_crm.droppedtable"] = [{"id": 1}]
    entry.save()
    answer = got(api(worker).post(f"bin/{entry.pk}/restore"))
    assert answer["left_out"] == [{"label": "taiga_crm.droppedtable", "count": 1}]
    account.refresh_from_db()
    assert (account.is_key, account.description) == (False, "")
