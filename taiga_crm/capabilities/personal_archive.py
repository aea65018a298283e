"""Everything that is held about a person, as one ZIP archive to hand over.

What field rules hide from the one who exports is left out, and the archive says so.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities.cells import safe_cell
from taiga_crm.capabilities.erasing import persons_of
from taiga_crm.capabilities.exporting import Exported, exported
from taiga_crm.capabilities.history import record_history, show_history
from taiga_crm.capabilities.kept_files import open_kept
from taiga_crm.capabilities.reading import read_record
from taiga_crm.capabilities.sighting import labels_of
from taiga_crm.capabilities.stored_rows import encode, part_models
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import NotVisible, WrongState
from taiga_crm.kernel.file_names import file_name
from taiga_crm.models import AttachmentVersion, HistoryEntry
from taiga_crm.permissions.decide import get_allowed, rows_for
from taiga_crm.permissions.fields import every_field, fields_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity

MOST = 10_000
PIECE = 65_536
Rows = list[dict[str, Any]]
Collector = Callable[[Entity, Any, int], Rows]
_collectors: dict[str, Collector] = {}


def register_archived(name: str, collect: Collector) -> None:
    """Put rows of a further table into every archive: `collect(entity, user, pk)`."""
    _collectors[name] = collect


def personal_archive(entity: Entity, user: Any, pk: int) -> IO[bytes]:
    """Return the open archive of a person whom the user may delete; the act is logged."""
    with transaction.atomic():
        record = get_allowed(entity, user, "delete", pk)
        if not persons_of(entity).filter(pk=record.pk).exists():
            raise WrongState(_("This record does not hold a person."))
        file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, entity, user, record)
        record_history(entity.key, record, user, "export_person", [])
        exported(Exported(entity, user, 1, "zip"))
    file.seek(0)
    return file


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a file and close it."""
    with file:
        while piece := file.read(PIECE):
            yield piece


def _write(archive: zipfile.ZipFile, entity: Entity, user: Any, record: Any) -> None:
    data = read_record(entity, user, record.pk)
    data.pop("_verbs", None)
    data.pop("_frozen", None)
    _add(archive, "record", [data])
    archive.writestr("record.csv", _csv([_labelled(entity, user, data)]))
    history = HistoryEntry.objects.filter(kind=entity.key, object_id=record.pk)
    entries = list(history.select_related("actor").order_by("id")[:MOST])
    _add(archive, "history", show_history(entity, entries, user))
    for model in part_models():
        if model.personal:  # type: ignore[attr-defined]
            rows = model._base_manager.filter(kind=entity.key, object_id=record.pk)
            names = [column.attname for column in model._meta.fields]
            found = [encode(row) for row in rows.order_by("pk").values(*names)[:MOST]]
            _add(archive, str(model._meta.model_name), found)
    _add(archive, "links", _links(entity, user, record.pk))
    for name, collect in _collectors.items():
        _add(archive, name, collect(entity, user, record.pk)[:MOST])
    _add_files(archive, entity, record.pk)
    archive.writestr("README.txt", _readme(entity, user, record, archive.namelist()))


def _add(archive: zipfile.ZipFile, name: str, rows: Rows) -> None:
    """Write rows as JSON, and as a table where they are more than the record itself."""
    if not rows:
        return
    archive.writestr(
        f"{name}.json", json.dumps(rows, ensure_ascii=False, indent=2, default=str) + "\n"
    )
    if name != "record":
        archive.writestr(f"{name}.csv", _csv(rows))


def _labelled(entity: Entity, user: Any, data: dict[str, Any]) -> dict[str, Any]:
    fields = fields_for(entity, user)
    return {str(field.label): data.get(name) for name, field in fields.items()}


def _csv(rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(names)
    for row in rows:
        writer.writerow([safe_cell(_text(row.get(name))) for name in names])
    return "\ufeff" + out.getvalue()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, dict):
        if "amount" in value:
            return f"{value['amount']} {value['currency']}"
        named = value.get("label", value.get("value"))
        return json.dumps(value, ensure_ascii=False) if named is None else str(named)
    return str(value)


def _links(entity: Entity, user: Any, pk: int) -> Rows:
    """Return the records that the user sees and that point to this one."""
    found: Rows = []
    for other in entities():
        for field in fields_for(other, user).values():
            if field.kind != "link" or field.target != entity.key or "__" in field.path:
                continue
            rows = rows_for(other, user).filter(**{field.path: pk}).values_list("pk", flat=True)
            labels = labels_of(other, user, list(rows[:MOST]))
            found += [
                {"kind": other.key, "id": one, "label": label, "field": field.name}
                for one, label in sorted(labels.items())
            ]
    return found


def _add_files(archive: zipfile.ZipFile, entity: Entity, pk: int) -> None:
    rows = AttachmentVersion.objects.filter(attachment__kind=entity.key, attachment__object_id=pk)
    for row in rows.order_by("attachment", "number")[:MOST]:
        name = f"files/{row.attachment_id}-{row.number}-{file_name(row.name) or 'file'}"
        try:
            source = open_kept(row.file)
        except NotVisible:
            continue  # the row tells of a file that is gone from the disk
        with source, archive.open(name, "w", force_zip64=True) as target:
            for piece in pieces(source):
                target.write(piece)


def _readme(entity: Entity, user: Any, record: Any, names: list[str]) -> str:
    hidden = len(every_field(entity, user).keys() - fields_for(entity, user).keys())
    lines = [
        _("What is held about: %s") % record,
        _("Made at %(when)s by %(who)s.")
        % {"when": clock.now().strftime("%Y-%m-%d %H:%M UTC"), "who": user.full_name or user},
        _("Fields left out because the exporting person may not see them: %d") % hidden,
        "",
        *sorted(names),
    ]
    return "\n".join(lines) + "\n"
