"""Many people at once, with real threads, connections and commits (R3)."""

# ruff: noqa: B023 - the calls run before the loop goes on

import pytest
from api_client import ApiClient
from at_once import at_once, statuses
from records import (
    employee,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import MAKE_TICKET, make_issue, make_role, make_user
from taiga_crm.models import (
    AccountConnection,
    Contact,
    Favorite,
    HistoryEntry,
    TicketAccount,
)
from taiga_crm.permissions.decide import get_allowed

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8
ROUNDS = 20


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def clients(project):
    made = [ApiClient(make_worker(project)) for _number in range(CLIENTS)]
    for one in made:
        one.client.raise_request_exception = False
    return made


@pytest.fixture
def pair(clients):
    return clients[:2]


def test_of_eight_saves_of_one_version_exactly_one_is_accepted(project, clients):
    for number in range(ROUNDS):
        account = make_account("Acme", project)
        answers = at_once(
            *(
                lambda client=client, name=name: client.patch(
                    f"accounts/{account.pk}", {"version": 1, "city": f"City {name}"}
                )
                for name, client in enumerate(clients)
            )
        )
        assert statuses(answers) == [200] + [400] * (CLIENTS - 1), number
        winner = next(one for one in answers if one.status_code == 200).json()
        account.refresh_from_db()
        assert (account.version, account.city) == (2, winner["city"])
        for loser in (one.json() for one in answers if one.status_code == 400):
            assert loser["code"] == "stale_version"
            assert list(loser["version"]) == loser["version"]
            assert loser["current"]["version"] == 2
        assert HistoryEntry.objects.filter(kind="account", object_id=account.pk).count() == 1


def test_without_the_row_lock_saves_would_be_lost(project, monkeypatch):
    """The control: the same race against a build whose reading does not lock."""
    from taiga_crm.capabilities import plain_edit

    monkeypatch.setattr(plain_edit, "locked_row", get_allowed)
    clients = [ApiClient(make_worker(project)) for _number in range(CLIENTS)]
    for _number in range(ROUNDS):
        account = make_account("Acme", project)
        answers = at_once(
            *(
                lambda client=client: client.patch(
                    f"accounts/{account.pk}", {"version": 1, "city": str(id(client))}
                )
                for client in clients
            )
        )
        if statuses(answers).count(200) > 1:
            return
    pytest.fail("the race was never lost: the test above proves nothing")


@pytest.mark.feature("F155")
@pytest.mark.parametrize("kind", sorted(MAKE_TICKET))
def test_two_first_links_at_once_make_one_primary_account(project, pair, kind):
    accounts = [make_account(name, project) for name in ("One", "Two")]
    for _number in range(ROUNDS // 4):
        ticket = MAKE_TICKET[kind](project)
        answers = at_once(
            *(
                lambda client=client, account=account: client.post(
                    "ticket-accounts", {"kind": kind, "ticket": ticket.pk, "account": account.pk}
                )
                for client, account in zip(pair, accounts, strict=True)
            )
        )
        assert statuses(answers) == [201, 201]
        links = TicketAccount.objects.filter(**{kind: ticket})
        assert (links.count(), links.filter(is_primary=True).count()) == (2, 1)


def test_linking_one_account_twice_at_once_links_it_once(project, pair):
    account = make_account("Acme", project)
    for _number in range(ROUNDS):
        ticket = make_issue(project)
        body = {"kind": "issue", "ticket": ticket.pk, "account": account.pk}
        answers = at_once(*(lambda c=client: c.post("ticket-accounts", body) for client in pair))
        assert statuses(answers) == [201, 201]
        assert TicketAccount.objects.filter(issue=ticket, is_primary=True).count() == 1


@pytest.mark.feature("F157")
def test_two_stars_at_once_leave_one_star(project, pair):
    for _number in range(ROUNDS):
        ticket = make_issue(project)
        rows = [link(ticket, make_account("", project), primary=number == 0) for number in range(3)]
        answers = at_once(
            lambda: pair[0].post(f"ticket-accounts/{rows[1].pk}/star"),
            lambda: pair[1].post(f"ticket-accounts/{rows[2].pk}/star"),
        )
        assert statuses(answers) == [200, 200]
        assert TicketAccount.objects.filter(issue=ticket, is_primary=True).count() == 1


def test_unlinking_and_starring_at_once_leave_one_star(project, pair):
    for _number in range(ROUNDS):
        ticket = make_issue(project)
        rows = [link(ticket, make_account("", project), primary=number == 0) for number in range(3)]
        answers = at_once(
            lambda: pair[0].delete(f"ticket-accounts/{rows[1].pk}"),
            lambda: pair[1].post(f"ticket-accounts/{rows[1].pk}/star"),
        )
        assert answers[0].status_code == 200
        assert answers[1].status_code in (200, 404)
        links = TicketAccount.objects.filter(issue=ticket)
        assert (links.count(), links.filter(is_primary=True).count()) == (2, 1)


@pytest.mark.feature("F226")
def test_two_first_contacts_at_once_make_one_primary_contact(project, pair):
    for _number in range(ROUNDS):
        account = make_account("Acme", project)
        body = {"type": employee().pk, "last_name": "New", "account": account.pk}
        answers = at_once(*(lambda c=client: c.post("contacts", body) for client in pair))
        assert statuses(answers) == [201, 201]
        contacts = Contact.objects.filter(account=account)
        assert (contacts.count(), contacts.filter(is_primary=True).count()) == (2, 1)


def test_two_contacts_made_primary_at_once_leave_one(project, pair):
    for _number in range(ROUNDS):
        account = make_account("Acme", project)
        rows = [make_contact(account) for _number in range(3)]
        answers = at_once(
            lambda: pair[0].post(f"contacts/{rows[1].pk}/make-primary"),
            lambda: pair[1].post(f"contacts/{rows[2].pk}/make-primary"),
        )
        assert statuses(answers) == [200, 200]
        assert Contact.objects.filter(account=account, is_primary=True).count() == 1


def test_one_star_of_one_person_is_kept_once(project):
    user = make_worker(project)
    clients = [ApiClient(user) for _number in range(4)]
    for _number in range(ROUNDS // 2):
        account = make_account("Acme", project)
        answers = at_once(
            *(
                lambda c=client: c.post(f"accounts/{account.pk}/favorite", {"value": True})
                for client in clients
            )
        )
        assert statuses(answers) == [200] * 4
        assert Favorite.objects.filter(object_id=account.pk).count() == 1


def test_connecting_both_ways_at_once_connects_once(project, pair):
    for _number in range(ROUNDS // 4):
        one, two = make_account("One", project), make_account("Two", project)
        answers = at_once(
            lambda: pair[0].post(f"accounts/{one.pk}/connections", {"account": two.pk}),
            lambda: pair[1].post(f"accounts/{two.pk}/connections", {"account": one.pk}),
        )
        assert set(statuses(answers)) <= {201, 409}
        assert AccountConnection.objects.filter(low=one, high=two).count() == 1


def test_two_parents_at_once_make_no_circle(project, pair):
    for _number in range(ROUNDS // 2):
        one, two = make_account("One", project), make_account("Two", project)
        answers = at_once(
            lambda: pair[0].patch(f"accounts/{one.pk}", {"version": 1, "parent": two.pk}),
            lambda: pair[1].patch(f"accounts/{two.pk}", {"version": 1, "parent": one.pk}),
        )
        one.refresh_from_db()
        two.refresh_from_db()
        assert not (one.parent_id == two.pk and two.parent_id == one.pk)
        assert statuses(answers) == [200, 400]  # no deadlock: nobody waits for a key
        told = next(answer.json() for answer in answers if answer.status_code == 400)
        assert told["parent"] == ["An account cannot be below itself."]


def test_two_grants_of_one_version_are_not_both_accepted(project):
    admins = [ApiClient(make_user(is_superuser=True)) for _number in range(4)]
    for _number in range(ROUNDS // 2):
        role = make_role(project)
        answers = at_once(
            *(
                lambda c=client, keys=keys: c.patch(
                    f"projects/{project.pk}/grants/{role.pk}", {"keys": keys, "version": 1}
                )
                for client, keys in zip(
                    admins, (["view_account"], ["view_contact"], [], ["view_account"]), strict=True
                )
            )
        )
        assert statuses(answers) == [200, 400, 400, 400]
