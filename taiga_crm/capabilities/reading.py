"""One record with all its fields: detail pages and the answer to every write."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from taiga_crm.capabilities.listing import RowReader
from taiga_crm.capabilities.many_rows import many_rows
from taiga_crm.capabilities.sources import page_source
from taiga_crm.capabilities.statements import HERE, Statement
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import NotVisible
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.operators import is_columnar

Record = dict[str, Any]


def read_record(entity: Entity, user: Any, pk: Any) -> Record:
    """Return one visible record with every field, in one query; NotVisible otherwise."""
    prepared = _prepared(_Asked(entity, access_of(user), clock.today(), user))
    row = prepared.statement.about(pk).row()
    if row is None:
        raise NotVisible(f"No {entity.key} with this id")
    record = prepared.reader.record(row)
    hidden = {name for name, flags in record.get("_fields", {}).items() if "hidden" in flags}
    found = zip(prepared.manifold, row[len(prepared.reader.names) :], strict=True)
    record.update({name: [] if name in hidden else rows or [] for name, rows in found})
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
    """The SQL of one record of an entity: its columns, and the fields that are several rows."""

    def __init__(self, entity: Entity, user: Any) -> None:
        fields = fields_for(entity, user)
        columns = tuple(name for name, one in fields.items() if is_columnar(one))
        self.reader = RowReader(entity, user, columns, page_source)
        several = [one for one in fields.values() if one.name not in columns]
        self.manifold = [one.name for one in several]
        found = {f"many_{one.name}": many_rows(entity, one, user) for one in several}
        rows = rows_for(entity, user).filter(pk=HERE)
        rows = rows.annotate(**self.reader.annotations, **found)
        self.statement = Statement(rows.values_list(*self.reader.names, *found))
