"""TicketAccount: a ticket of the host concerns an account; one of them is its primary account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from taiga_crm.kernel import clock
from taiga_crm.models.base import RuledQuerySet

TICKET_COLUMNS = ("issue", "userstory", "task", "epic")
KINDS = (
    ("issue", _("Issue")),
    ("userstory", _("User story")),
    ("task", _("Task")),
    ("epic", _("Epic")),
)


def _one_ticket() -> models.Q:
    """Exactly the column named by `kind` is set."""
    result = models.Q()
    for kind in TICKET_COLUMNS:
        others = {f"{name}__isnull": name != kind for name in TICKET_COLUMNS}
        result |= models.Q(kind=kind, **others)
    return result


def _unique_rules() -> list[Any]:
    rules: list[Any] = []
    for column in TICKET_COLUMNS:
        rules.append(
            models.UniqueConstraint(
                fields=[column, "account"],
                condition=models.Q(**{f"{column}__isnull": False}),
                name=f"crm_{column}_account_once",
            )
        )
        rules.append(
            models.UniqueConstraint(
                fields=[column],
                condition=models.Q(is_primary=True, **{f"{column}__isnull": False}),
                name=f"crm_{column}_one_primary",
            )
        )
    return rules


def _ticket(model: str) -> Any:
    return models.ForeignKey(
        model, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )


class TicketAccount(models.Model):
    """One link; deleting the ticket, its project or the account deletes it."""

    kind = models.CharField(_("Kind"), max_length=10, choices=KINDS)
    issue = _ticket("issues.Issue")
    userstory = _ticket("userstories.UserStory")
    task = _ticket("tasks.Task")
    epic = _ticket("epics.Epic")
    project = models.ForeignKey(
        "projects.Project",
        verbose_name=_("Project"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    account = models.ForeignKey(
        "taiga_crm.Account",
        verbose_name=_("Primary account"),
        on_delete=models.CASCADE,
        related_name="ticket_links",
    )
    is_primary = models.BooleanField(_("Primary"), default=False)
    created_at = models.DateTimeField(_("Linked"), default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RuledQuerySet.as_manager()

    class Meta:
        verbose_name = _("Ticket")
        verbose_name_plural = _("Tickets")
        indexes = [
            models.Index(
                fields=["project", "created_at", "id"],
                include=("kind", "account"),  # what decides who sees it: counting reads no table
                condition=models.Q(is_primary=True),
                name="crm_ticket_in_project",
            ),
            models.Index(
                fields=["created_at", "id"],
                condition=models.Q(is_primary=True),
                name="crm_ticket_linked",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="crm_ticket_is_one_ticket", check=_one_ticket()),
            *_unique_rules(),
        ]

    @property
    def ticket_id(self) -> int:
        """Return the id of the ticket, whatever its kind."""
        return int(getattr(self, f"{self.kind}_id"))
