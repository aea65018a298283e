"""Search looks at a bounded number of candidates; whose rows fill the bound must not matter."""

import pytest
from asking import column
from records import link, make_account, make_contact, make_crm_project, make_worker

from factories import make_issue
from taiga_crm import conf as conf_module

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(settings):
    """Bound the candidates at 3, and fill another project with 5 accounts of one name."""
    settings.TAIGA_CRM = {**settings.TAIGA_CRM, "search_candidates": 3}
    conf_module.conf.cache_clear()
    other = make_crm_project("Boreas")
    for number in range(5):
        account = make_account(f"Acme {number}", other)
        make_contact(account, f"Acme {number}")
        link(make_issue(other), account)
    yield make_crm_project("Aurora")
    conf_module.conf.cache_clear()


@pytest.mark.parametrize("path", ["accounts", "contacts"])
def test_rows_the_person_cannot_see_do_not_use_up_his_search(api, crowd, path):
    mine = make_account("Acme mine", crowd)
    make_contact(mine, "Acme mine")
    assert column(api(make_worker(crowd)), path, q="acme") == ["Acme mine"]


def test_accounts_the_person_cannot_see_do_not_use_up_his_search_for_tickets(api, crowd):
    link(make_issue(crowd, "Silent"), make_account("Acme mine", crowd))
    assert column(api(make_worker(crowd)), "tickets", "subject", q="acme") == ["Silent"]


def test_a_filter_beside_a_search_sees_more_than_the_first_candidates(api, crowd):
    for number in range(5):
        make_account(f"Acme {number}", crowd, city="Oslo" if number == 4 else "")
    client = api(make_worker(crowd))
    assert column(client, "accounts", q="acme", city="Oslo") == ["Acme 4"]
