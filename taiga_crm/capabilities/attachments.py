"""Attachments: files on records of any kind, with versions that can be restored.

Who sees the record reads its files, who may change it adds, replaces and deletes them. A deleted
file can be brought back until it is purged.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import announce
from taiga_crm.capabilities.history import record_history, text_change
from taiga_crm.capabilities.kept_files import keep, open_kept
from taiga_crm.capabilities.plain_edit import check_version
from taiga_crm.conf import conf
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible, WrongState
from taiga_crm.kernel.file_names import extension_of, file_name
from taiga_crm.models import Attachment, AttachmentVersion
from taiga_crm.permissions.decide import get_allowed, get_visible, offers
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.kinds import CONTROL

MAX_DESCRIPTION = 1_000
NO_FILE = "No such file"
MAX_ON_RECORD = 500
MAX_VERSIONS = 100


def attachments_of(
    entity: Entity, user: Any, pk: int, *, deleted: bool = False
) -> list[dict[str, Any]]:
    """Return the files of a visible record, newest first; the deleted ones for its editors."""
    record = get_allowed(entity, user, "change", pk) if deleted else get_visible(entity, user, pk)
    rows = Attachment.objects.filter(
        kind=entity.key, object_id=record.pk, deleted_at__isnull=not deleted
    )
    found = list(rows.select_related("created_by", "deleted_by").order_by("-id")[:MAX_ON_RECORD])
    versions = AttachmentVersion.objects.filter(attachment__in=found).select_related("created_by")
    by_attachment: dict[int, list[AttachmentVersion]] = {}
    for version in versions.order_by("-number"):
        by_attachment.setdefault(version.attachment_id, []).append(version)
    verbs = ["change", "delete"] if offers(entity, user, "change", record) else []
    return [_shown(one, by_attachment.get(one.pk, []), verbs) for one in found]


def attach(
    entity: Entity, user: Any, pk: int, name: str, chunks: Iterable[bytes], description: str = ""
) -> dict[str, Any]:
    """Add a file to a record."""
    name, description = checked_name(name), _description(description)
    with transaction.atomic():
        record = get_allowed(entity, user, "change", pk, lock=True)
        here = Attachment.objects.filter(kind=entity.key, object_id=pk, deleted_at=None)
        if here.count() >= MAX_ON_RECORD:
            raise InvalidInput({"file": [_("At most %d files.") % MAX_ON_RECORD]})
        row = Attachment.objects.create(
            kind=entity.key, object_id=record.pk, description=description, created_by=user
        )
        version = _upload(row, 1, name, chunks, user)
        _tell(entity, record, user, "attach", "", name)
    return _shown(row, [version], ["change", "delete"])


def add_version(
    user: Any, attachment_id: int, name: str, chunks: Iterable[bytes]
) -> dict[str, Any]:
    """Replace a file; the former one stays as a version."""
    name = checked_name(name)
    with transaction.atomic():
        entity, record, row = _changeable(user, attachment_id)
        last = _last(row)
        version = _upload(row, last.number + 1, name, chunks, user)
        former = _current(row).name
        _set_current(row, version.number)
        _tell(entity, record, user, "replace_file", former, name)
    return one_attachment(user, attachment_id)


def restore_version(user: Any, attachment_id: int, number: int) -> dict[str, Any]:
    """Make an earlier version the newest one again; none is lost by it."""
    with transaction.atomic():
        entity, record, row = _changeable(user, attachment_id)
        old = row.versions.filter(number=number).first()
        if old is None:
            raise NotVisible("No such version")
        if row.current == number:
            return one_attachment(user, attachment_id)
        former = _current(row)
        with open_kept(old.file) as file:
            version = _upload(row, _last(row).number + 1, old.name, _pieces(file), user)
        AttachmentVersion.objects.filter(pk=version.pk).update(restored_from=number)
        _set_current(row, version.number)
        _tell(entity, record, user, "restore_file", former.name, old.name)
    return one_attachment(user, attachment_id)


def describe(user: Any, attachment_id: int, data: dict[str, Any]) -> dict[str, Any]:
    """Change the description; a stale version is refused."""
    with transaction.atomic():
        _entity, _record, row = _changeable(user, attachment_id)
        check_version(row, data)
        row.description, row.version = _description(data.get("description", "")), row.version + 1
        row.save(update_fields=["description", "version"])
    return one_attachment(user, attachment_id)


def detach(user: Any, attachment_id: int) -> None:
    """Delete a file; it can be brought back until it is purged."""
    with transaction.atomic():
        entity, record, row = _changeable(user, attachment_id)
        row.deleted_at, row.deleted_by = clock.now(), user
        row.save(update_fields=["deleted_at", "deleted_by"])
        _tell(entity, record, user, "detach", _current(row).name, "")


def bring_back(user: Any, attachment_id: int) -> dict[str, Any]:
    """Undo the delete of a file."""
    with transaction.atomic():
        entity, record, row = _changeable(user, attachment_id, deleted=True)
        row.deleted_at = row.deleted_by = None
        row.save(update_fields=["deleted_at", "deleted_by"])
        _tell(entity, record, user, "attach", "", _current(row).name)
    return one_attachment(user, attachment_id)


def one_attachment(user: Any, attachment_id: int) -> dict[str, Any]:
    """Return a file of a visible record with its versions."""
    entity, record, row = _visible(user, attachment_id)
    versions = list(row.versions.select_related("created_by").order_by("-number"))
    verbs = ["change", "delete"] if offers(entity, user, "change", record) else []
    return _shown(row, versions, verbs)


def opened(user: Any, attachment_id: int, number: int | None) -> tuple[str, int, IO[bytes]]:
    """Return (name, size, open file) of the current or an earlier version."""
    _entity, _record, row = _visible(user, attachment_id)
    version = row.versions.filter(number=number or row.current).first()
    if version is None:
        raise NotVisible("No such version")
    return version.name, version.size, open_kept(version.file)


def require_changeable(user: Any, attachment_id: int) -> None:
    """Raise Refused or NotVisible before a large body is looked at."""
    entity, record, _row = _visible(user, attachment_id)
    get_allowed(entity, user, "change", record.pk)


def purge_deleted(now: datetime.datetime) -> int:
    """Delete for good what was deleted long ago; the kept files are swept away afterwards."""
    rows = Attachment.objects.filter(deleted_at__lt=now - datetime.timedelta(days=conf().bin_days))
    count = rows.count()
    rows.delete()
    return count


def checked_name(text: str) -> str:
    """Return a name that may be stored; InvalidInput for none and for forbidden endings."""
    name = file_name(text)
    if not name:
        raise InvalidInput({"file": [_("The file needs a name.")]})
    extension = extension_of(name)
    if extension in conf().forbidden_extensions:
        raise InvalidInput({"file": [_("Files ending in .%s are not allowed.") % extension]})
    return name


def _upload(
    row: Attachment, number: int, name: str, chunks: Iterable[bytes], user: Any
) -> AttachmentVersion:
    if number > MAX_VERSIONS:
        raise WrongState(_("At most %d versions.") % MAX_VERSIONS)
    kept = keep(chunks, conf().max_attachment_bytes)
    return AttachmentVersion.objects.create(
        attachment=row, number=number, file=kept.name, name=name, size=kept.size,
        sha256=kept.sha256, created_by=user,
    )  # fmt: skip


def _set_current(row: Attachment, number: int) -> None:
    row.current, row.version = number, row.version + 1
    row.save(update_fields=["current", "version"])


def _current(row: Attachment) -> AttachmentVersion:
    return row.versions.get(number=row.current)


def _last(row: Attachment) -> AttachmentVersion:
    last = row.versions.order_by("number").last()
    assert last is not None, "an attachment is made with its first version"
    return last


def _pieces(file: IO[bytes]) -> Iterable[bytes]:
    while piece := file.read(64 * 1024):
        yield piece


def _visible(
    user: Any, attachment_id: int, *, deleted: bool = False
) -> tuple[Entity, Any, Attachment]:
    """Return an attachment with its record; NotVisible when the record is hidden or gone."""
    row = Attachment.objects.filter(pk=attachment_id, deleted_at__isnull=not deleted).first()
    entity = next((one for one in entities() if row is not None and one.key == row.kind), None)
    if row is None or entity is None:
        raise NotVisible(NO_FILE)
    try:
        return entity, get_visible(entity, user, row.object_id), row
    except NotVisible as hidden:  # the same answer as for a file that never was
        raise NotVisible(NO_FILE) from hidden


def _changeable(
    user: Any, attachment_id: int, *, deleted: bool = False
) -> tuple[Entity, Any, Attachment]:
    """Lock the record, then the attachment, and read it again."""
    entity, record, _row = _visible(user, attachment_id, deleted=deleted)
    record = get_allowed(entity, user, "change", record.pk, lock=True)
    rows = Attachment.objects.select_for_update(of=("self",))
    row = rows.filter(pk=attachment_id, deleted_at__isnull=not deleted).first()
    if row is None:
        raise NotVisible(NO_FILE)
    return entity, record, row


def _tell(entity: Entity, record: Any, user: Any, verb: str, old: str, new: str) -> None:
    changes = [text_change("attachment", old, new)]
    record_history(entity.key, record, user, verb, changes)
    announce(entity, record, verb, user, changes)


def _description(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if CONTROL.search(text) or len(text) > MAX_DESCRIPTION:
        raise InvalidInput({"description": [_("At most %d characters.") % MAX_DESCRIPTION]})
    return text


def _shown(row: Attachment, versions: list[AttachmentVersion], verbs: list[str]) -> dict[str, Any]:
    current = next(one for one in versions if one.number == row.current)
    return {
        "id": row.pk,
        "version": row.version,
        "name": current.name,
        "size": current.size,
        "description": row.description,
        "current": row.current,
        "created_at": row.created_at,
        "created_by": _person(row.created_by),
        "deleted_at": row.deleted_at,
        "deleted_by": _person(row.deleted_by),
        "versions": [
            {
                "number": one.number,
                "name": one.name,
                "size": one.size,
                "created_at": one.created_at,
                "created_by": _person(one.created_by),
                "restored_from": one.restored_from,
            }
            for one in versions
        ],
        "_verbs": verbs,
    }


def _person(user: Any) -> dict[str, Any] | None:
    return None if user is None else {"id": user.pk, "label": user.full_name or user.username}
