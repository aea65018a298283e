"""Field rules cost nothing where there are none, and no query where there are some."""

import pytest
from asking import got
from records import company, make_account, make_crm_project, make_worker, set_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


def test_without_rules_a_request_asks_no_further_query(
    api, project, worker, django_assert_max_num_queries
):
    make_account("Acme", project)
    client = api(worker)
    got(client.get("accounts"))
    with django_assert_max_num_queries(8) as asked:
        got(client.get("accounts"))
        plain = len(asked)
    set_rules("account", {"field": "city", "effect": "hidden", "states": [str(company().pk)]})
    got(client.get("accounts"))
    with django_assert_max_num_queries(plain):
        got(client.get("accounts"))
