"""Check that every row a record points to is one the person may see.

A hidden row and one that does not exist get the same answer, so that ids cannot be probed.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.kept_rows import visible_row
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.models import UserTypeMember
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Field


def check_links(draft: Draft) -> None:
    """Raise InvalidInput for links to rows that are unknown to the person.

    A link that stays as it was stored is not checked again: the person may have lost sight
    of the target, and saving another field must not fail for it.
    """
    faults = {}
    for name, value in draft.values.items():
        if not value:
            continue
        field = draft.fields[name]
        if field.kind not in ("link", "links") or draft.keeps_link(field, value):
            continue
        if not (
            _several_known(draft, field) if field.kind == "links" else _one_known(draft, field)
        ):
            faults[name] = [_("Choose one from the list.")]
    if faults:
        raise InvalidInput(faults)


def _one_known(draft: Draft, field: Field) -> bool:
    target, pk = field.target or "", draft.values[field.name]
    row = draft.known.get((target, pk))
    if row is None:
        row = _linkable_row(target, draft.user, pk)
    draft.take_link(field, row)
    return row is not None


def _several_known(draft: Draft, field: Field) -> bool:
    target = field.target or ""
    wanted = set(draft.values[field.name]) - set(draft.before(field.name) or ())
    wanted = {pk for pk in wanted if (target, pk) not in draft.known}
    if not wanted:
        return True
    rows = linkable(target, draft.user).filter(pk__in=wanted)
    return wanted <= set(rows.values_list("pk", flat=True))


def _linkable_row(target: str, user: Any, pk: int) -> Any | None:
    entity = next((one for one in entities() if one.key == target), None)
    if entity is None:
        return linkable(target, user).filter(pk=pk).first()
    return visible_row(entity, user, pk)


def linkable(target: str, user: Any) -> Any:
    """Return the rows of a link target that the person may choose."""
    if target == "user":
        return linkable_users(user)
    if target == "project":
        return _crm_projects(user)
    entity = next(one for one in entities() if one.key == target)
    return rows_for(entity, user)


def linkable_users(user: Any) -> Any:
    """Return active people who share a project with the person, or are CRM users themselves."""
    access = access_of(user)
    people = get_user_model().objects.filter(is_active=True, is_system=False)
    if access.is_superuser or access.global_keys:
        return people
    membership = apps.get_model("projects", "Membership")
    mine = [row.project_id for row in access.memberships]
    shared = membership.objects.filter(project_id__in=mine, user__isnull=False).values("user_id")
    typed = UserTypeMember.objects.values("user_id") if access.enters_crm else []
    found = people.filter(pk__in=shared)
    return (found | people.filter(pk__in=typed)) if access.enters_crm else found


def _crm_projects(user: Any) -> Any:
    access = access_of(user)
    rows = apps.get_model("projects", "Project").objects.filter(pk__in=access.enabled)
    if access.is_superuser:
        return rows
    return rows.filter(pk__in=[row.project_id for row in access.memberships])
