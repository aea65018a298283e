"""Celery tasks, found by Taiga's worker; on the embedded host nobody imports this module."""

from __future__ import annotations

from taiga_crm.capabilities import jobs, periodic, webhook_sending
from taiga_crm.host.taiga import celery_app

EVERY_SECONDS = 60
# Celery's current app is another plugin's while modules are imported
app = celery_app()


@app.task(name="taiga_crm.run_job")  # type: ignore[misc, unused-ignore]
def run_job(job_id: int) -> None:
    """Do one job."""
    jobs.run_job(job_id)


@app.task(name="taiga_crm.run_due")  # type: ignore[misc, unused-ignore]
def run_due() -> None:
    """Do what is due, and the jobs whose worker died."""
    periodic.run_due()
    jobs.run_waiting()
    webhook_sending.send_due()


@app.task(name="taiga_crm.send_webhooks")  # type: ignore[misc, unused-ignore]
def send_webhooks() -> None:
    """Send what webhooks have to tell."""
    webhook_sending.send_due()


app.conf.beat_schedule["taiga-crm"] = {
    "task": "taiga_crm.run_due",
    "schedule": EVERY_SECONDS,
    "args": (),
}
