"""One record with all its fields: detail pages and the answer to every write."""

from __future__ import annotations

from typing import Any

from taiga_crm.capabilities.channels import read_channels
from taiga_crm.capabilities.listing import RowReader
from taiga_crm.kernel.errors import NotVisible
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.projects import my_projects
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS

Record = dict[str, Any]


def read_record(entity: Entity, user: Any, pk: Any) -> Record:
    """Return one visible record with every field; NotVisible otherwise."""
    fields = fields_of(entity.key)
    columns = tuple(name for name, field in fields.items() if KINDS[field.kind].columnar)
    reader = RowReader(entity, user, columns)
    manifold = [field for field in fields.values() if field.name not in columns]
    arrays = [field.path for field in manifold if field.target == "project"]
    rows = rows_for(entity, user).filter(pk=pk).annotate(**reader.annotations)
    row = rows.values_list(*reader.names, *arrays).first()
    if row is None:
        raise NotVisible(f"No {entity.key} with this id")
    record = reader.record(row)
    stored = dict(zip(arrays, row[len(reader.names) :], strict=True))
    instance = entity.model(pk=record["id"], **stored)
    record.update({field.name: many(instance, field, user) for field in manifold})
    return record


def many(instance: Any, field: Field, user: Any) -> list[Record]:
    """Return the value of a field that is several rows; `instance` carries its arrays."""
    if field.kind in ("emails", "phones"):
        return read_channels(instance, field)
    if field.target == "project":
        return _projects(instance, field, user)
    return _links(instance, field)


def _projects(instance: Any, field: Field, user: Any) -> list[Record]:
    """Only the projects the reader belongs to: another project's name is not ours to tell."""
    ids = getattr(instance, field.path)
    if not ids:
        return []
    rows = my_projects(user).filter(pk__in=ids).order_by("name", "pk")
    return [
        {"id": pk, "label": name, "slug": slug}
        for pk, name, slug in rows.values_list("pk", "name", "slug")
    ]


def _links(instance: Any, field: Field) -> list[Record]:
    rows = getattr(instance, field.path).order_by(field.label_path, "pk")
    return [{"id": pk, "label": label} for pk, label in rows.values_list("pk", field.label_path)]
