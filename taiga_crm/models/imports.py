"""Import, ImportRow, ImportProfile: a file on its way into the CRM, and what became of its rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from taiga_crm.kernel import clock
from taiga_crm.models.base import CrmModel
from taiga_crm.models.job import Job


class ImportProfile(CrmModel):
    """A mapping of headers with its settings, kept by name for the next file of the same form."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    is_shared = models.BooleanField(default=False)
    columns = models.JSONField(default=list)
    settings = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["kind", "owner"], name="crm_import_profile")]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One uploaded file of one person; `file` is a kept file until it is swept away.

    `columns` are {"header", "samples"}, `mapping` is {"field", "options", "guessed"} for each.
    `made` are further rows that were made because links named them, as {"kind", "id"}.
    """

    DRAFT, RUNNING, DONE, UNDONE = "draft", "running", "done", "undone"
    FAILED, CANCELED = "failed", "canceled"  # told by the job, never stored
    STATES = tuple((state, state) for state in (DRAFT, RUNNING, DONE, UNDONE))

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file = models.CharField(max_length=40, blank=True)
    file_name = models.CharField(max_length=255)
    size = models.PositiveIntegerField(default=0)
    reading = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    profile = models.ForeignKey(
        ImportProfile, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    preview = models.JSONField(null=True)
    result = models.JSONField(null=True)
    undone = models.JSONField(null=True)
    made = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"], name="crm_import_of_person"),
            models.Index(fields=["created_at"], name="crm_import_age"),
        ]


class ImportRow(models.Model):
    """What became of one row of a file: of its preview, then of the import itself.

    `kind` and `object_id` name the record, `before` are the values that an update changed and
    `version` is that of the record afterwards: None when an earlier row of the run stands for it.
    """

    CREATED = "created"

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=255, blank=True)
    outcome = models.CharField(max_length=10)
    is_doubtful = models.BooleanField(default=False)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)
    remarks = models.JSONField(default=list)
    before = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "line"], name="crm_import_row_line"),
            models.Index(fields=["run", "outcome", "line"], name="crm_import_row_outcome"),
            models.Index(
                fields=["kind", "object_id"],
                condition=models.Q(object_id__isnull=False),
                name="crm_import_row_record",
            ),
        ]
