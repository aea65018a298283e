"""Jobs: work longer than a request: claimed by one worker, all or nothing, progress, cancel.

A job's work and its state "done" are one transaction. A worker that is killed leaves a job that
is "running" without a lock: the next worker runs it again from the start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from taiga_crm.capabilities.locking import claim
from taiga_crm.host import current_host
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import CrmError, InvalidInput, NotVisible, WrongState
from taiga_crm.models import Job

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
LATEST = 50
LOCK = 0x43524D  # the first half of the advisory locks of jobs
OPEN = (Job.WAITING, Job.RUNNING)


class JobCanceled(CrmError):
    """The person asked to stop; everything the job wrote is rolled back."""

    status, code = 409, "job_canceled"


class Work:
    """What a runner gets: the person, the parameters, and where to tell how far it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.user: Any = job.created_by
        self.params: dict[str, Any] = job.params
        self._outside = connection.copy()  # progress shows before the work is committed

    def progress(self, done: int, total: int) -> None:
        """Tell how far the work is; raises JobCanceled when the person asked to stop."""
        with self._outside.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Job._meta.db_table} SET done = %s, total = %s WHERE id = %s"
                " RETURNING cancel_requested",
                [done, total, self.job.pk],
            )
            row = cursor.fetchone()
        if row is not None and row[0]:
            raise JobCanceled("The job was canceled")

    def close(self) -> None:
        """Close the connection that told the progress."""
        self._outside.close()


Runner = Callable[[Work], dict[str, Any]]
_runners: dict[str, Runner] = {}


def register_runner(kind: str, runner: Runner) -> None:
    """Name the function that does the jobs of a kind; it returns the result as JSON."""
    _runners[kind] = runner


def enqueue(kind: str, user: Any, params: dict[str, Any]) -> Job:
    """Write a job down and hand it to the host's worker when the transaction commits."""
    if kind not in _runners:
        raise KeyError(kind)
    language = translation.get_language() or ""
    job = Job.objects.create(kind=kind, created_by=user, params=params, language=language)
    transaction.on_commit(lambda: current_host().run_job(job.pk, run_job))
    return job


def run_job(job_id: int) -> None:
    """Do a job unless another worker does it; raises only when the database is gone."""
    with claim(LOCK, job_id) as claimed:
        job = Job.objects.filter(pk=job_id, state__in=OPEN).first() if claimed else None
        if job is None:
            return
        if job.cancel_requested:
            _finish(job, Job.CANCELED)
        elif job.attempts >= MAX_ATTEMPTS:
            _finish(job, Job.FAILED, _("The worker stopped in the middle of it several times."))
        else:
            _start(job)
            with translation.override(job.language or None):
                _do(job)


def run_waiting() -> int:
    """Do every job that waits or whose worker died; return how many were looked at."""
    waiting = list(Job.objects.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True))
    for job_id in waiting:
        run_job(job_id)
    return len(waiting)


def jobs_of(user: Any) -> list[Job]:
    """Return the person's latest jobs, newest first."""
    return list(Job.objects.filter(created_by=user).order_by("-pk")[:LATEST])


def job_of(user: Any, job_id: int) -> Job:
    """Return a job of the person; NotVisible for anybody else's."""
    job = Job.objects.filter(pk=job_id, created_by=user).first()
    if job is None:
        raise NotVisible("No such job")
    return job


def cancel(user: Any, job_id: int) -> Job:
    """Ask a job to stop; one that waits stops at once, one that is over is refused."""
    with transaction.atomic():
        job_of(user, job_id)
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.state not in OPEN:
            raise WrongState("The job is over", state=job.state)
        job.cancel_requested = True
        if job.state == Job.WAITING:
            job.state, job.finished_at = Job.CANCELED, clock.now()
        job.save(update_fields=["cancel_requested", "state", "finished_at"])
    return job


def shown(job: Job) -> dict[str, Any]:
    """Return a job as JSON."""
    return {
        "id": job.pk,
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "result": job.result,
        "error": job.error,
        "cancel_requested": job.cancel_requested,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def _start(job: Job) -> None:
    job.state, job.started_at, job.attempts = Job.RUNNING, clock.now(), job.attempts + 1
    job.save(update_fields=["state", "started_at", "attempts"])


def _do(job: Job) -> None:
    work = Work(job)
    try:
        with transaction.atomic():
            result = _runners[job.kind](work)
            _finish(job, Job.DONE, result=result)
    except JobCanceled:
        _finish(job, Job.CANCELED)
    except CrmError as refusal:
        fields = refusal.fields if isinstance(refusal, InvalidInput) else {}
        _finish(job, Job.FAILED, refusal.message, {"fields": fields, "code": refusal.code})
    except (OperationalError, InterfaceError):
        raise  # the connection is gone, or a deadlock: the job stays open and is run again
    except Exception:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        _finish(job, Job.FAILED, _("Something went wrong. The administrator finds it in the log."))
    finally:
        work.close()


def _finish(job: Job, state: str, error: str = "", result: dict[str, Any] | None = None) -> None:
    job.state, job.error, job.finished_at = state, error, clock.now()
    job.result = result or {}
    job.save(update_fields=["state", "error", "result", "finished_at"])
