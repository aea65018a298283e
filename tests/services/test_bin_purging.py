"""What is too old leaves the bin, and what is no list of ids is refused."""

import datetime

import pytest
from asking import got
from django.db import connection
from records import make_account, make_contact, make_crm_project, make_worker

from taiga_crm.kernel import clock
from taiga_crm.models import BinEntry, HistoryEntry
from taiga_crm.services.bin import purge_bin

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


def test_the_bin_is_purged_after_its_days_and_by_hand(api, project, worker):
    client = api(worker)
    for name in ("Old", "Young", "Third"):
        got(client.delete(f"accounts/{make_account(name, project).pk}"), 204)
    old = BinEntry.objects.get(label="Old")
    BinEntry.objects.filter(pk=old.pk).update(deleted_at=clock.now() - datetime.timedelta(days=31))
    assert purge_bin(clock.now()) == 1
    assert set(BinEntry.objects.values_list("label", flat=True)) == {"Young", "Third"}
    got(client.delete(f"bin/{BinEntry.objects.get(label='Young').pk}"), 204)
    assert got(client.post("bin/empty", {"kind": "contact"})) == {"purged": 0}
    assert got(client.post("bin/empty", {"kind": "account", "project": project.pk})) == {
        "purged": 1
    }
    assert BinEntry.objects.count() == 0
    assert HistoryEntry.objects.filter(verb="delete").count() == 3


@pytest.mark.parametrize(
    "body", [{}, {"kind": "account"}, {"kind": 1, "ids": [1]}, {"kind": "account", "ids": []},
             {"kind": "account", "ids": ["1"]}, {"kind": "account", "ids": [True]},
             {"kind": "account", "ids": list(range(1, 502))}, {"kind": "account", "ids": [2**70]}]
)  # fmt: skip
def test_restoring_many_refuses_what_is_no_list_of_ids(api, worker, body):
    assert api(worker).post("bin/restore", body).status_code == 400


def test_deleting_asks_as_often_for_many_contacts_as_for_few(api, project, worker):
    from django.test.utils import CaptureQueriesContext

    numbers = []
    for size in (2, 20):
        account = make_account("Acme", project)
        for _number in range(size):
            make_contact(account)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            got(api(worker).delete(f"accounts/{account.pk}"), 204)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
