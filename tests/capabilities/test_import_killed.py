"""A killed import leaves nothing, and the next worker imports the whole file once (R6)."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from typing import Any

import pytest
from django.db import connection
from imported import draft
from jobs_at_work import when_free
from records import company, fingerprint

from factories import make_user
from taiga_crm.capabilities import imports
from taiga_crm.capabilities.jobs import run_job, run_waiting
from taiga_crm.models import Account, Import, ImportRow, Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("F140")]
OWN = ("taiga_crm_import", "taiga_crm_importrow", "taiga_crm_job")
ROWS = int(os.environ.get("CRM_KILLED_ROWS", "4000"))
ROUNDS = int(os.environ.get("CRM_KILLED_ROUNDS", "3"))


@pytest.fixture
def admin() -> Any:
    company()
    return make_user("root", is_superuser=True)


def start(actor: Any) -> Import:
    lines = (f"Firm {n},a{n}@x.test,Firm {n // 2}" for n in range(ROWS))
    run = draft(actor, "\n".join(["name,email,parent", *lines]).encode())
    return imports.start(actor, run.pk, imports.RUN)


def halfway(job_id: int, share: float) -> bool:
    """Wait until the import has written a part of the file; False when it was too fast."""
    while True:
        job = Job.objects.get(pk=job_id)
        if job.state not in ("waiting", "running"):
            return False
        if job.done >= max(1, int(ROWS * share)):
            return True
        time.sleep(0.01)


def worker(job_id: int) -> int:
    """Run the job in a process of its own, as a worker does; return its number."""
    connection.close()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            run_job(job_id)
            status = 0
        finally:
            os._exit(status)
    return child


def assert_nothing_but_the_whole(run: Import, before: Any) -> None:
    """Nothing was written; the next worker writes everything once and tells so."""
    when_free(run.job_id)
    assert fingerprint(without=OWN) == before
    assert ImportRow.objects.count() == 0
    assert imports.state_of(imports.import_of(run.owner, run.pk)) == "running"
    run_waiting()
    done = imports.import_of(run.owner, run.pk)
    assert (done.state, done.result["counts"]["created"]) == ("done", ROWS)
    assert Account.objects.count() == ROWS
    assert Account.objects.values("name").distinct().count() == ROWS
    assert ImportRow.objects.filter(outcome="created").count() == ROWS


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_killed_worker_leaves_nothing_and_the_next_one_does_it_all(
    admin: Any, number: int
) -> None:
    run = start(admin)
    before = fingerprint(without=OWN)
    child = worker(run.job_id)
    assert halfway(run.job_id, random.Random(number).uniform(0.2, 0.7))
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert_nothing_but_the_whole(run, before)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_killed_database_connection_leaves_nothing_and_the_next_worker_does_it_all(
    admin: Any, number: int
) -> None:
    run = start(admin)
    before = fingerprint(without=OWN)
    child = worker(run.job_id)
    assert halfway(run.job_id, random.Random(100 + number).uniform(0.2, 0.7))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND objid = %s",
            [run.job_id],
        )
    os.waitpid(child, 0)
    assert_nothing_but_the_whole(run, before)


def test_a_canceled_import_leaves_nothing_and_can_be_run_again(admin: Any, api: Any) -> None:
    run = start(admin)
    before = fingerprint(without=OWN)

    def cancel() -> None:
        if halfway(run.job_id, 0.2):
            api(admin).post(f"jobs/{run.job_id}/cancel")
        connection.close()

    thread = threading.Thread(target=cancel)
    thread.start()
    run_job(run.job_id)
    thread.join()
    assert api(admin).get(f"imports/{run.pk}").json()["state"] == "canceled"
    assert fingerprint(without=OWN) == before
    assert api(admin).post(f"imports/{run.pk}/run").status_code == 202
    run_waiting()
    assert Account.objects.count() == ROWS
