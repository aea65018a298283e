"""Job: work that takes longer than a request, and when periodic work was last done."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from taiga_crm.kernel import clock


class Job(models.Model):
    """One piece of work of one person; `result` and `error` are for that person to read."""

    WAITING, RUNNING, DONE, FAILED, CANCELED = "waiting", "running", "done", "failed", "canceled"
    STATES = tuple((state, state) for state in (WAITING, RUNNING, DONE, FAILED, CANCELED))

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    language = models.CharField(max_length=20, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_by", "-id"], name="crm_job_of_person"),
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=("waiting", "running")),
                name="crm_job_open",
            ),
        ]


class PeriodicRun(models.Model):
    """When a periodic function last ran."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
