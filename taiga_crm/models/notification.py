"""Notification: what a person is told about a record, in the app and perhaps by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.kernel import clock
from taiga_crm.models.part import RecordPart

MAIL_NONE, MAIL_WAITING, MAIL_DONE = "", "waiting", "done"


class Notification(RecordPart):
    """One happening for one person: who did what, never a value of the record.

    Whether the person still sees the record is asked when it is read and when it is mailed.
    """

    on_merge = "move"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=20)
    verb = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(default=clock.now)
    is_read = models.BooleanField(default=False)
    mail = models.CharField(max_length=10, blank=True, default=MAIL_NONE)

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "kind", "object_id", "-id"], name="crm_notification_of_user"
            ),
            models.Index(fields=["kind", "object_id"], name="crm_notification_of_record"),
            models.Index(fields=["at"], name="crm_notification_at"),
            models.Index(
                fields=["id"], condition=models.Q(mail=MAIL_WAITING), name="crm_notification_mail"
            ),
        ]


class NotificationSetting(models.Model):
    """What a person wants by mail; without a row, mentions alone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    mail_mentions = models.BooleanField(_("Mail when somebody mentions me"), default=True)
    mail_followed = models.BooleanField(_("Mail about records that I follow"), default=False)
