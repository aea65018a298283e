"""Move records into the bin, after telling what goes with it and what is only unlinked."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening, Mass, announce_many
from taiga_crm.capabilities.bin import put_into_bin
from taiga_crm.capabilities.filter_links import owners_of
from taiga_crm.capabilities.history import record_history_many
from taiga_crm.capabilities.membership import member_field
from taiga_crm.capabilities.snapshots import Doomed
from taiga_crm.capabilities.sources import source_of
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import WrongState
from taiga_crm.permissions.decide import get_allowed, rows_for
from taiga_crm.registry.catalog import entity_of_model
from taiga_crm.registry.entity import Entity

SAMPLE = 5


def delete_preview(entity: Entity, user: Any, pk: Any) -> dict[str, Any]:
    """Return what goes with it, what stays without its link, and what forbids the delete.

    The keys are "deletes", "unlinks" and "blocks"; counts and names as far as the person sees.
    "bin_days" is how long the record can be restored.
    """
    record = get_allowed(entity, user, "delete", pk)
    result: dict[str, Any] = {"deletes": [], "unlinks": [], "blocks": []}
    result["bin_days"] = conf().bin_days
    options: Any = entity.model._meta
    for relation in options.related_objects:
        other = entity_of_model(relation.related_model)
        if other is None or relation.many_to_many:
            continue
        rows = rows_for(other, user).filter(**{relation.field.name: record})
        count = rows.count()
        if count:
            result[_fate(other, relation)].append(_summary(other, rows, user, count))
    if (under := member_field(entity, user)) is not None:
        kind, field = under
        rows = rows_for(kind, user).filter(pk__in=owners_of(kind, field, _only(record)))
        if count := rows.count():
            result["unlinks"].append(_summary(kind, rows, user, count))
    return result


def delete_record(entity: Entity, user: Any, pk: Any) -> None:
    """Move one record into the bin: locked, allowed, its history kept, listeners told."""
    with transaction.atomic():
        record = get_allowed(entity, user, "delete", pk, lock=True)
        delete_rows(entity, [record], user)


def delete_rows(entity: Entity, records: list[Any], user: Any, mass: Mass | None = None) -> None:
    """Move locked records that may be deleted into the bin, in the caller's transaction."""
    record_history_many(entity.key, [(one, []) for one in records], user, "delete")
    afterwards = entity.removing(records, user) if entity.removing is not None else None
    announce_many([Happening(entity, one, "delete", user, mass=mass) for one in records])
    try:
        doomed = Doomed(records)
    except (ProtectedError, RestrictedError) as error:
        # how often stays untold: some of the users may be private
        raise WrongState(_("It is still in use.")) from error
    put_into_bin(entity, records, doomed.snapshots(), user)
    doomed.delete()
    if afterwards is not None:
        afterwards()


def _only(record: Any) -> Any:
    return type(record)._base_manager.filter(pk=record.pk)


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
