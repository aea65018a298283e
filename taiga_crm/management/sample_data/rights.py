"""Switch the CRM on and give roles what their names promise; never change what somebody gave."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from taiga_crm.capabilities.plain_edit import change_record
from taiga_crm.models import ProjectSettings, RoleGrant, UserType
from taiga_crm.permissions.keys import VERBS, grantable_kinds, role_key
from taiga_crm.registry.catalog import entity
from taiga_crm.services import project_settings

SEES = ("view",)
SELLS = ("view", "add", "change")
VERBS_OF_ROLE = {
    "Project manager": VERBS,
    "Sales director": VERBS,
    "Sales": SELLS,
    "Support": SEES,
    "Viewer": SEES,
    "Partner": SEES,
}
SEES_ONLY_OWN = frozenset({"Partner"})
DIRECTOR = ("dirk", "Sales director")


def switch_on(project: Any, boss: Any) -> None:
    """Switch the CRM on, unless somebody has decided already."""
    if not ProjectSettings.objects.filter(project=project).exists():
        project_settings.switch(project.pk, {"enabled": True}, boss)


def give_keys(project: Any, boss: Any) -> None:
    """Give keys to the roles that have none; a role of unknown name may only look."""
    roles = apps.get_model("users", "Role").objects.filter(project=project)
    for role in roles.exclude(pk__in=RoleGrant.objects.values("role")):
        verbs = VERBS_OF_ROLE.get(role.name, SEES)
        scope = "own" if role.name in SEES_ONLY_OWN else "all"
        data = {
            "keys": [role_key(verb, kind) for kind in grantable_kinds() for verb in verbs],
            "scopes": dict.fromkeys(grantable_kinds(), scope),
            "version": 1,
        }
        project_settings.grant(project.pk, role.pk, data, boss)


def appoint_director(boss: Any) -> None:
    """Make the demo's sales director one; only for the demo's own projects."""
    username, name = DIRECTOR
    user_type = UserType.objects.filter(name=name).first()
    person = type(boss).objects.filter(username=username, is_active=True).first()
    if user_type is None or person is None or user_type.members.filter(pk=person.pk).exists():
        return
    members = [*user_type.members.values_list("pk", flat=True), person.pk]
    data = {"members": members, "version": user_type.version}
    change_record(entity("user_type"), boss, user_type.pk, data)
