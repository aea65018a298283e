"""RecordPart: a row that hangs on a record of any kind, by the kind's key and the record's id."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RecordPart(models.Model):
    """Comments, attachments, followers …: what goes with a record when it is deleted or merged.

    The engines of the bin, of merging and of privacy find all subclasses by themselves.
    `on_merge` is "move" (the winner gets the row) or "drop" (where the winner has its own);
    `once` are the columns that make the row unique on a record, for rows that would collide.
    `personal` are the columns that anonymizing blanks; "*" deletes the row.
    `is_work` says that people have left it there, so that a record is in use that has one.
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    on_merge: ClassVar[str] = "move"
    once: ClassVar[tuple[str, ...]] = ()
    personal: ClassVar[tuple[str, ...]] = ()
    is_work: ClassVar[bool] = True

    class Meta:
        abstract = True
