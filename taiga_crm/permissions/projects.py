"""Projects as the CRM sees them: who enters, who switches it on, who gives keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from taiga_crm.conf import conf
from taiga_crm.host import current_host
from taiga_crm.kernel.errors import (
    CrmError,
    InvalidInput,
    NotVisible,
    ProjectArchived,
    ProjectBlocked,
)
from taiga_crm.models.account import MAX_PROJECTS
from taiga_crm.permissions.access import Access, access_of
from taiga_crm.permissions.keys import ENABLE_PROJECTS


def projects() -> Any:
    """Return the host's project rows."""
    return apps.get_model("projects", "Project").objects.all()


def my_projects(user: Any) -> Any:
    """Return the projects a person belongs to; all of them for a superuser."""
    access = access_of(user)
    if access.is_superuser:
        return projects()
    return projects().filter(pk__in=[row.project_id for row in access.memberships])


def crm_project(user: Any, project_id: int) -> Any:
    """Return a project of the person that has the CRM on; NotVisible otherwise (F002, F003)."""
    require_crm_project(user, project_id)
    found = projects().filter(pk=project_id).first()
    if found is None:
        raise NotVisible("No such CRM project")
    return found


def require_crm_project(user: Any, project_id: int) -> None:
    """Raise NotVisible unless it is a project of the person that has the CRM on; asks nothing."""
    access = access_of(user)
    if project_id not in access.enabled or not access.is_member(project_id):
        raise NotVisible("No such CRM project")


def member_project(user: Any, project_id: int) -> Any:
    """Return a project the person belongs to, CRM or not; NotVisible otherwise."""
    found = my_projects(user).filter(pk=project_id).first()
    if found is None:
        raise NotVisible("No such project")
    return found


def require_open(user: Any, project_ids: Iterable[int] | int | None) -> None:
    """Raise the host's refusal when it has frozen every project that a row is in.

    The host is asked only where the person's memberships do not show an open project: for
    superusers and holders of global keys, once for each project of a request.
    """
    ids = [project_ids] if isinstance(project_ids, int) else list(project_ids or ())
    access = access_of(user)
    if not ids or any(access.finds_open(one) for one in ids):
        return
    known: dict[int, CrmError | None] = user.__dict__.setdefault("_crm_frozen", {})
    unasked = [one for one in ids if one not in known]
    for project in projects().filter(pk__in=unasked) if unasked else ():
        known[project.pk] = _refusal(project)
    found = [known[one] for one in ids if one in known]
    refusal = found[0] if found else None
    if refusal is not None and all(found):
        raise refusal


def require_room(project_ids: Collection[int], field: str) -> None:
    """Raise InvalidInput when a record would be in more projects than it can be."""
    if len(project_ids) > MAX_PROJECTS:
        raise InvalidInput({field: [_("At most %d projects are possible.") % MAX_PROJECTS]})


def _refusal(project: Any) -> CrmError | None:
    try:
        current_host().check_writable(project)
    except (ProjectBlocked, ProjectArchived) as error:
        return error
    return None


def may_switch(access: Access, project_id: int) -> bool:
    """Say whether the person may switch the CRM of a project on or off (conf.who_may_enable)."""
    if access.has_key(ENABLE_PROJECTS):
        return access.is_member(project_id)
    who = conf().who_may_enable
    if who == "auto":
        who = "key_holders" if current_host().registration_is_open() else "project_admins"
    return who == "project_admins" and access.is_project_admin(project_id)
