"""Comments on records of any kind: whoever sees the record reads them and may add one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening, announce_many, projects_of
from taiga_crm.capabilities.mentioning import mentioned_people
from taiga_crm.capabilities.plain_edit import check_version
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused, WrongState
from taiga_crm.models import Comment
from taiga_crm.permissions.decide import can, frozen_among, get_visible, rows_for
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, ValueFault

MAX_COMMENT = 20_000
KEPT = datetime.timedelta(days=30)
TEXT = Field("text", "long_text", max_length=MAX_COMMENT)


@dataclass(frozen=True)
class Written:
    """A comment, and the names in it that reach nobody who sees the record."""

    comment: Comment
    not_told: list[str]


def add_comment(entity: Entity, user: Any, pk: int, data: Mapping[str, Any]) -> Written:
    """Comment on a record that the person sees; tell the people who are mentioned."""
    text = _text(data)
    with transaction.atomic():
        record = get_visible(entity, user, pk, lock=True)
        _require_open(entity, record, user)
        people, not_told = mentioned_people(entity, record.pk, user, text)
        comment = Comment.objects.create(
            kind=entity.key,
            object_id=record.pk,
            text=text,
            author=user,
            author_name=str(user.full_name or user.username)[:255],
            mentioned=sorted(person.pk for person in people),
        )
        announce_many([Happening(entity, record, "comment", user, (), comment)])
    return Written(comment, not_told)


def change_comment(
    entity: Entity, user: Any, pk: int, comment_id: int, data: Mapping[str, Any]
) -> Written:
    """Change one's own comment that still has the version one read; tell the newly mentioned."""
    text = _text(data)
    with transaction.atomic():
        record = get_visible(entity, user, pk)
        comment = _locked(entity, record, comment_id)
        if comment.author_id != user.pk:
            raise Refused(_("Only its author changes a comment."))
        _require_open(entity, record, user)
        if comment.deleted_at is not None:
            raise WrongState(_("The comment was deleted."))
        check_version(comment, data)
        if text == comment.text:
            return Written(comment, [])
        people, not_told = mentioned_people(entity, record.pk, user, text)
        former = set(comment.mentioned)
        told = {person.pk for person in people}
        comment.text, comment.edited_at = text, clock.now()
        comment.version += 1
        comment.mentioned = sorted(told - former)  # the listeners tell the new ones alone
        announce_many([Happening(entity, record, "change_comment", user, (), comment)])
        comment.mentioned = sorted(former | told)
        comment.save(update_fields=["text", "edited_at", "version", "mentioned"])
    return Written(comment, not_told)


def delete_comment(entity: Entity, user: Any, pk: int, comment_id: int) -> Comment:
    """Leave a stub in place of a comment: its author, or whoever may delete the record."""
    with transaction.atomic():
        record = get_visible(entity, user, pk)
        comment = _locked(entity, record, comment_id)
        _require_remover(entity, record, comment, user)
        if comment.deleted_at is None:
            comment.deleted_at, comment.deleted_by = clock.now(), user
            comment.version += 1
            comment.save(update_fields=["deleted_at", "deleted_by", "version"])
            announce_many([Happening(entity, record, "delete_comment", user, (), comment)])
    return comment


def restore_comment(entity: Entity, user: Any, pk: int, comment_id: int) -> Comment:
    """Take a deletion back while the text is kept: whoever deleted the comment."""
    with transaction.atomic():
        record = get_visible(entity, user, pk)
        comment = _locked(entity, record, comment_id)
        _require_remover(entity, record, comment, user)
        if comment.deleted_at is None or not comment.text:
            raise WrongState(_("There is nothing to bring back."))
        if comment.deleted_by_id != user.pk:
            raise Refused(_("Only who deleted the comment brings it back."))
        comment.deleted_at, comment.deleted_by = None, None
        comment.version += 1
        comment.save(update_fields=["deleted_at", "deleted_by", "version"])
        announce_many([Happening(entity, record, "restore_comment", user, (), comment)])
    return comment


def forget_deleted(now: datetime.datetime) -> int:
    """Blank the text of comments that were deleted long ago; a periodic job."""
    rows = Comment.objects.filter(deleted_at__lt=now - KEPT).exclude(text="")
    return rows.update(text="")


def show_comments(entity: Entity, comments: list[Comment], user: Any) -> list[dict[str, Any]]:
    """Return comments on records of one kind, with what the person may do to each.

    The authors must have been selected; the right to delete is asked once for all records.
    """
    ids = {comment.object_id for comment in comments}
    deletable = set(
        rows_for(entity, user, "delete").filter(pk__in=ids).values_list("pk", flat=True)
    )
    frozen = frozen_among(entity, user, ids)
    return [
        _shown(comment, user, comment.object_id in deletable, comment.object_id in frozen)
        for comment in comments
    ]


def show_comment(entity: Entity, comment: Comment, user: Any) -> dict[str, Any]:
    """Return one comment."""
    return show_comments(entity, [comment], user)[0]


def _shown(comment: Comment, user: Any, deletable: bool, frozen: bool) -> dict[str, Any]:
    mine, gone = comment.author_id == user.pk, comment.deleted_at is not None
    verbs = []
    if frozen:
        pass  # read by all, written by nobody
    elif not gone:
        verbs = ["change"] * mine + ["delete"] * (mine or deletable)
    elif comment.deleted_by_id == user.pk and comment.text and (mine or deletable):
        verbs = ["restore"]
    return {
        "id": comment.pk,
        "at": KINDS["datetime"].show(comment.created_at),
        "actor": _person(comment),
        "text": "" if gone else comment.text,
        "edited_at": KINDS["datetime"].show(comment.edited_at),
        "deleted": gone,
        "version": comment.version,
        "_verbs": verbs,
    }


def _person(comment: Comment) -> dict[str, Any] | None:
    if comment.author is None and not comment.author_name:
        return None
    label = comment.author_name
    if comment.author is not None:
        label = comment.author.full_name or comment.author.username
    return {"id": comment.author_id, "label": label}


def _text(data: Mapping[str, Any]) -> str:
    try:
        text = str(KINDS[TEXT.kind].parse(TEXT, data.get("text")))
    except ValueFault as fault:
        raise InvalidInput({"text": [str(fault)]}) from fault
    if not text:
        raise InvalidInput({"text": [_("This field is required.")]})
    return text


def _locked(entity: Entity, record: Any, comment_id: int) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",)).select_related("author")
    found = rows.filter(pk=comment_id, kind=entity.key, object_id=record.pk).first()
    if found is None:
        raise NotVisible("No such comment")
    return found


def _require_remover(entity: Entity, record: Any, comment: Comment, user: Any) -> None:
    _require_open(entity, record, user)
    if comment.author_id != user.pk and not can(entity, user, "delete", record):
        raise Refused(_("You may not do this."), verb="delete", kind=entity.key)


def _require_open(entity: Entity, record: Any, user: Any) -> None:
    """A record whose every project the host has frozen takes no comments."""
    require_open(user, projects_of(entity, record))
