"""The ticket kinds every supported host has, with Taiga's permission keys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taiga_crm.host.port import TicketKind

TICKET_KINDS = {
    kind.key: kind
    for kind in (
        TicketKind(
            "issue", _("Issue"), "issues.Issue", "view_issues", "modify_issue", "status__is_closed"
        ),
        TicketKind(
            "userstory",
            _("User story"),
            "userstories.UserStory",
            "view_us",
            "modify_us",
            "is_closed",
        ),
        TicketKind(
            "task", _("Task"), "tasks.Task", "view_tasks", "modify_task", "status__is_closed"
        ),
        TicketKind(
            "epic", _("Epic"), "epics.Epic", "view_epics", "modify_epic", "status__is_closed"
        ),
    )
}
