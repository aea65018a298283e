"""Delete a record, after telling what goes with it and what is only unlinked."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import announce
from taiga_crm.capabilities.favorites import drop_favorites
from taiga_crm.capabilities.history import record_history
from taiga_crm.kernel.errors import WrongState
from taiga_crm.permissions.decide import get_allowed, rows_for
from taiga_crm.registry.catalog import entity_of_model
from taiga_crm.registry.entity import Entity

SAMPLE = 5


def delete_preview(entity: Entity, user: Any, pk: Any) -> dict[str, Any]:
    """Return {"deletes": […], "unlinks": […]} with counts and names the person may see."""
    record = get_allowed(entity, user, "delete", pk)
    result: dict[str, list[dict[str, Any]]] = {"deletes": [], "unlinks": []}
    options: Any = entity.model._meta
    for relation in options.related_objects:
        other = entity_of_model(relation.related_model)
        if other is None or relation.many_to_many:
            continue
        rows = rows_for(other, user).filter(**{relation.field.name: record})
        count = rows.count()
        if count:
            goes = relation.on_delete is models.CASCADE
            key = "deletes" if goes else "unlinks"
            result[key].append(_summary(other, rows, count))
    return result


def delete_record(entity: Entity, user: Any, pk: Any) -> None:
    """Delete one record: locked, allowed, its history kept, listeners told."""
    with transaction.atomic():
        record = get_allowed(entity, user, "delete", pk, lock=True)
        record_history(entity.key, record, user, "delete", [])
        afterwards = entity.removing(record, user) if entity.removing is not None else None
        announce(entity, record, "delete")
        drop_favorites(entity.key, record.pk)
        try:
            record.delete()
        except ProtectedError as error:
            # how often stays untold: some of the users may be private
            raise WrongState(_("It is still in use.")) from error
        if afterwards is not None:
            afterwards()


def _summary(other: Entity, rows: Any, count: int) -> dict[str, Any]:
    names = [str(row) for row in rows.order_by("pk")[:SAMPLE]]
    return {"label": str(other.label_plural), "entity": other.key, "count": count, "sample": names}
