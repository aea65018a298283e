"""Consents: what a person has allowed, kept with source and date, withdrawn with a date."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import Happening, announce_many
from taiga_crm.capabilities.history import record_history, text_change
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible, WrongState
from taiga_crm.models import Consent, ConsentPurpose
from taiga_crm.permissions.decide import get_allowed, get_visible, offers
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, ValueFault

MOST = 500
FIELDS = (
    Field("given_on", "date", required=True),
    Field("source", "text", max_length=200, required=True),
    Field("wording", "long_text", max_length=20_000),
    Field("note", "long_text", max_length=20_000),
)


def consented(kind: str) -> Callable[[int], Any]:
    """Return the expression of a virtual column: the purposes with a consent that holds."""

    def expression(user_id: int) -> Any:
        rows = Consent.objects.filter(kind=kind, object_id=OuterRef("pk"), withdrawn_on=None)
        names = (
            rows.order_by()
            .values("object_id")
            .annotate(
                names=StringAgg("purpose__name", ", ", distinct=True, ordering="purpose__name")
            )
        )
        return Coalesce(Subquery(names.values("names")), Value(""), output_field=CharField())

    return expression


def consents_of(entity: Entity, user: Any, pk: int) -> dict[str, Any]:
    """Return the consents of a visible record, newest first, and whether the person may add."""
    record = get_visible(entity, user, pk)
    rows = Consent.objects.filter(kind=entity.key, object_id=record.pk)
    found = rows.select_related("purpose", "recorded_by").order_by("-given_on", "-pk")[:MOST]
    return {
        "consents": [_shown(row) for row in found],
        "purposes": [
            {"id": one.pk, "label": one.name, "wording": one.wording}
            for one in ConsentPurpose.objects.order_by("position", "name")[:MOST]
        ],
        "_verbs": ["add"] if offers(entity, user, "change", record) else [],
    }


def give_consent(entity: Entity, user: Any, pk: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """Record a consent; refused while one for the same purpose holds."""
    with transaction.atomic():
        record = get_allowed(entity, user, "change", pk, lock=True)
        values = _parsed(data)
        purpose = _purpose(data)
        here = Consent.objects.filter(kind=entity.key, object_id=record.pk)
        if here.filter(purpose=purpose, withdrawn_on=None).exists():
            raise WrongState(_("There is a consent for this purpose already."))
        if here.count() >= MOST:
            raise InvalidInput({"purpose": [_("At most %d consents.") % MOST]})
        values["wording"] = values["wording"] or purpose.wording
        Consent.objects.create(
            kind=entity.key, object_id=record.pk, purpose=purpose, recorded_by=user, **values
        )
        _tell(entity, record, user, "give_consent", purpose.name, given=True)
    return consents_of(entity, user, pk)


def withdraw_consent(
    entity: Entity, user: Any, pk: int, consent_id: int, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Date the end of a consent, today by default."""
    with transaction.atomic():
        record = get_allowed(entity, user, "change", pk, lock=True)
        day = _parse(Field("withdrawn_on", "date"), data.get("withdrawn_on")) or clock.today()
        rows = Consent.objects.select_for_update(of=("self",)).select_related("purpose")
        row = rows.filter(pk=consent_id, kind=entity.key, object_id=record.pk).first()
        if row is None:
            raise NotVisible("No such consent")
        if row.withdrawn_on is not None:
            raise WrongState(_("It was withdrawn already."))
        if not row.given_on <= day <= clock.today() + datetime.timedelta(days=1):
            raise InvalidInput({"withdrawn_on": [_("Choose a day after it was given.")]})
        row.withdrawn_on = day
        row.save(update_fields=["withdrawn_on"])
        _tell(entity, record, user, "withdraw_consent", row.purpose.name, given=False)
    return consents_of(entity, user, pk)


def _tell(entity: Entity, record: Any, user: Any, verb: str, purpose: str, *, given: bool) -> None:
    sides = ("", purpose) if given else (purpose, "")
    changes = [text_change(Consent._meta.model_name or "", *sides)]
    record_history(entity.key, record, user, verb, changes)
    announce_many([Happening(entity, record, verb, user, changes)])


def _shown(row: Consent) -> dict[str, Any]:
    return {
        "id": row.pk,
        "purpose": {"id": row.purpose_id, "label": row.purpose.name},
        "given_on": row.given_on.isoformat(),
        "withdrawn_on": row.withdrawn_on.isoformat() if row.withdrawn_on else None,
        "source": row.source,
        "wording": row.wording,
        "note": row.note,
        "recorded_by": getattr(row.recorded_by, "full_name", ""),
    }


def _purpose(data: Mapping[str, Any]) -> ConsentPurpose:
    value = data.get("purpose")
    number = value if isinstance(value, int) and not isinstance(value, bool) else 0
    rows: list[ConsentPurpose] = list(ConsentPurpose.objects.filter(pk=number % 2**31))
    if not rows or rows[0].pk != number:
        raise InvalidInput({"purpose": [_("Choose one from the list.")]})
    return rows[0]


def _parsed(data: Mapping[str, Any]) -> dict[str, Any]:
    values = {field.name: _parse(field, data.get(field.name)) for field in FIELDS}
    faults = {
        field.name: [_("This field is required.")]
        for field in FIELDS
        if field.required and not values[field.name]
    }
    if not faults and values["given_on"] > clock.today() + datetime.timedelta(days=1):
        faults["given_on"] = [_("This day is still to come.")]
    if faults:
        raise InvalidInput(faults)
    return values


def _parse(field: Field, raw: Any) -> Any:
    try:
        return KINDS[field.kind].parse(field, raw)
    except ValueFault as fault:
        raise InvalidInput({field.name: [str(fault)]}) from fault
