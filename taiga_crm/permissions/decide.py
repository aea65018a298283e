"""The one question: may this person do this verb to this row? Asked of the same queryset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from taiga_crm.kernel.errors import NotVisible, Refused
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.rules import Outcome, Rule, numbers

ROW_VERBS = ("change", "delete")
_NUMBER: Any = IntegerField(null=True)


def outcome_for(entity: Entity, user: Any, verb: str) -> Outcome:
    """Return a verb's rule for one person; a verb left out of the declaration is refused.

    Every verb but "add" implies that the row is visible.
    """
    access = access_of(user)
    rule = entity.rules.get(verb)
    if rule is None:
        return False
    if verb not in ("view", "add"):
        rule = entity.rules["view"] & rule
    outcome = rule.outcome(access)
    # whether something may be added is a question about the person, not about rows
    return outcome if verb == "add" else _within(entity, access, outcome)


def seen_through(entity: Entity, user: Any, prefix: str) -> Outcome:
    """Return the rule of seeing a row from the other side of a relation."""
    access = access_of(user)
    return _within(entity, access, entity.rules["view"].outcome(access, prefix), prefix)


def _within(entity: Entity, access: Access, outcome: Outcome, prefix: str = "") -> Outcome:
    """Narrow to the projects that a personal token is kept to; dictionaries belong to none."""
    if access.within is None or outcome is False or not entity.projects:
        return outcome
    path = prefix + entity.projects
    inside = Q(**{f"{path}__overlap": numbers(access.within)})
    if not path.endswith("_ids"):
        inside = Q(**{f"{path}__in": sorted(access.within)})
    return inside if outcome is True else outcome & inside


def rows_for(entity: Entity, user: Any, verb: str = "view") -> Any:
    """Return the rows of an entity on which the person may do the verb."""
    queryset = entity.model.objects  # type: ignore[attr-defined]
    if entity.base:
        queryset = queryset.filter(**entity.base)
    return queryset.for_outcome(outcome_for(entity, user, verb))


def get_visible(entity: Entity, user: Any, pk: Any, *, lock: bool = False) -> Any:
    """Return one visible row, optionally locked; NotVisible whether it is hidden or absent."""
    rows = rows_for(entity, user)
    if lock:
        rows = locked(rows, "change")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotVisible(f"No {entity.key} with this id")
    return row


def get_allowed(entity: Entity, user: Any, verb: str, pk: Any, *, lock: bool = False) -> Any:
    """Return a visible row on which the verb is allowed, in one query; Refused when it is not.

    A row is locked in order to write: then the host's refusal counts too, where it has frozen
    every project of the row.
    """
    rows = with_flag(rows_for(entity, user), entity, user, verb)
    if lock:
        rows = locked(with_places(rows, entity), verb)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotVisible(f"No {entity.key} with this id")
    if not row.allowed:
        raise Refused(_("You may not do this."), verb=verb, kind=entity.key)
    if lock:
        require_open(user, row.places)
    return row


def locked(rows: Any, verb: str) -> Any:
    """Lock rows for a verb; only a delete locks the key, which new links to the row wait for.

    Two rows that are linked to each other at once would wait for each other's key for ever.
    """
    return rows.select_for_update(of=("self",), no_key=verb != "delete")


def with_places(rows: Any, entity: Entity) -> Any:
    """Annotate rows with `places`, the ids of their projects."""
    return rows.annotate(places=F(entity.projects) if entity.projects else Value(None, _NUMBER))


def can(entity: Entity, user: Any, verb: str, row: Any) -> bool:
    """Say whether the verb is allowed on one row."""
    outcome = outcome_for(entity, user, verb)
    if isinstance(outcome, bool):
        return outcome
    return bool(rows_for(entity, user, verb).filter(pk=row.pk).exists())


def require(entity: Entity, user: Any, verb: str, row: Any) -> None:
    """Raise Refused when a visible row may not be touched this way."""
    if not can(entity, user, verb, row):
        raise Refused(_("You may not do this."), verb=verb, kind=entity.key)


def with_flag(rows: Any, entity: Entity, user: Any, verb: str) -> Any:
    """Annotate visible rows with `allowed`: whether the verb is."""
    return rows.annotate(allowed=verdict(outcome_for(entity, user, verb)))


def hidden_from_everybody(entity: Entity, ids: Iterable[int]) -> set[int]:
    """Return which rows their creator alone sees: not even a superuser finds them."""
    nobody = Access(user_id=0, is_superuser=True)
    seen = entity.model.objects.for_outcome(entity.rules["view"].outcome(nobody))  # type: ignore[attr-defined]
    wanted = set(ids)
    return wanted - set(seen.filter(pk__in=wanted).values_list("pk", flat=True))


def verbs_on(entity: Entity, user: Any) -> dict[str, Any]:
    """Return annotations can_<verb> for visible rows, from the rules the verbs are checked with.

    Nothing can be done to a row whose every project the host has frozen.
    """
    access = access_of(user)
    verbs = [verb for verb in ROW_VERBS if verb in entity.rules]
    frozen = frozen_rows(entity, access)
    return {f"can_{verb}": verdict(entity.rules[verb].outcome(access), frozen) for verb in verbs}


def frozen_rows(entity: Entity, access: Access) -> Outcome:
    """Return which rows are in frozen projects and in no other; False for none of them."""
    if not access.frozen or not entity.projects:
        return False
    if not entity.projects.endswith("_ids"):
        return Q(**{f"{entity.projects}__in": sorted(access.frozen)})
    return lies_within(entity.projects, access.frozen)


def lies_within(column: str, projects: Iterable[int]) -> Q:
    """Return the rows whose array of project ids names some of these projects and no other."""
    return Q(**{f"{column}__contained_by": numbers(projects)}, **{f"{column}__len__gt": 0})


def frozen_flag(entity: Entity, user: Any) -> dict[str, Any]:
    """Return the annotation that tells frozen rows; none where no project is frozen."""
    frozen = frozen_rows(entity, access_of(user))
    return {"is_frozen": verdict(frozen)} if frozen is not False else {}


def frozen_among(entity: Entity, user: Any, ids: Iterable[int]) -> set[int]:
    """Return which rows are frozen; asks nothing where no project is."""
    frozen = frozen_rows(entity, access_of(user))
    if frozen is False:
        return set()
    rows = entity.model.objects.for_outcome(frozen)  # type: ignore[attr-defined]
    return set(rows.filter(pk__in=set(ids)).values_list("pk", flat=True))


def offers(entity: Entity, user: Any, verb: str, row: Any) -> bool:
    """Say whether a screen offers the verb: it is allowed, and the row is not frozen."""
    frozen = frozen_rows(entity, access_of(user))
    if frozen is False:
        return can(entity, user, verb, row)
    rows = rows_for(entity, user, verb).annotate(frozen=verdict(frozen))
    return bool(rows.filter(pk=row.pk, frozen=False).exists())


def kind_verbs(entity: Entity, user: Any) -> list[str]:
    """Return the verbs the person has on at least some rows: what menus and buttons show."""
    return [
        verb
        for verb in ("view", "add", "change", "delete")
        if verb in entity.rules and outcome_for(entity, user, verb) is not False
    ]


def rule_of(entity: Entity, verb: str) -> Rule | None:
    """Return the declared rule of a verb, for explaining."""
    return entity.rules.get(verb)


def verdict(outcome: Outcome, unless: Outcome = False) -> Any:
    """Return an outcome as a column of true and false; false where `unless` holds."""
    whens = [When(unless, then=Value(False))] if isinstance(unless, Q) and outcome else []
    if isinstance(outcome, Q):
        whens.append(When(outcome, then=Value(True)))
    default = Value(outcome is True, output_field=BooleanField())
    return Case(*whens, default=default, output_field=BooleanField()) if whens else default
