"""Connections of accounts: two accounts that have to do with each other, and a note (F133)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.history import record_history
from taiga_crm.kernel.errors import InvalidInput, NotVisible
from taiga_crm.models import AccountConnection
from taiga_crm.permissions.decide import get_visible, rows_for
from taiga_crm.registry.catalog import entity
from taiga_crm.registry.entity import Entity
from taiga_crm.services.accounts import changeable


def connections(pk: int, actor: Any) -> list[dict[str, Any]]:
    """Return the connected accounts the person may see (F133)."""
    account = get_visible(entity("account"), actor, pk)
    visible = rows_for(entity("account"), actor)
    found = []
    for mine, other in (("low", "high"), ("high", "low")):
        rows = AccountConnection.objects.filter(**{mine: account, f"{other}__in": visible})
        values = rows.values_list("pk", f"{other}_id", f"{other}__name", "note")
        found += [
            {"id": number, "account": {"id": other_id, "label": name}, "note": note}
            for number, other_id, name, note in values
        ]
    return sorted(found, key=lambda row: (row["account"]["label"].casefold(), row["id"]))


def connected(of: Entity, pk: int, actor: Any) -> Any:
    """Return the connections of an account to accounts the person may see."""
    seen = rows_for(of, actor).values("pk")
    return AccountConnection.objects.filter(Q(low=pk, high__in=seen) | Q(high=pk, low__in=seen))


def connect(pk: int, other_pk: Any, note: str, actor: Any) -> AccountConnection:
    """Connect two visible accounts; connecting them again only changes the note."""
    with transaction.atomic():
        account = changeable(pk, actor)
        other = rows_for(entity("account"), actor).filter(pk=other_pk).first()
        if other is None or other.pk == account.pk:
            raise InvalidInput({"account": [_("Choose another account.")]})
        low, high = sorted((account, other), key=lambda one: one.pk)
        link, created = AccountConnection.objects.update_or_create(
            low=low, high=high, defaults={"note": note}
        )
        if created:
            AccountConnection.objects.filter(pk=link.pk).update(created_by=actor)
        record_history("account", account, actor, "connect", [])
    return link


def disconnect(pk: int, connection_id: int, actor: Any) -> None:
    """Remove a connection that the person sees on this account."""
    with transaction.atomic():
        account = changeable(pk, actor)
        if connection_id not in {row["id"] for row in connections(account.pk, actor)}:
            raise NotVisible("No such connection")
        AccountConnection.objects.filter(pk=connection_id).delete()
        record_history("account", account, actor, "disconnect", [])
