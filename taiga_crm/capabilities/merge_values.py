"""Which value each field of a merged record gets, and what the person sees side by side before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import CHANNELS, Draft
from taiga_crm.capabilities.merge_rows import Hook, hooks
from taiga_crm.capabilities.putting_back import uniques
from taiga_crm.capabilities.reading import read_record
from taiga_crm.capabilities.stored_rows import Values, columns
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import RecordPart
from taiga_crm.permissions.decide import hidden_from_everybody, rows_for
from taiga_crm.permissions.fields import every_field, fields_for
from taiga_crm.permissions.projects import require_room
from taiga_crm.registry.catalog import entity_of_model
from taiga_crm.registry.entity import Entity, Field

EMPTY: tuple[Any, ...] = (None, "", [], {})
DEPTH = 60


def compare(entity: Entity, user: Any, records: list[Any]) -> dict[str, Any]:
    """Return the records side by side, a proposal, and how many rows of each kind move."""
    ids = [one.pk for one in records]
    shown = {pk: read_record(entity, user, pk) for pk in ids}
    fields = [_compared(field, shown) for field in _comparable(entity, user)]
    best = max(ids, key=lambda pk: (_filled(pk, fields), -pk))
    for line in fields:
        line["choice"] = _proposed(line, best, ids)
    return {
        "records": [
            {
                "id": pk,
                "label": str(shown[pk].get(entity.name_field) or f"#{pk}"),
                "version": shown[pk].get("version"),
                "verbs": shown[pk]["_verbs"],
            }
            for pk in ids
        ],
        "winner": best,
        "fields": fields,
        "relations": [one for hook in hooks(entity) if (one := _relation(hook, user, ids))],
        "mixes_private": 0 < len(hidden_from_everybody(entity, ids)) < len(ids),
    }


def chosen_values(
    entity: Entity, user: Any, winner: Any, losers: list[Any], choices: Mapping[str, Any]
) -> dict[str, Any]:
    """Return {field: value} that the winner gets: the chosen ones, and what it has not itself."""
    records = {one.pk: one for one in [winner, *losers]}
    fields = {field.name: field for field in _choosable(entity, user)}
    faults = {
        name: [_("Choose one from the list.")]
        for name, pk in choices.items()
        if name not in fields or isinstance(pk, bool) or pk not in records
    }
    if faults:
        raise InvalidInput(faults)
    shown = {pk: read_record(entity, user, pk) for pk in records}
    stored = {
        pk: Draft(entity, one, dict.fromkeys(fields), user, creating=False)
        for pk, one in records.items()
    }
    values: dict[str, Any] = {}
    for name, field in fields.items():
        line = _compared(field, shown)
        source = choices.get(name, _proposed(line, winner.pk, list(records)))
        if source != winner.pk:
            values[name] = stored[source].before(name)
        if _leads_to_itself(
            entity, field, values.get(name, stored[winner.pk].before(name)), records
        ):
            values[name] = _way_out(entity, field, stored, records)
    return values


def unite_projects(
    entity: Entity, winner: Any, losers: list[Any]
) -> tuple[list[int], list[int]] | None:
    """Put the winner into all projects; return what it was and is, None where rows have none.

    InvalidInput when it would be in more projects than a record can be.
    """
    if not entity.projects or "__" in entity.projects:
        return None
    before = getattr(winner, entity.projects)
    if not isinstance(before, list):
        return None
    united = sorted({*before, *(pk for one in losers for pk in getattr(one, entity.projects))})
    require_room(united, "ids")
    setattr(winner, entity.projects, united)
    return before, united


def raise_flags(entity: Entity, winner_id: int, losers: list[Values]) -> None:
    """Let the winner carry a flag that a loser carried in the same place."""
    options: Any = entity.model._meta
    rows = entity.model._base_manager.filter(pk=winner_id)
    line = rows.values(*(column.attname for column in columns(entity.model))).get()
    for names, condition in uniques(entity.model):
        place = {
            options.get_field(name).attname: line[options.get_field(name).attname] for name in names
        }
        wanted = {**place, **condition}
        carried = any(all(loser[k] == v for k, v in wanted.items()) for loser in losers)
        flagged = bool(condition) and set(condition.values()) == {True}
        if flagged and carried and not entity.model._base_manager.filter(**wanted).exists():
            rows.update(**condition)


def _comparable(entity: Entity, user: Any) -> Iterator[Field]:
    for field in fields_for(entity, user).values():
        if field.expression is None and not (field.read_only and field.path != field.name):
            yield field


def carry_unseen(entity: Entity, user: Any, winner: Any, losers: list[Any]) -> None:
    """Give the winner what it lacks in the fields that the person cannot choose for.

    Field rules may hide or lock them from the person; a merge must not lose their values.
    """
    chosen = {field.name for field in _choosable(entity, user)}
    for field in every_field(entity, user).values():
        if field.name in chosen or not _stores_one(field):
            continue
        for loser in losers:
            _take_missing(field, winner, loser)


def _take_missing(field: Field, winner: Any, loser: Any) -> None:
    if field.column:
        mine, theirs = getattr(winner, field.column), getattr(loser, field.column)
        if mine.get(field.name) in EMPTY and theirs.get(field.name) not in EMPTY:
            setattr(winner, field.column, {**mine, field.name: theirs[field.name]})
    elif getattr(winner, field.path) in EMPTY and getattr(loser, field.path) not in EMPTY:
        setattr(winner, field.path, getattr(loser, field.path))
        if field.kind == "money":
            setattr(winner, field.currency_path, getattr(loser, field.currency_path))


def _choosable(entity: Entity, user: Any) -> Iterator[Field]:
    for field in fields_for(entity, user).values():
        if _stores_one(field) and not _is_barred(field):
            yield field


def _is_barred(field: Field) -> bool:
    """Say whether a field rule may keep the person from choosing a value."""
    return bool(field.locked or field.locked_where or field.hidden_where)


def _stores_one(field: Field) -> bool:
    """Say whether the record itself keeps the field's one value, for people to change."""
    united = field.kind in (*CHANNELS, "links")
    return not (united or field.read_only or field.expression is not None)


def _compared(field: Field, shown: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    values = {pk: record.get(field.name) for pk, record in shown.items()}
    united = field.kind in (*CHANNELS, "links")
    return {
        "name": field.name,
        "united": united,
        "read_only": field.read_only or _is_barred(field),
        "differs": any(value != values[next(iter(values))] for value in values.values()),
        "values": {str(pk): value for pk, value in values.items()},
    }


def _proposed(line: dict[str, Any], winner: int, ids: list[int]) -> int:
    """Return whose value is proposed: the winner's, else the first that has one."""
    if line["values"][str(winner)] not in EMPTY:
        return winner
    return next((pk for pk in ids if line["values"][str(pk)] not in EMPTY), winner)


def _filled(pk: int, fields: list[dict[str, Any]]) -> int:
    return sum(line["values"][str(pk)] not in (*EMPTY, False) for line in fields)


def _leads_to_itself(entity: Entity, field: Field, value: Any, records: Mapping[int, Any]) -> bool:
    """Say whether a link to the same kind would put the merged record below itself."""
    if field.kind != "link" or field.target != entity.key or value is None:
        return False
    for _step in range(DEPTH):
        if value is None:
            return False
        if value in records:
            return True
        above = entity.model._base_manager.filter(pk=value)
        value = above.values_list(field.path, flat=True).first()
    return True


def _way_out(
    entity: Entity, field: Field, stored: Mapping[int, Draft], records: Mapping[int, Any]
) -> Any:
    for draft in stored.values():
        value = draft.before(field.name)
        if value is not None and not _leads_to_itself(entity, field, value, records):
            return value
    return None


def _relation(hook: Hook, user: Any, ids: list[int]) -> dict[str, Any] | None:
    """Return how many rows of a hook each record has, as far as the person sees them."""
    options: Any = hook.model._meta
    rows = hook.rows(ids)
    entity = entity_of_model(hook.model)
    if entity is None and not issubclass(hook.model, RecordPart):
        return None  # addresses and links of the record itself: their fields show them
    if entity is not None:
        rows = rows.filter(pk__in=rows_for(entity, user).values("pk"))
    for column in columns(hook.model):
        other = entity_of_model(column.related_model) if column.is_relation else None
        if other is not None and column.attname != hook.attname:
            seen = Q(**{f"{column.name}__in": rows_for(other, user)})
            rows = rows.filter(seen | Q(**{f"{column.name}__isnull": True}))
    counts = dict.fromkeys(ids, 0)
    for pk in rows.values_list(hook.attname, flat=True):
        counts[pk] += 1
    if not any(counts.values()):
        return None
    label = entity.label_plural if entity is not None else _part_label(options.model_name)
    return {"label": str(label), "counts": {str(pk): n for pk, n in counts.items()}}


def _part_label(name: str) -> str:
    """Return how the rows of a part are called; what has no name here keeps its technical one."""
    names = {
        "attachment": _("Files"),
        "comment": _("Comments"),
        "consent": _("Consents"),
        "favorite": _("Favorites"),
        "follower": _("Followers"),
        "notification": _("Notifications"),
        "vcardkept": _("Rest of a vCard"),
    }
    return names.get(name, name)
