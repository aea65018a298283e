"""Who may do what: the module switch, the keys of Taiga's roles, and user types."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.models.base import CrmModel
from taiga_crm.models.dictionary import DictionaryModel


class ProjectSettings(CrmModel):
    """The CRM of one project: off until somebody who may switches it on (F002)."""

    project = models.OneToOneField(
        "projects.Project", on_delete=models.CASCADE, related_name="crm_settings"
    )
    is_enabled = models.BooleanField(default=False)


class RoleGrant(CrmModel):
    """What one Taiga role may do in the CRM of its project (F210, F212).

    `keys` are like "view_account"; `scopes` maps an entity key to "all", "own" or "none".
    """

    role = models.OneToOneField("users.Role", on_delete=models.CASCADE, related_name="crm_grant")
    keys = ArrayField(models.CharField(max_length=60), default=list)
    scopes = models.JSONField(default=dict)


class UserType(DictionaryModel):
    """A kind of CRM user with keys that hold in all projects (F211, F217)."""

    keys = ArrayField(models.CharField(max_length=60), verbose_name=_("Keys"), default=list)
    members: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Members"),
        through="UserTypeMember",
        related_name="+",
    )

    class Meta:
        verbose_name = _("User type")
        verbose_name_plural = _("User types")


class UserTypeMember(models.Model):
    """A person is of a user type."""

    user_type = models.ForeignKey(UserType, on_delete=models.CASCADE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="crm_user_types"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_type", "user"], name="crm_user_type_once")
        ]
