"""Default views: one's own, else that of one's role in the project, else of one's user type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.models import SavedView, UserTypeMember, ViewDefault
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.projects import require_crm_project
from taiga_crm.permissions.user_types import user_types
from taiga_crm.permissions.views import may_share, visible_views

AUDIENCES = ("me", "role", "user_type")
MAX_AUDIENCES = 200


def default_view(user: Any, kind: str, project: int | None) -> int | None:
    """Return the id of the view that a list opens with, None for the kind's own (F035)."""
    roles = [row.role_id for row in access_of(user).memberships if row.project_id == project]
    types = UserTypeMember.objects.filter(user_id=user.pk).values("user_type_id")
    rows = ViewDefault.objects.filter(kind=kind, view__in=visible_views(user).values("pk"))
    rows = rows.filter(Q(view__project__isnull=True) | Q(view__project_id=project))
    mine = Q(user_id=user.pk) & (Q(project__isnull=True) | Q(project_id=project))
    asked = rows.filter(mine | Q(role_id__in=roles) | Q(user_type_id__in=types))
    found = list(asked.order_by("pk").values_list("view_id", "project_id", "user_id", "role_id"))
    ranks = {row: _rank(*row[1:]) for row in found}
    return min(found, key=lambda row: ranks[row])[0] if found else None


def _rank(project: int | None, user: int | None, role: int | None) -> int:
    if user is not None:
        return 0 if project is not None else 1
    return 2 if role is not None else 3


def my_defaults(user: Any, kind: str) -> set[tuple[int, int | None]]:
    """Return (view, project) of the defaults that the person set for himself."""
    rows = ViewDefault.objects.filter(kind=kind, user_id=user.pk)
    return set(rows.values_list("view_id", "project_id"))


def defaults_of(user: Any, pk: int) -> list[dict[str, Any]]:
    """Return the roles and user types whose default a visible view is."""
    view = _visible(user, pk)
    return [shown_default(one) for one in shared_defaults().filter(view=view)]


def shared_defaults() -> Any:
    """Return the defaults of roles and user types, in the order they were set."""
    rows = ViewDefault.objects.filter(user__isnull=True)
    return rows.select_related("role", "user_type").order_by("pk")


def shown_default(row: ViewDefault) -> dict[str, Any]:
    """Return for whom a view is the default, as JSON."""
    if row.role is not None:
        return {"for": "role", "id": row.role_id, "label": row.role.name}
    name = row.user_type.name if row.user_type is not None else ""
    return {"for": "user_type", "id": row.user_type_id, "label": name}


def set_default(user: Any, pk: int, data: Mapping[str, Any]) -> None:
    """Make a view the default of {"for": "me", "role" or "user_type", "id", "value", "project"}.

    With "value" false it is no longer. For a role or a type the view must be shared with it.
    """
    audience, wanted = data.get("for"), data.get("value", True) is not False
    if audience not in AUDIENCES:
        raise InvalidInput({"for": [_("This is not one of the choices.")]})
    with transaction.atomic():
        view = _visible(user, pk, lock=True)
        key = _key(user, view, audience, data)
        rows = ViewDefault.objects.filter(kind=view.kind, **key)
        if wanted:
            ViewDefault.objects.update_or_create(kind=view.kind, **key, defaults={"view": view})
        else:
            rows.filter(view=view).delete()


def audiences(user: Any, project: int | None) -> dict[str, Any]:
    """Return with whom the person may share views there: roles of the project, or user types."""
    if project is not None:
        require_crm_project(user, project)
    shares = may_share(access_of(user), project)
    roles: Any = apps.get_model("users", "Role").objects.none()
    if shares and project is not None:
        roles = apps.get_model("users", "Role").objects.filter(project_id=project)
    types = user_types() if shares and project is None else user_types().none()
    return {
        "may_share": shares,
        "roles": _named(roles),
        "user_types": _named(types),
    }


def _named(rows: Any) -> list[dict[str, Any]]:
    found = rows.order_by("name", "pk").values_list("pk", "name")[:MAX_AUDIENCES]
    return [{"id": pk, "label": name} for pk, name in found]


def _key(user: Any, view: SavedView, audience: str, data: Mapping[str, Any]) -> dict[str, Any]:
    if audience == "me":
        return {"user": user, "project_id": _place(user, view, data.get("project"))}
    given = data.get("id")
    number = given if isinstance(given, int) and not isinstance(given, bool) else 0
    if audience == "role":
        return {"role_id": _role(user, view, min(abs(number), 2**31 - 1))}
    return {"user_type_id": _user_type(user, view, min(abs(number), 2**62))}


def _place(user: Any, view: SavedView, given: Any) -> int | None:
    if given is None and view.project_id is None:
        return None
    project = view.project_id if given is None else given
    if isinstance(project, bool) or not isinstance(project, int):
        raise InvalidInput({"project": [_("Choose one from the list.")]})
    try:
        require_crm_project(user, project)
    except NotVisible as error:
        raise InvalidInput({"project": [_("Choose one from the list.")]}) from error
    if view.project_id not in (None, project):
        raise InvalidInput({"project": [_("The view belongs to another project.")]})
    number: int = project
    return number


def _role(user: Any, view: SavedView, number: int) -> int:
    role = apps.get_model("users", "Role").objects.filter(pk=number).first()
    access = access_of(user)
    if role is None or not access.is_member(role.project_id):
        raise InvalidInput({"id": [_("Choose one from the list.")]})
    if not may_share(access, role.project_id):
        raise Refused(_("You may not share views here."), verb="share", kind="view")
    if view.project_id not in (None, role.project_id):
        raise InvalidInput({"id": [_("The view belongs to another project.")]})
    if view.sharing != "public" and not view.roles.filter(pk=number).exists():
        raise InvalidInput({"id": [_("Share the view with this role first.")]})
    return number


def _user_type(user: Any, view: SavedView, number: int) -> int:
    if not may_share(access_of(user), None):
        raise Refused(_("You may not share views here."), verb="share", kind="view")
    if not user_types().filter(pk=number).exists():
        raise InvalidInput({"id": [_("Choose one from the list.")]})
    shared = view.sharing == "public" or view.user_types.filter(pk=number).exists()
    if view.project_id is not None or not shared:
        raise InvalidInput({"id": [_("Share the view with this user type first.")]})
    return number


def _visible(user: Any, pk: int, *, lock: bool = False) -> SavedView:
    rows = visible_views(user).filter(pk=pk)
    view: SavedView | None = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if view is None:
        raise NotVisible("No such view")
    return view
