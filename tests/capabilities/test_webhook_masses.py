"""Many acts at once: a bounded number of queries, and an import is told as one event."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hooks import last, make_webhook, send, told
from records import company, give_keys, make_account, make_crm_project, make_worker

from factories import make_member, make_user
from taiga_crm.capabilities.announcing import Happening, Mass, announce_many
from taiga_crm.capabilities.bulk import bulk_change, bulk_delete
from taiga_crm.capabilities.mass_writing import create_many
from taiga_crm.capabilities.plain_edit import change_record, parse_values
from taiga_crm.models import WebhookDelivery
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


def imported(worker, project, names, mass):
    kind, body = entity("account"), {"type": company().pk, "projects": [project.pk]}
    values = [
        parse_values(kind, worker, {**body, "first_name": name}, creating=True) for name in names
    ]
    return create_many(kind, worker, values, {("account_type", company().pk): company()}, mass)


def test_an_import_is_told_as_one(admin, worker, project, hook, listener, keeper):
    everywhere = make_webhook(keeper, f"{listener.url}/all")
    silent = make_webhook(admin, listener.url, project, events=["created", "changed"])
    make_webhook(admin, listener.url, project, kinds=["contact"])
    mass = Mass()
    imported(worker, project, ["One", "Two", "Three"], mass)
    records = imported(worker, project, ["Four", "Five"], mass)
    happening = Happening(entity("account"), records[0], "change", worker, mass=mass)
    announce_many([happening])
    private = make_account(is_private=True)
    announce_many([Happening(entity("account"), private, "create", worker, mass=mass)])
    rows = WebhookDelivery.objects.order_by("webhook_id")
    assert [row.webhook_id for row in rows] == [hook.pk, everywhere.pk]
    assert silent.deliveries.count() == 0
    send()
    for event in told(listener):
        assert (event["event"], event["action"], event["record"]) == (
            "account.imported", "import", None,
        )  # fmt: skip
        assert event["counts"] == {"created": 5, "changed": 1}
    imported(worker, project, ["Six"], Mass())
    assert last().counts == {"created": 1}


def test_a_batch_that_is_taken_back_is_not_counted(worker, project, hook):
    mass = Mass()
    imported(worker, project, ["One"], mass)
    with transaction.atomic():
        imported(worker, project, ["Two"], mass)
        transaction.set_rollback(True)
    imported(worker, project, ["Three"], mass)
    assert [one.counts for one in WebhookDelivery.objects.all()] == [{"created": 2}]


def test_a_preview_tells_nothing(worker, project, hook):
    imported(worker, project, ["One"], Mass(is_silent=True))
    assert WebhookDelivery.objects.count() == 0


def test_an_import_is_counted_only_for_those_who_see_all(worker, project, listener):
    blind = make_user("blind")
    give_keys(blind, "manage_settings")
    member = make_worker(project, user=blind, scope="own")
    make_webhook(member, listener.url)
    imported(worker, project, ["One"], Mass())
    send()
    assert [one["counts"] for one in told(listener)] == [None]
