"""Many acts at once: a bounded number of queries, and an import is told as one event."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hooks import last, make_webhook, send, told
from records import company, give_keys, make_account, make_crm_project, make_worker

from factories import make_member, make_user
from taiga_crm.capabilities.announcing import announced_as_one
from taiga_crm.capabilities.bulk import bulk_change, bulk_delete
from taiga_crm.capabilities.plain_edit import change_record, create_record
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Account, WebhookDelivery
from taiga_crm.permissions.access import access_of, forget_access
from taiga_crm.registry.catalog import entity

pytestmark = pytest.mark.django_db
WORD = "Zq7xSecret"


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def other():
    return make_crm_project("Boreas")


@pytest.fixture
def admin(project):
    return make_member(project, make_user("admin"), is_admin=True)


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def keeper():
    """Return somebody who keeps the settings and sees everything, but is in no project."""
    user = make_user("keeper")
    give_keys(user, "manage_settings", "view_everything")
    return user


@pytest.fixture
def hook(admin, project, listener):
    return make_webhook(admin, listener.url, project)


def queries(act):
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


@pytest.mark.parametrize("act", ["change", "delete"])
def test_the_queries_of_a_bulk_act_do_not_grow_with_its_rows_or_webhooks(
    admin, worker, project, listener, act
):
    for _number in range(3):
        make_webhook(admin, listener.url, project)

    def run(number):
        ids = [make_account(f"A {one}", project).pk for one in range(number)]
        before = WebhookDelivery.objects.count()
        if act == "change":
            spent = queries(
                lambda: bulk_change(entity("account"), worker, ids, {"city": "Oslo"}, {})
            )
        else:
            spent = queries(lambda: bulk_delete(entity("account"), worker, ids, {}))
        assert WebhookDelivery.objects.count() - before == 3 * number
        return spent

    run(1)
    assert run(2) == run(40)


def test_without_a_webhook_a_write_asks_no_question_more(admin, worker, project, listener):
    def asked():
        account = make_account("Acme", project)
        with CaptureQueriesContext(connection) as found:
            change_record(entity("account"), worker, account.pk, {"version": 1, "city": "Oslo"})
        return sum("taiga_crm_webhook" in one["sql"] for one in found.captured_queries)

    access_of(worker)
    assert asked() == 0
    make_webhook(admin, listener.url, project, kinds=["contact"])
    forget_access(worker)
    access_of(worker)
    assert asked() == 1


def test_an_import_is_told_as_one(admin, worker, project, hook, listener, keeper):
    everywhere = make_webhook(keeper, f"{listener.url}/all")
    silent = make_webhook(admin, listener.url, project, events=["created", "changed"])
    make_webhook(admin, listener.url, project, kinds=["contact"])
    body = {"type": company().pk, "projects": [project.pk]}
    with announced_as_one("import", worker):
        for number in range(5):
            create_record(entity("account"), worker, {**body, "first_name": f"New {number}"})
        make_account("Old", project)
        old = Account.objects.latest("pk")
        change_record(entity("account"), worker, old.pk, {"version": 1, "city": "Oslo"})
        private = {**body, "first_name": WORD, "is_private": True}
        create_record(entity("account"), worker, private)
    rows = WebhookDelivery.objects.order_by("webhook_id")
    assert [row.webhook_id for row in rows] == [hook.pk, everywhere.pk]
    assert silent.deliveries.count() == 0
    send()
    for event in told(listener):
        assert (event["event"], event["action"], event["record"]) == (
            "account.imported", "import", None,
        )  # fmt: skip
        assert event["counts"] == {"created": 5, "changed": 1}


def test_an_import_is_counted_only_for_those_who_see_all(worker, project, listener):
    blind = make_user("blind")
    give_keys(blind, "manage_settings")
    member = make_worker(project, user=blind, scope="own")
    make_webhook(member, listener.url)
    body = {"type": company().pk, "projects": [project.pk], "first_name": "New"}
    with announced_as_one("import", worker):
        create_record(entity("account"), worker, body)
    send()
    assert [one["counts"] for one in told(listener)] == [None]


def fail_after(worker, body):
    with announced_as_one("import", worker):
        create_record(entity("account"), worker, body)
        create_record(entity("account"), worker, {})


def test_a_mass_that_fails_tells_nothing(worker, project, hook):
    body = {"type": company().pk, "projects": [project.pk], "first_name": "New"}
    with pytest.raises(InvalidInput):
        fail_after(worker, body)
    assert WebhookDelivery.objects.count() == 0
    create_record(entity("account"), worker, body)
    assert last().event == "created"
