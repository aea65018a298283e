"""Reading what a client wants to write into a ticket."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from rest_framework import fields
from rest_framework.exceptions import ValidationError

from taiga_crm.standalone.users.models import User

READERS: dict[str, Any] = {
    "subject": fields.CharField(),
    "description": fields.CharField(allow_blank=True),
    "tags": fields.ListField(child=fields.CharField()),
    "is_blocked": fields.BooleanField(),
    "blocked_note": fields.CharField(allow_blank=True),
    "due_date": fields.DateField(allow_null=True),
    "color": fields.RegexField(r"^#[0-9a-fA-F]{3,8}$"),
}
LINKS = ("status", "milestone", "user_story", "assigned_to")


def read_changes(model: Any, project: Any, given: Any, *, partial: bool) -> dict[str, Any]:
    """Return the checked values by column; raises ValidationError with a list for each field."""
    if not isinstance(given, dict):
        raise ValidationError({"non_field_errors": [_("Invalid data.")]})
    columns = {field.name: field for field in model._meta.concrete_fields}
    errors: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    if not partial and "subject" not in given:
        errors["subject"] = [_("This field is required.")]
    for name in (*READERS, *LINKS):
        if name not in given or name not in columns:
            continue
        try:
            changes[name] = _read(name, columns[name], project, given[name])
        except ValidationError as error:
            errors[name] = error.detail
    if errors:
        raise ValidationError(errors)
    return changes


def _read(name: str, column: Any, project: Any, value: Any) -> Any:
    if name in READERS:
        return READERS[name].run_validation(value)
    if value is None and name != "status":
        return None
    rows = column.related_model.objects
    rows = (
        User.objects.filter(memberships__project=project)
        if name == "assigned_to"
        else rows.filter(project=project)
    )
    try:
        return rows.get(pk=value)
    except (ObjectDoesNotExist, TypeError, ValueError) as missing:
        raise ValidationError([_('Invalid pk "%s" - object does not exist.') % value]) from missing
