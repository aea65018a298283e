"""Jobs: done once, all or nothing, canceled cleanly, run again when the worker dies."""

import os
import signal
import threading
import time

import pytest
from django.db import connection, transaction
from jobs_at_work import when_free

from factories import make_user
from taiga_crm.capabilities import jobs
from taiga_crm.capabilities.jobs import Work, enqueue, register_runner, run_job, run_waiting
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Industry, Job

pytestmark = pytest.mark.django_db(transaction=True)


def industry_named(name):
    return Industry.objects.filter(name=name).exists()


@pytest.fixture(autouse=True)
def runners():
    before = dict(jobs._runners)
    yield
    jobs._runners.clear()
    jobs._runners.update(before)


def test_a_job_runs_once_and_keeps_its_result():
    calls = []

    def work(one: Work):
        calls.append(one.params["n"])
        one.progress(3, 4)
        return {"answer": one.params["n"] + 1}

    register_runner("test", work)
    job = enqueue("test", make_user(), {"n": 41})
    assert run_waiting() == 1
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.done, job.total) == ("done", {"answer": 42}, 3, 4)
    assert calls == [41]


def test_progress_is_seen_before_the_work_is_committed():
    seen = {}

    def work(one: Work):
        Industry.objects.create(name="Half")
        one.progress(1, 2)
        outside = connection.copy()
        with outside.cursor() as cursor:
            cursor.execute("SELECT done, state FROM taiga_crm_job WHERE id = %s", [one.job.pk])
            seen["job"] = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM taiga_crm_industry WHERE name = 'Half'")
            seen["half"] = cursor.fetchone()[0]
        outside.close()
        return {}

    register_runner("test", work)
    run_job(enqueue("test", make_user(), {}).pk)
    assert seen == {"job": (1, "running"), "half": 0}
    assert industry_named("Half")


def test_a_canceled_job_leaves_nothing():
    user = make_user()

    def work(one: Work):
        Industry.objects.create(name="Canceled")
        outside = connection.copy()
        with outside.cursor() as cursor:
            cursor.execute("UPDATE taiga_crm_job SET cancel_requested = true")
        outside.close()
        one.progress(1, 2)
        return {}

    register_runner("test", work)
    job = enqueue("test", user, {})
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "canceled"
    assert not industry_named("Canceled")


@pytest.mark.parametrize(
    "error, told",
    [
        (InvalidInput({"file": ["Empty."]}), "Empty."),
        (ZeroDivisionError(), "Something went wrong. The administrator finds it in the log."),
    ],
)
def test_a_failed_job_says_why_and_leaves_nothing(error, told):
    def work(one: Work):
        Industry.objects.create(name="Failed")
        raise error

    register_runner("test", work)
    job = enqueue("test", make_user(), {})
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", told)
    assert not industry_named("Failed")


def test_two_workers_never_do_the_same_job():
    calls, started = [], threading.Event()

    def work(one: Work):
        calls.append(1)
        started.set()
        time.sleep(0.3)
        return {}

    register_runner("test", work)
    job = enqueue("test", make_user(), {})

    def worker():
        run_job(job.pk)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]


def test_a_killed_worker_leaves_nothing_and_the_next_one_does_the_job(tmp_path):
    mark = tmp_path / "killed"

    def work(one: Work):
        Industry.objects.create(name="Once")
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return {"by": "the second"}

    register_runner("test", work)
    job = enqueue("test", make_user(), {})
    connection.close()
    child = os.fork()
    if child == 0:
        run_job(job.pk)
        os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)
    assert not industry_named("Once")
    when_free(job.pk)
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("done", 2, {"by": "the second"})
    assert Industry.objects.filter(name="Once").count() == 1


def test_a_job_that_kills_its_workers_fails_in_the_end():
    register_runner("test", lambda one: {})
    job = enqueue("test", make_user(), {})
    Job.objects.filter(pk=job.pk).update(state="running", attempts=3)
    run_waiting()
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_job_is_only_written_with_the_transaction():
    register_runner("test", lambda one: {})
    with transaction.atomic():
        enqueue("test", make_user(), {})
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


def test_only_its_person_sees_and_cancels_a_job(api):
    register_runner("test", lambda one: {})
    mine, other = make_user("mine"), make_user("other")
    job = enqueue("test", mine, {})
    assert api(other).get(f"jobs/{job.pk}").status_code == 404
    assert api(other).post(f"jobs/{job.pk}/cancel").status_code == 404
    assert api(mine).post(f"jobs/{job.pk}/cancel").json()["state"] == "canceled"
    again = api(mine).post(f"jobs/{job.pk}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert [one["id"] for one in api(mine).get("jobs").json()] == [job.pk]
