"""Projects, their members and the statuses of their tickets, in Taiga's tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone
from django.utils.text import slugify

from taiga_crm.standalone.access import PUBLIC_KEYS


class Project(models.Model):
    """A project: the place where people, roles and tickets meet."""

    name = models.CharField(max_length=250)
    slug = models.SlugField(max_length=250, unique=True, blank=True)
    description = models.TextField()
    logo = models.FileField(upload_to="project", max_length=500, null=True, blank=True)
    created_date = models.DateTimeField(default=timezone.now)
    modified_date = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        related_name="owned_projects",
        on_delete=models.SET_NULL,
    )
    members: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="projects",
        through="Membership",
        through_fields=("project", "user"),
    )
    is_epics_activated = models.BooleanField(default=False)
    is_backlog_activated = models.BooleanField(default=True)
    is_kanban_activated = models.BooleanField(default=False)
    is_wiki_activated = models.BooleanField(default=True)
    is_issues_activated = models.BooleanField(default=True)
    is_private = models.BooleanField(default=True)
    anon_permissions = ArrayField(models.TextField(), null=True, blank=True, default=list)
    public_permissions = ArrayField(models.TextField(), null=True, blank=True, default=list)
    tags = ArrayField(models.TextField(), null=True, blank=True, default=list)
    blocked_code = models.CharField(max_length=255, null=True, blank=True, default=None)  # noqa: DJ001 - Taiga's column
    archived_code = models.CharField(max_length=255, null=True, blank=True, default=None)  # noqa: DJ001 - Taiga's column

    class Meta:
        """Taiga's order."""

        ordering = ["name", "id"]

    def __str__(self) -> str:
        """Show the project's name."""
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill what Taiga fills: the dates, the slug, the public permissions."""
        self.modified_date = timezone.now()
        self.slug = self.slug or _free_slug(self.name)
        public = [] if self.is_private else sorted(PUBLIC_KEYS)
        self.anon_permissions = self.anon_permissions or public
        self.public_permissions = self.public_permissions or public
        super().save(*args, **kwargs)

    @property
    def is_archived(self) -> bool:
        """Say whether the project can only be read, as since Taiga 6.10."""
        return self.archived_code is not None

    def next_ref(self) -> int:
        """Draw the next ticket number of the project; the row lock lasts until the commit."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO projects_ticketcounter (project_id, last) VALUES (%s, 1)"
                " ON CONFLICT (project_id) DO UPDATE SET last = projects_ticketcounter.last + 1"
                " RETURNING last",
                [self.pk],
            )
            return int(cursor.fetchone()[0])


class TicketCounter(models.Model):
    """The last ticket number drawn in a project (Taiga keeps a sequence instead)."""

    project = models.OneToOneField(
        Project, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """Show the number."""
        return str(self.last)


class Membership(models.Model):
    """One person's place in one project; an invitation has no person yet."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        default=None,
        related_name="memberships",
        on_delete=models.CASCADE,
    )
    project = models.ForeignKey(Project, related_name="memberships", on_delete=models.CASCADE)
    role = models.ForeignKey("users.Role", related_name="memberships", on_delete=models.CASCADE)
    is_admin = models.BooleanField(default=False)
    email = models.EmailField(max_length=255, default=None, null=True, blank=True)  # noqa: DJ001 - Taiga's column
    created_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="+", null=True, blank=True, on_delete=models.SET_NULL
    )
    user_order = models.BigIntegerField(default=0)

    class Meta:
        """Taiga's order and constraint."""

        ordering = ["project", "user__full_name", "user__username", "user__email", "email"]
        unique_together = ("user", "project")

    def __str__(self) -> str:
        """Show who is where."""
        return f"{self.user or self.email} in {self.project}"


class Status(models.Model):
    """What the four kinds of ticket status share."""

    name = models.CharField(max_length=255)
    slug = models.SlugField(max_length=255, blank=True)
    order = models.IntegerField(default=10)
    is_closed = models.BooleanField(default=False)
    color = models.CharField(max_length=20, default="#999999")

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        """Show the status's name."""
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive the slug from the name, as Taiga does."""
        self.slug = self.slug or slugify(self.name, allow_unicode=True)
        super().save(*args, **kwargs)


class EpicStatus(Status):
    """A status of epics."""

    project = models.ForeignKey(Project, related_name="epic_statuses", on_delete=models.CASCADE)

    class Meta:
        """Taiga's order and constraints."""

        ordering = ["project", "order", "name"]
        unique_together = (("project", "name"), ("project", "slug"))


class UserStoryStatus(Status):
    """A status of user stories."""

    is_archived = models.BooleanField(default=False)
    wip_limit = models.IntegerField(null=True, blank=True, default=None)
    project = models.ForeignKey(Project, related_name="us_statuses", on_delete=models.CASCADE)

    class Meta:
        """Taiga's order and constraints."""

        ordering = ["project", "order", "name"]
        unique_together = (("project", "name"), ("project", "slug"))


class TaskStatus(Status):
    """A status of tasks."""

    project = models.ForeignKey(Project, related_name="task_statuses", on_delete=models.CASCADE)

    class Meta:
        """Taiga's order and constraints."""

        ordering = ["project", "order", "name"]
        unique_together = (("project", "name"), ("project", "slug"))


class IssueStatus(Status):
    """A status of issues."""

    project = models.ForeignKey(Project, related_name="issue_statuses", on_delete=models.CASCADE)

    class Meta:
        """Taiga's order and constraints."""

        ordering = ["project", "order", "name"]
        unique_together = (("project", "name"), ("project", "slug"))


def _free_slug(name: str) -> str:
    base = slugify(name, allow_unicode=True) or "project"
    taken = set(Project.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number, slug = number + 1, f"{base}-{number}"
    return slug
