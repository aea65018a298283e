"""Delete a record, after telling what goes with it and what is only unlinked."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import announce
from taiga_crm.capabilities.favorites import drop_favorites
from taiga_crm.capabilities.history import record_history
from taiga_crm.capabilities.sources import source_of
from taiga_crm.kernel.errors import WrongState
from taiga_crm.permissions.decide import get_allowed, rows_for
from taiga_crm.registry.catalog import entity_of_model
from taiga_crm.registry.entity import Entity

SAMPLE = 5


def delete_preview(entity: Entity, user: Any, pk: Any) -> dict[str, Any]:
    """Return what goes with it, what stays without its link, and what forbids the delete.

    The keys are "deletes", "unlinks" and "blocks"; counts and names as far as the person sees.
    """
    record = get_allowed(entity, user, "delete", pk)
    result: dict[str, list[dict[str, Any]]] = {"deletes": [], "unlinks": [], "blocks": []}
    options: Any = entity.model._meta
    for relation in options.related_objects:
        other = entity_of_model(relation.related_model)
        if other is None or relation.many_to_many:
            continue
        rows = rows_for(other, user).filter(**{relation.field.name: record})
        count = rows.count()
        if count:
            result[_fate(other, relation)].append(_summary(other, rows, user, count))
    return result


def delete_record(entity: Entity, user: Any, pk: Any) -> None:
    """Delete one record: locked, allowed, its history kept, listeners told."""
    with transaction.atomic():
        record = get_allowed(entity, user, "delete", pk, lock=True)
        record_history(entity.key, record, user, "delete", [])
        afterwards = entity.removing(record, user) if entity.removing is not None else None
        announce(entity, record, "delete", user)
        drop_favorites(entity.key, record.pk)
        try:
            record.delete()
        except ProtectedError as error:
            # how often stays untold: some of the users may be private
            raise WrongState(_("It is still in use.")) from error
        if afterwards is not None:
            afterwards()


def _fate(other: Entity, relation: Any) -> str:
    """A row of the host stays when our link to it goes."""
    if relation.on_delete is models.PROTECT:
        return "blocks"
    return "deletes" if relation.on_delete is models.CASCADE and other.writable else "unlinks"


def _summary(other: Entity, rows: Any, user: Any, count: int) -> dict[str, Any]:
    source = source_of(other, other.name_field, user)
    named = rows.annotate(**source.annotations).order_by("pk")
    names = list(named.values_list(source.names[0], flat=True)[:SAMPLE])
    return {"label": str(other.label_plural), "entity": other.key, "count": count, "sample": names}
