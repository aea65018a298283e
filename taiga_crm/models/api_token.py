"""ApiToken: a person's key for programs, kept as a hash; and how often a key was used just now."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from taiga_crm.kernel import clock


class ApiToken(models.Model):
    """What a program may do in the name of a person, until when.

    `digest` is the SHA-256 of the secret, which is nowhere; `prefix` finds the row and is shown.
    Empty `projects` are all of the person's.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="crm_api_tokens"
    )
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20))
    projects = ArrayField(models.BigIntegerField(), default=list)
    days = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    last_ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="crm_api_token_of_owner")]


class RateCount(models.Model):
    """How many requests one key has made since the beginning of its current window.

    The table is not written ahead: after a crash of the database all counts begin anew.
    """

    key = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    number = models.PositiveIntegerField()
