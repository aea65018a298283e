"""R6: who dies in the middle of a merge, its undo, a bulk edit or delete leaves all or nothing.

A child process runs the request; at a random statement it is killed, or loses its database
connection. CRM_KILL_ROUNDS=20 gives the figure of the goals.
"""

import itertools
import os
import random
import signal
import time

import pytest
from api_client import ApiClient
from django.db import DatabaseError, connection, transaction
from records import (
    connect,
    fingerprint,
    link,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import make_issue
from taiga_crm.models import Account, BinEntry, MergeRun

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("CRM_KILL_ROUNDS", "3"))
ROWS = 40
LIVED, CUT, BROKEN = 1, 2, 3
OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


@pytest.fixture
def many(project):
    return [make_account(f"Many {number}", project).pk for number in range(ROWS)]


@pytest.fixture
def pair(project, worker):
    one, two = (make_account(name, project, created_by=worker) for name in ("Acme", "ACME Ltd"))
    hub = make_account("Hub", project)
    connect(two, hub)
    for number in range(5):
        make_contact(two, f"Contact {number}")
        link(make_issue(project, pk=70 + number), two)
    make_account("Child", project, parent=two)
    return one, two


def merging(one, two):
    return {
        "ids": [one.pk, two.pk], "winner": one.pk, "choices": {},
        "versions": {str(one.pk): one.version, str(two.pk): two.version},
    }  # fmt: skip


def test_a_bulk_edit_that_dies_changes_all_rows_or_none(worker, many):
    body = {"ids": many, "changes": {"city": "Brno"}}
    _dies_cleanly(worker, "accounts/bulk", body)
    assert set(Account.objects.values_list("city", "version")) == {("Brno", 2)}


def test_a_slow_bulk_edit_that_dies_changes_all_rows_or_none(worker, many):
    body = {"ids": many[:8], "changes": {"emails": ["info@acme.example"]}}
    _dies_cleanly(worker, "accounts/bulk", body)
    changed = Account.objects.filter(emails__value="info@acme.example")
    assert set(changed.values_list("pk", flat=True)) == set(many[:8])


def test_a_bulk_delete_that_dies_moves_all_rows_into_the_bin_or_none(worker, many):
    _dies_cleanly(worker, "accounts/bulk-delete", {"ids": many})
    assert (Account.objects.count(), BinEntry.objects.count()) == (0, ROWS)


def test_a_merge_that_dies_moves_everything_or_nothing(worker, pair):
    one, two = pair
    _dies_cleanly(worker, "accounts/merge", merging(one, two))
    assert not Account.objects.filter(pk=two.pk).exists()
    assert one.contacts.count() == 5
    assert MergeRun.objects.count() == 1


def test_an_undo_of_a_merge_that_dies_puts_everything_back_or_nothing(worker, pair):
    one, two = pair
    assert ApiClient(worker).post("accounts/merge", merging(one, two)).status_code == 200
    _dies_cleanly(worker, f"accounts/{one.pk}/undo-merge", {"run": MergeRun.objects.get().pk})
    assert two.contacts.count() == 5


def _dies_cleanly(user, path, body):
    """Let the request die in every round, then do it: each time the rows are as before."""
    before = fingerprint()
    first, last = _statements(user, path, body)
    assert last - first > 2
    assert fingerprint() == before
    dice = random.Random(path)
    for number in range(ROUNDS):
        _die(user, path, body, at=dice.randint(first, last), act=_kill if number % 2 else _cut)
        assert fingerprint() == before
    assert ApiClient(user).post(path, body).status_code == 200


def _statements(user, path, body):
    """Return which statements of the request are in its transaction; nothing is committed."""
    inside = []

    def watch(number):
        if connection.savepoint_ids:
            inside.append(number)

    def run():
        with transaction.atomic():
            assert _post(user, path, body, watch).status_code == 200
            os.write(writing, f"{inside[0]} {inside[-1] - 2}".encode())  # without two savepoints
            os._exit(0)

    reading, writing = os.pipe()
    _in_a_child(run)
    os.close(writing)
    with os.fdopen(reading) as told:
        return map(int, told.read().split())


def _die(user, path, body, *, at, act):
    """Send the request from a child in which `act` happens before its statement number `at`."""
    status = _in_a_child(lambda: _post(user, path, body, lambda one: act() if one == at else None))
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == CUT


def _post(user, path, body, watch):
    numbers = itertools.count(1)

    def wrapper(execute, sql, params, many, context):
        watch(next(numbers))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        return ApiClient(user).post(path, body)


def _in_a_child(run):
    """Run in a process of its own; return how it ended, once the server has noticed."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            run()
            os._exit(LIVED)
        except DatabaseError:
            os._exit(CUT)
        finally:
            os._exit(BROKEN)
    _pid, status = os.waitpid(child, 0)
    with connection.cursor() as cursor:
        while True:
            cursor.execute(OTHERS)
            if cursor.fetchone()[0] == 0:
                return status
            time.sleep(0.02)


def _kill():
    os.kill(os.getpid(), signal.SIGKILL)


def _cut():
    """Let the server end this process' connection, as a restart of the database does."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    outside = connection.copy()
    with outside.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    outside.close()
