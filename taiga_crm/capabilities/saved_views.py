"""Saved views: list, save, share and order them; the rules of who may are in permissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from taiga_crm.capabilities.plain_edit import check_version
from taiga_crm.capabilities.view_defaults import (
    default_view,
    my_defaults,
    shared_defaults,
    shown_default,
)
from taiga_crm.capabilities.view_input import SHARED, parsed_view
from taiga_crm.capabilities.view_state import checked_state, resolved
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.models import SavedView
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.decide import outcome_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.permissions.projects import require_crm_project
from taiga_crm.permissions.user_types import user_types
from taiga_crm.permissions.views import may_change, may_share, visible_views
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity

MAX_VIEWS = 500
MAX_OWN = 100
Json = dict[str, Any]


def kind_of_view(user: Any, key: Any) -> Entity:
    """Return a kind that the person sees; NotVisible for a hidden and an unknown one."""
    found = next((one for one in entities() if one.key == key), None)
    if found is None or outcome_for(found, user, "view") is False:
        raise NotVisible("No such kind")
    return found


def list_views(
    user: Any, kind: Any, project: int | None, *, everywhere: bool = False
) -> list[Json]:
    """Return the views of a kind that are offered there, the default of the person marked.

    `everywhere` adds those of all projects: what there is to manage.
    """
    entity = kind_of_view(user, kind)
    if project is not None:
        require_crm_project(user, project)
    rows = visible_views(user).filter(kind=entity.key)
    places = rows.filter(project__isnull=True)
    if everywhere:
        places = rows
    elif project is not None:
        places = places | rows.filter(project=project)
    views = list(_complete(places).order_by("position", "pk")[:MAX_VIEWS])
    first = default_view(user, entity.key, project)
    mine = my_defaults(user, entity.key)
    shown = [_shown(entity, one, user) for one in views]
    for one in shown:
        one["is_default"] = one["id"] == first
        place = one["project"] if everywhere and project is None else project
        one["is_my_default"] = (one["id"], place) in mine
    return shown


def read_view(user: Any, pk: int) -> Json:
    """Return one visible view."""
    view = _complete(visible_views(user)).filter(pk=pk).first()
    if view is None:
        raise NotVisible("No such view")
    return _shown(kind_of_view(user, view.kind), view, user)


def create_view(user: Any, data: Mapping[str, Any]) -> Json:
    """Save a new view; private unless the person may share it."""
    entity = kind_of_view(user, data.get("kind"))
    project = _project(user, data.get("project"))
    values = parsed_view({"sharing": "private", "state": {}, **data})
    if "name" not in values:
        raise InvalidInput({"name": [_("This field is required.")]})
    with transaction.atomic():
        rows = SavedView.objects.filter(kind=entity.key)
        if rows.filter(owner=user).count() >= MAX_OWN:
            raise InvalidInput({"name": [_("At most %d views of your own.") % MAX_OWN]})
        last = rows.aggregate(last=Max("position"))["last"]
        place = 0 if last is None else last + 1
        view = SavedView(
            kind=entity.key, owner=user, created_by=user, project_id=project, position=place
        )
        _write(view, values, user)
    return read_view(user, view.pk)


def change_view(user: Any, pk: int, data: Mapping[str, Any]) -> Json:
    """Change name, state, look or sharing of the version that was read."""
    values = parsed_view(data)
    with transaction.atomic():
        view = _changeable(user, pk)
        check_version(view, data)
        view.version += 1
        view.modified_at = clock.now()
        _write(view, values, user)
    return read_view(user, pk)


def delete_view(user: Any, pk: int) -> None:
    """Delete a view with the defaults that name it."""
    with transaction.atomic():
        _changeable(user, pk).delete()


def reorder_views(user: Any, kind: Any, ids: Any) -> None:
    """Put views that the person may change into this order, in the places they have together."""
    entity = kind_of_view(user, kind)
    if (
        not isinstance(ids, list)
        or not 0 < len(ids) <= MAX_VIEWS
        or len(set(map(str, ids))) < len(ids)
    ):
        raise InvalidInput({"ids": [_("A list of at most %d is expected.") % MAX_VIEWS]})
    if any(isinstance(one, bool) or not isinstance(one, int) or abs(one) > 2**62 for one in ids):
        raise InvalidInput({"ids": [_("Choose one from the list.")]})
    with transaction.atomic():
        rows = visible_views(user).filter(kind=entity.key, pk__in=ids)
        found = {one.pk: one for one in rows.select_for_update(of=("self",)).order_by("pk")}
        if len(found) < len(ids):
            raise InvalidInput({"ids": [_("Choose one from the list.")]})
        if not all(may_change(access_of(user), one) for one in found.values()):
            raise Refused(_("You may not do this."), verb="change", kind="view")
        places = sorted(one.position for one in found.values())
        places = [place + number for number, place in enumerate(_spread(places))]
        for pk, place in zip(ids, places, strict=True):
            found[pk].position = place
        SavedView.objects.bulk_update(found.values(), ["position"])


def _spread(places: list[int]) -> list[int]:
    """Return the places so that adding 0, 1, 2 … makes them differ."""
    result: list[int] = []
    for number, place in enumerate(places):
        result.append(max(place - number, result[-1] if result else 0))
    return result


def _changeable(user: Any, pk: int) -> SavedView:
    view: SavedView | None = (
        visible_views(user).filter(pk=pk).select_for_update(of=("self",)).first()
    )
    if view is None:
        raise NotVisible("No such view")
    if not may_change(access_of(user), view):
        raise Refused(_("You may not do this."), verb="change", kind="view")
    return view


def _project(user: Any, given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int):
        raise InvalidInput({"project": [_("Choose one from the list.")]})
    try:
        require_crm_project(user, given)
    except NotVisible as error:
        raise InvalidInput({"project": [_("Choose one from the list.")]}) from error
    project: int = given
    return project


def _write(view: SavedView, values: Json, user: Any) -> None:
    shared = {name: values.pop(name) for name in SHARED if name in values}
    for name, value in values.items():
        setattr(view, name, value)
    fresh = view.pk is None
    _check_sharing(view, access_of(user), touched=fresh or "sharing" in values or bool(shared))
    view.save()
    kept: dict[str, Any] = {"roles": view.roles, "user_types": view.user_types}
    for name, links in kept.items():
        if view.sharing != name:
            links.clear()
        elif name in shared:
            links.set(_chosen(name, shared[name], view.project_id))
        if view.sharing == name and not links.exists():
            raise InvalidInput({name: [_("Choose at least one.")]})


def _check_sharing(view: SavedView, access: Any, *, touched: bool) -> None:
    if view.sharing == "private":
        if touched and view.owner_id != access.user_id:
            raise InvalidInput({"sharing": [_("Only its owner can make a view private.")]})
        return
    if touched and not may_share(access, view.project_id):
        raise Refused(_("You may not share views here."), verb="share", kind="view")
    if view.sharing == "roles" and view.project_id is None:
        raise InvalidInput({"sharing": [_("Only a view of a project is shared with its roles.")]})
    if view.sharing == "user_types" and view.project_id is not None:
        text = _("Only a view of all projects is shared with user types.")
        raise InvalidInput({"sharing": [text]})


def _chosen(name: str, ids: list[int], project_id: int | None) -> list[int]:
    if name == "roles":
        known = apps.get_model("users", "Role").objects.filter(project_id=project_id)
    else:
        known = user_types()
    if known.filter(pk__in=ids).count() < len(ids):
        raise InvalidInput({name: [_("Choose one from the list.")]})
    return ids


def _complete(rows: Any) -> Any:
    defaults = Prefetch("defaults", shared_defaults())
    rows = rows.select_related("owner", "project")
    return rows.prefetch_related("roles", "user_types", defaults)


def _shown(entity: Entity, view: SavedView, user: Any) -> Json:
    access = access_of(user)
    state = checked_state(view.state)
    usable, broken = resolved(entity, fields_for(entity, user), state, user)
    changes = may_change(access, view)
    return {
        "id": view.pk,
        "kind": view.kind,
        "name": view.name,
        "owner": None
        if view.owner is None
        else {"id": view.owner_id, "label": view.owner.full_name or view.owner.username},
        "is_mine": view.owner_id == user.pk,
        "project": view.project_id,
        "project_name": view.project.name if view.project is not None else "",
        "sharing": view.sharing,
        "roles": [{"id": one.pk, "label": one.name} for one in view.roles.all()],
        "user_types": [{"id": one.pk, "label": one.name} for one in view.user_types.all()],
        "state": state,
        "usable": usable,
        "broken": broken,
        "color": view.color,
        "show_as_tag": view.show_as_tag,
        "position": view.position,
        "version": view.version,
        "defaults": [shown_default(one) for one in view.defaults.all()],
        "_verbs": ["change", "delete"] if changes else [],
    }
