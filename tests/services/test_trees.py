"""Trees of accounts: no deeper than fifty levels, from whichever end they grow."""

import pytest
from asking import got
from records import make_account, make_crm_project, make_worker

from taiga_crm.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def client(api, project):
    return api(make_worker(project, "worker"))


def refused(client, method, path, body):
    return got(getattr(client, method)(path, body), 400)


def test_a_tree_gets_no_deeper_from_below_or_by_new_accounts(client, project):
    high = low = make_account("High", project)
    for _number in range(29):
        low = make_account("", project, parent=low)
    top = bottom = make_account("Top", project)
    for _number in range(20):
        bottom = make_account("", project, parent=bottom)
    told = refused(client, "patch", f"accounts/{top.pk}", {"version": 1, "parent": low.pk})
    assert told == {"parent": ["The tree of accounts is too deep."]}
    bottom.delete()
    got(client.patch(f"accounts/{top.pk}", {"version": 1, "parent": low.pk}))
    fiftieth = Account.objects.get(pk=bottom.parent_id)
    body = {"type": high.type_id, "first_name": "New", "projects": [project.pk]}
    told = refused(client, "post", "accounts", {**body, "parent": fiftieth.pk})
    assert told == {"parent": ["The tree of accounts is too deep."]}
    got(client.post("accounts", {**body, "parent": fiftieth.parent_id}), 201)
