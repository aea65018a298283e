"""One search over accounts, contacts and tickets, as far as the person sees them."""

import pytest
from asking import got
from records import company, make_account, make_contact, make_crm_project, make_worker

from factories import make_issue, make_story

pytestmark = pytest.mark.django_db


def found(client, **params):
    """Return {entity: labels} of a search."""
    groups = got(client.get("search", params))
    return {group["entity"]: [row["label"] for row in group["results"]] for group in groups}


def test_the_search_finds_the_beginnings_of_words_in_every_kind(api, world):
    account = make_account("Aurora Trading", world.project)
    make_contact(account, "Auroro Kim")
    make_issue(world.project, subject="Pay Aurora back")
    client = api(world.director)
    assert found(client, q="auror") == {
        "account": ["Aurora Trading"],
        "contact": ["Auroro Kim"],
        "ticket": ["Pay Aurora back"],
    }
    assert found(client, q="nothing like it") == {}
    assert found(client, q="") == {}


def test_kinds_of_tickets_take_turns_so_that_many_issues_do_not_hide_a_story(api, world):
    for number in range(9):
        make_issue(world.project, subject=f"Aurora issue {number}")
    make_story(world.project, subject="Aurora story")
    tickets = found(api(world.director), q="aurora")["ticket"]
    assert len(tickets) == 8
    assert tickets[1] == "Aurora story"


def test_a_project_narrows_the_search_and_a_foreign_one_is_not_there(api, world):
    second = make_crm_project("Second")
    worker = make_worker(world.project)
    make_worker(second, user=worker)
    make_account("Aurora One", world.project)
    make_account("Aurora Two", second)
    make_issue(second, subject="Aurora issue")
    client = api(worker)
    assert found(client, q="aurora", project=world.project.pk) == {"account": ["Aurora One"]}
    both = {"account": ["Aurora Two"], "ticket": ["Aurora issue"]}
    assert found(client, q="aurora", project=second.pk) == both
    assert (
        client.get("search", {"q": "aurora", "project": world.other_project.pk}).status_code == 404
    )
    assert client.get("search", {"q": "aurora", "project": "x"}).status_code == 400


@pytest.mark.feature("F131")
def test_a_new_account_may_name_its_one_project_as_project(api, world):
    body = {"type": company().pk, "first_name": "Acme", "project": world.project.pk}
    made = got(api(world.seller).post("accounts", body), 201)
    assert [one["id"] for one in made["projects"]] == [world.project.pk]
