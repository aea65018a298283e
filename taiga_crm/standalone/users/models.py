"""People, roles and refused refresh tokens, in Taiga's tables."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.text import slugify


class UserManager(BaseUserManager["User"]):
    """Create people the way `createsuperuser` expects."""

    def create_user(
        self, username: str, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create an ordinary, active person."""
        user = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str, password: str | None = None, **fields: Any
    ) -> User:
        """Create a person who may do everything."""
        return self.create_user(
            username, email, password, is_superuser=True, is_staff=True, **fields
        )


class User(AbstractBaseUser):
    """A person who may log in; cancelled people stay as inactive, anonymous rows."""

    username = models.CharField(max_length=255, unique=True)
    email = models.EmailField(max_length=255, unique=True)
    full_name = models.CharField(max_length=256, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    is_system = models.BooleanField(default=False)
    color = models.CharField(max_length=9, blank=True, default="#70728f")
    bio = models.TextField(blank=True, default="")
    photo = models.FileField(upload_to="user", max_length=500, null=True, blank=True)
    date_joined = models.DateTimeField(default=timezone.now)
    date_cancelled = models.DateTimeField(null=True, blank=True, default=None)
    lang = models.CharField(max_length=20, null=True, blank=True, default="")  # noqa: DJ001 - Taiga's column
    theme = models.CharField(max_length=100, null=True, blank=True, default="")  # noqa: DJ001 - Taiga's column
    timezone = models.CharField(max_length=20, null=True, blank=True, default="")  # noqa: DJ001 - Taiga's column

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        """Taiga's order."""

        ordering = ["username"]

    def __str__(self) -> str:
        """Show the name people know."""
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the full name, or what is there instead."""
        return self.full_name or self.username or self.email

    def get_short_name(self) -> str:
        """Return the login name, as Taiga does."""
        return self.username

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Only superusers have Django permissions, as in Taiga."""
        return self.is_active and self.is_superuser


class Role(models.Model):
    """What the members of one project with this role may do."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=250, blank=True)
    permissions = ArrayField(models.TextField(), null=True, blank=True, default=list)
    order = models.IntegerField(default=10)
    project = models.ForeignKey(
        "projects.Project", null=True, blank=False, related_name="roles", on_delete=models.CASCADE
    )
    computable = models.BooleanField(default=True)

    class Meta:
        """Taiga's order and constraint."""

        ordering = ["order", "slug"]
        unique_together = (("slug", "project"),)

    def __str__(self) -> str:
        """Show the role's name."""
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive the slug from the name, as Taiga does."""
        self.slug = self.slug or slugify(self.name, allow_unicode=True) or "role"
        super().save(*args, **kwargs)


class RefusedRefreshToken(models.Model):
    """A refresh token that was used once; using it again is refused until it has expired."""

    jti = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Show the token's id, never the token."""
        return self.jti
