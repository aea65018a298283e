"""One row as a model object, by SQL that is kept for equal rights: what writes read first.

Django needs longer to write such a query than PostgreSQL needs to answer it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.channels import KEPT
from taiga_crm.capabilities.many_rows import CHANNELS, many_rows
from taiga_crm.capabilities.statements import HERE, Statement
from taiga_crm.capabilities.stored_rows import columns
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import NotVisible, Refused
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.decide import outcome_for, rows_for, verdict, with_places
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.entity import Entity


def visible_row(entity: Entity, user: Any, pk: int) -> Any | None:
    """Return a row that the person sees; None otherwise."""
    return _kept(_Asked(entity, access_of(user), "", clock.today(), user)).row(pk)


def locked_row(entity: Entity, user: Any, verb: str, pk: int) -> Any:
    """Return a locked row on which the verb is allowed, with its addresses; NotVisible, Refused.

    The addresses are those of the version that was read: who compares versions may trust them.
    """
    row = _kept(_Asked(entity, access_of(user), verb, clock.today(), user)).row(pk)
    if row is None:
        raise NotVisible(f"No {entity.key} with this id")
    if not row.allowed:
        raise Refused(_("You may not do this."), verb=verb, kind=entity.key)
    require_open(user, row.places)
    return row


@dataclass(frozen=True)
class _Asked:
    """Everything that the SQL depends on, beside the id; without a verb nothing is locked."""

    entity: Entity = field(hash=False)
    access: Access
    verb: str
    day: datetime.date
    user: Any = field(compare=False, repr=False)


@lru_cache(maxsize=500)
def _kept(asked: _Asked) -> _Row:
    return _Row(asked.entity, asked.user, asked.verb)


class _Row:
    """The SQL of one row with all its columns."""

    def __init__(self, entity: Entity, user: Any, verb: str) -> None:
        self.model, self.verb = entity.model, verb
        self.columns = [column.attname for column in columns(entity.model)]
        rows = rows_for(entity, user).filter(pk=HERE)
        self.channels: list[str] = []
        if not verb:
            self.statement = Statement(rows.values_list(*self.columns))
            return
        several = [one for one in fields_for(entity, None).values() if one.kind in CHANNELS]
        self.channels = [one.name for one in several]
        found = {f"many_{one.name}": many_rows(entity, one, user) for one in several}
        rows = with_places(rows, entity)
        rows = rows.annotate(allowed=verdict(outcome_for(entity, user, verb)), **found)
        self.statement = Statement(rows.values_list(*self.columns, "allowed", "places", *found))
        if self.statement.sql:  # only a delete locks the key, as decide.locked does
            strength = "UPDATE" if verb == "delete" else "NO KEY UPDATE"
            self.statement.sql += f' FOR {strength} OF "{entity.model._meta.db_table}"'

    def row(self, pk: int) -> Any | None:
        """Return the row with this id."""
        values = self.statement.about(pk).row()
        if values is None:
            return None
        width = len(self.columns)
        row: Any = self.model.from_db("default", self.columns, values[:width])
        if self.verb:
            row.allowed, row.places = values[width : width + 2]
            row.__dict__[KEPT] = dict(zip(self.channels, values[width + 2 :], strict=True))
        return row
