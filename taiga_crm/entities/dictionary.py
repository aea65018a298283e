"""Dictionaries: short lists that holders of the settings key keep."""

from __future__ import annotations

from typing import Any

from taiga_crm.permissions.standing import IN_CRM, KEEPS_SETTINGS
from taiga_crm.registry.catalog import register
from taiga_crm.registry.entity import Entity, Section, Tab
from taiga_crm.registry.rules import Rule


def dictionary(
    key: str, path: str, model: Any, *columns: str, keeper: Rule = KEEPS_SETTINGS, **more: Any
) -> Entity:
    """Register a dictionary: a name, a position, and some columns of its own."""
    names = ("name", *columns, "position")
    labels = model._meta
    options = {
        "ordering": ("position", "name"),
        "icon": "list",
        "tabs": (Tab("data", labels.verbose_name, "data"),),
        "rules": {
            "view": IN_CRM | keeper,
            **dict.fromkeys(("add", "change", "delete"), keeper),
        },
        **more,
    }
    return register(
        Entity(
            key=key,
            path=path,
            model=model,
            label=labels.verbose_name,
            label_plural=labels.verbose_name_plural,
            scope="settings",
            list_display=names,
            fieldsets=(Section(labels.verbose_name, names),),
            **options,
        )
    )
