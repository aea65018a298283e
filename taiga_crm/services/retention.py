"""Retention: persons with whom nothing has happened for long are proposed or anonymized."""

from __future__ import annotations

import calendar
import datetime
import logging
from typing import Any

from django.db.models import Exists, Max, OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from taiga_crm.capabilities.erasing import anonymize, persons_of
from taiga_crm.capabilities.sighting import labels_of
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import Comment, HistoryEntry, RetentionRule
from taiga_crm.permissions.decide import get_visible, rows_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.kinds import KINDS

log = logging.getLogger("taiga_crm.retention")
PAGE = 100
PER_RUN = 50


def months_before(moment: datetime.datetime, months: int) -> datetime.datetime:
    """Return the same day some months earlier, the last of the month where there is none."""
    number = moment.year * 12 + moment.month - 1 - min(months, 12 * (moment.year - 1))
    year, month = number // 12, number % 12 + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)


def due(rule: RetentionRule, now: datetime.datetime) -> Any:
    """Return the rows of persons that a rule is about, each with its `last_activity`.

    Activity is a change of the record, an entry of its history, or a comment on it.
    """
    entity = entity_of_rule(rule)
    if entity is None:
        return Comment.objects.none()
    about = {"kind": entity.key, "object_id": OuterRef("pk")}
    history, comments = HistoryEntry.objects.filter(**about), Comment.objects.filter(**about)
    latest = (_latest(history, "at"), _latest(comments, "created_at"))
    rows = persons_of(entity).annotate(last_activity=Greatest("modified_at", *latest))
    limit = months_before(now, rule.months)
    done = history.filter(verb="anonymize")
    return rows.filter(~Exists(done), modified_at__lt=limit, last_activity__lt=limit).order_by(
        "last_activity", "pk"
    )


def due_list(rule_entity: Entity, user: Any, pk: int) -> dict[str, Any]:
    """Return a dry run of a rule: the first records that the person may anonymize."""
    rule = get_visible(rule_entity, user, pk)
    entity = entity_of_rule(rule)
    if entity is None:
        return {"kind": None, "rows": [], "more": False}
    mine = due(rule, clock.now()).filter(pk__in=rows_for(entity, user, "delete").values("pk"))
    found = list(mine.values_list("pk", "last_activity")[: PAGE + 1])
    labels = labels_of(entity, user, [one for one, _at in found])
    return {
        "kind": entity.key,
        "path": entity.path,
        "rows": [
            {"id": one, "label": labels.get(one, ""), "at": KINDS["datetime"].show(at)}
            for one, at in found[:PAGE]
        ],
        "more": len(found) > PAGE,
    }


def anonymize_due(rule_entity: Entity, user: Any, pk: int, ids: Any) -> int:
    """Anonymize some of the records that a rule proposes and the person may delete."""
    rule = get_visible(rule_entity, user, pk)
    if not isinstance(ids, list) or not 0 < len(ids) <= PAGE or not all(map(_is_id, ids)):
        raise InvalidInput({"ids": [_("Choose up to %d records.") % PAGE]})
    entity = entity_of_rule(rule)
    if entity is None:
        return 0
    allowed = rows_for(entity, user, "delete").filter(pk__in=ids).values("pk")
    rows = list(due(rule, clock.now()).filter(pk__in=allowed))
    for row in rows:
        anonymize(row, user)
    return len(rows)


def apply_retention(now: datetime.datetime) -> int:
    """Anonymize what the active rules say, some at a time; a periodic job of the system."""
    number = 0
    for rule in RetentionRule.objects.filter(is_active=True, action="anonymize").order_by("pk"):
        for row in list(due(rule, now)[: PER_RUN - number]):
            anonymize(row, None)
            log.info("rule %s anonymized %s %s", rule.pk, rule.kind, row.pk)
            number += 1
    return number


def entity_of_rule(rule: RetentionRule) -> Entity | None:
    """Return the kind a rule is about; None for one that holds no persons any more."""
    return next((one for one in entities() if one.key == rule.kind and one.person), None)


def _latest(rows: Any, column: str) -> Any:
    latest = rows.order_by().values("object_id").annotate(latest=Max(column)).values("latest")
    return Subquery(latest)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**62
