"""What an export was asked for: the list's request, and further columns that a list has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.list_request import ListRequest, read_list_request
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.operators import is_columnar

EVERY = "*"
SEVERAL = frozenset({"emails", "phones"})


def read_export_request(entity: Entity, user: Any, params: Mapping[str, str]) -> ListRequest:
    """Read a query string like a list's; `fields=*` asks for all columns the person may see.

    Beside the columns of lists it takes all e-mails, phones and projects of a row.
    """
    fields = fields_for(entity, user)
    given = params.get("fields", "").strip(" ,")
    if not given:
        return read_list_request(entity, user, params)
    if given == EVERY:
        names = [name for name, field in fields.items() if _fits(field)]
    else:
        names = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    for name in names:
        if name not in fields or not _fits(fields[name]):
            raise InvalidQuery(_("Unknown column: %s") % name)
    request = read_list_request(entity, user, {**params, "fields": entity.name_field})
    if given == EVERY:
        names = [name for name in names if not _is_gone(fields[name], request.project)]
    return replace(request, columns=tuple(names))


def is_manifold(field: Field) -> bool:
    """Say whether a field is several rows of another table, written into one cell."""
    return field.kind in SEVERAL or (field.kind == "links" and field.target == "project")


def _is_gone(field: Field, project: int | None) -> bool:
    """Say whether a rule of the project hides the field on each of its records."""
    return project is not None and any(
        mask.project == project and not mask.states and not mask.prefix
        for mask in field.hidden_where
    )


def _fits(field: Field) -> bool:
    return is_columnar(field) or is_manifold(field)
