"""Saved views: how a person wants to see a list, kept by name, and who gets which by default."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taiga_crm.models.base import CrmModel

SHARING = (
    ("private", _("Only me")),
    ("roles", _("Roles of the project")),
    ("user_types", _("User types")),
    ("public", _("Everybody who sees the list")),
)


class SavedView(CrmModel):
    """Columns, filters, sort, group and totals of a list of one kind (F034, F036).

    `state` keeps names as they were saved, with a format number: what does not resolve any
    more is shown as broken, never dropped. Without a project it is offered everywhere.
    """

    kind = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    project = models.ForeignKey(
        "projects.Project", null=True, on_delete=models.CASCADE, related_name="+"
    )
    sharing = models.CharField(max_length=12, choices=SHARING, default="private")
    roles = models.ManyToManyField("users.Role", related_name="+")
    user_types = models.ManyToManyField("taiga_crm.UserType", related_name="+")
    state = models.JSONField(default=dict)
    color = models.CharField(max_length=7, blank=True)
    show_as_tag = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["kind", "position", "id"], name="crm_view_of_kind")]

    def __str__(self) -> str:
        return self.name


class ViewDefault(models.Model):
    """The view that a list opens with: for a person, a role, or a user type (F035)."""

    kind = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")
    project = models.ForeignKey(
        "projects.Project", null=True, on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    role = models.ForeignKey("users.Role", null=True, on_delete=models.CASCADE, related_name="+")
    user_type = models.ForeignKey(
        "taiga_crm.UserType", null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="crm_view_default_of_user",
                fields=["kind", "user", "project"],
                condition=Q(user__isnull=False, project__isnull=False),
            ),
            models.UniqueConstraint(
                name="crm_view_default_of_user_everywhere",
                fields=["kind", "user"],
                condition=Q(user__isnull=False, project__isnull=True),
            ),
            models.UniqueConstraint(
                name="crm_view_default_of_role",
                fields=["kind", "role"],
                condition=Q(role__isnull=False),
            ),
            models.UniqueConstraint(
                name="crm_view_default_of_user_type",
                fields=["kind", "user_type"],
                condition=Q(user_type__isnull=False),
            ),
            models.CheckConstraint(
                name="crm_view_default_for_one",
                check=Q(user__isnull=False, role__isnull=True, user_type__isnull=True)
                | Q(user__isnull=True, role__isnull=False, user_type__isnull=True)
                | Q(user__isnull=True, role__isnull=True, user_type__isnull=False),
            ),
        ]
