"""Celery tasks, found by Taiga's worker; on the embedded host nobody imports this module."""

from __future__ import annotations

from celery import current_app, shared_task

from taiga_crm.capabilities import jobs, periodic

EVERY_SECONDS = 60


@shared_task(name="taiga_crm.run_job")  # type: ignore[misc]
def run_job(job_id: int) -> None:
    """Do one job."""
    jobs.run_job(job_id)


@shared_task(name="taiga_crm.run_due")  # type: ignore[misc]
def run_due() -> None:
    """Do what is due, and the jobs whose worker died."""
    periodic.run_due()
    jobs.run_waiting()


current_app.conf.beat_schedule["taiga-crm"] = {
    "task": "taiga_crm.run_due",
    "schedule": EVERY_SECONDS,
    "args": (),
}
