"""Mails about notifications: sent after commit, to whoever sees the record at that moment.

A mail carries the record's name, who did it and the way there: never a value of a field and
never the text of a comment, which the host's mail servers have no business to read.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from taiga_crm.capabilities.sighting import labels_of
from taiga_crm.capabilities.topics import is_topic, subject_of, topics_of
from taiga_crm.host import MailRefused, current_host
from taiga_crm.models import Notification
from taiga_crm.models.notification import MAIL_DONE, MAIL_NONE, MAIL_WAITING
from taiga_crm.registry.catalog import entities

log = logging.getLogger("taiga_crm.mailing")
BATCH = 200
GIVE_UP_AFTER = datetime.timedelta(days=1)


def deliver(ids: list[int]) -> int:
    """Send the waiting mails of these notifications; return how many went out."""
    return sum(_deliver_one(pk) for pk in ids)


def deliver_waiting(now: datetime.datetime) -> int:
    """Send what a crash or a mail server out of order has left; a periodic job."""
    Notification.objects.filter(mail=MAIL_WAITING, at__lt=now - GIVE_UP_AFTER).update(
        mail=MAIL_NONE
    )
    rows = Notification.objects.filter(mail=MAIL_WAITING).order_by("pk")
    return deliver(list(rows.values_list("pk", flat=True)[:BATCH]))


def _deliver_one(pk: int) -> int:
    """Send one mail once: the row is locked, so that two senders never take the same."""
    with transaction.atomic():
        rows = Notification.objects.select_for_update(of=("self",), skip_locked=True)
        notification = rows.select_related("user").filter(pk=pk, mail=MAIL_WAITING).first()
        if notification is None:
            return 0
        try:
            sent = _send(notification)
        except MailRefused as refusal:
            log.warning("mail of notification %s was refused: %s", pk, refusal)
            return 0
        notification.mail = MAIL_DONE if sent else MAIL_NONE
        notification.save(update_fields=["mail"])
    return int(sent)


def _send(notification: Notification) -> bool:
    user = notification.user
    found = _found(notification) if user.is_active and not notification.is_read else None
    if found is None:
        return False
    label, path = found
    host = current_host()
    with translation.override(host.language_of(user)):
        subject = _subject(notification, label)
        address = host.page_address(path)
        text = "\n".join([subject, "", address, "", _why(notification), ""])
    host.send_mail(user, " ".join(subject.split())[:200], text)
    return True


def _found(notification: Notification) -> tuple[str, str] | None:
    """Return the name and the page of what it is about; None when the person does not see it."""
    kind, user, pk = notification.kind, notification.user, notification.object_id
    if is_topic(kind):
        topic = topics_of(kind, user, {pk}).get(pk)
        return None if topic is None else (topic.label, topic.address.lstrip("/"))
    entity = next((one for one in entities() if one.key == kind), None)
    label = None if entity is None else labels_of(entity, user, [pk]).get(pk)
    return None if entity is None or label is None else (label, f"crm/{entity.path}/{pk}")


def _subject(notification: Notification, label: str) -> str:
    if is_topic(notification.kind):
        return subject_of(notification.kind, notification.verb, label)
    values = {"who": notification.actor_name or _("Somebody"), "record": label}
    if notification.reason == "mentioned":
        return _("%(who)s mentioned you on %(record)s") % values
    if notification.reason == "assigned":
        return _("%(who)s gave you %(record)s") % values
    if notification.verb == "comment":
        return _("%(who)s commented on %(record)s") % values
    return _("%(who)s changed %(record)s") % values


def _why(notification: Notification) -> str:
    if notification.reason == "mentioned":
        return _("You get this mail because you were mentioned. The bell’s settings change that.")
    if is_topic(notification.kind):
        return _("You get this mail because you are responsible for it.")
    return _("You get this mail because you follow the record. The bell’s settings change that.")


def forget_old(now: datetime.datetime, days: int = 180) -> int:
    """Delete notifications that nobody needs any more; a periodic job."""
    rows: Any = Notification.objects.filter(at__lt=now - datetime.timedelta(days=days))
    return int(rows.delete()[0])
