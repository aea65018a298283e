"""One record with all its fields: detail pages and the answer to every write."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from taiga_crm.capabilities.channels import read_channels
from taiga_crm.capabilities.listing import RowReader
from taiga_crm.capabilities.sources import page_source
from taiga_crm.capabilities.statements import ANY_ID, Statement
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import NotVisible
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import my_projects
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.operators import is_columnar

Record = dict[str, Any]


def read_record(entity: Entity, user: Any, pk: Any) -> Record:
    """Return one visible record with every field; NotVisible otherwise."""
    prepared = _prepared(_Asked(entity, access_of(user), clock.today(), user))
    row = prepared.statement.row(pk)
    if row is None:
        raise NotVisible(f"No {entity.key} with this id")
    record = prepared.reader.record(row)
    stored = dict(zip(prepared.arrays, row[len(prepared.reader.names) :], strict=True))
    instance = entity.model(pk=record["id"], **stored)
    hidden = {name for name, flags in record.get("_fields", {}).items() if "hidden" in flags}
    record.update(
        {
            one.name: [] if one.name in hidden else many(instance, one, user)
            for one in prepared.manifold
        }
    )
    return record


@dataclass(frozen=True)
class _Asked:
    """Everything that the SQL of a record depends on, beside its id."""

    entity: Entity = field(hash=False)
    access: Access
    day: datetime.date
    user: Any = field(compare=False, repr=False)


@lru_cache(maxsize=500)
def _prepared(asked: _Asked) -> _Prepared:
    """Keep the SQL of the last readers: the same rights give the same SQL."""
    return _Prepared(asked.entity, asked.user)


class _Prepared:
    """The SQL of one record of an entity, and the fields that further queries read."""

    def __init__(self, entity: Entity, user: Any) -> None:
        fields = fields_for(entity, user)
        columns = tuple(name for name, one in fields.items() if is_columnar(one))
        self.reader = RowReader(entity, user, columns, page_source)
        self.manifold = [one for one in fields.values() if one.name not in columns]
        self.arrays = [one.path for one in self.manifold if one.target == "project"]
        rows = rows_for(entity, user).filter(pk=ANY_ID).annotate(**self.reader.annotations)
        self.statement = Statement(rows.values_list(*self.reader.names, *self.arrays))


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
