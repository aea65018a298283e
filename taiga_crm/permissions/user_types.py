"""User types, for engines that let rights and views depend on them."""

from __future__ import annotations

from typing import Any

from taiga_crm.models import UserType


def user_types() -> Any:
    """Return the rows of all user types."""
    return UserType.objects.all()
