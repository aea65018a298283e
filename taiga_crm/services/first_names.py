"""The names that an installation starts with, in the language of its people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import pgettext

from taiga_crm.capabilities.history import record_history, text_change
from taiga_crm.capabilities.plain_edit import refresh_derived
from taiga_crm.models import AccountGroup, AccountType, ContactType, Industry, UserType
from taiga_crm.registry.catalog import entity_of_model

SOURCE = "en"  # what the migrations write


def rename(language: str, *, apply: bool) -> list[tuple[str, str, str]]:
    """Give the rows that still have their first name the name of a language.

    Returns [(kind, old name, new name)]. A row that people renamed stays, and so does one whose
    new name is taken. Names that another language was given before count as first names too.
    """
    done: list[tuple[str, str, str]] = []
    with transaction.atomic():
        for model, names in _renamings(language):
            taken = set(model.objects.values_list("name", flat=True))
            for row in (
                model.objects.filter(name__in=list(names)).select_for_update().order_by("pk")
            ):
                old, new = row.name, names[row.name]
                if new in taken:
                    continue
                done.append((str(model._meta.verbose_name), old, new))
                taken = (taken - {old}) | {new}
                if apply:
                    _give(row, new)
    return done


def first_names(language: str) -> dict[Any, tuple[str, ...]]:
    """Return the first names of each kind of row in a language, in the order of the migrations."""
    with translation.override(language):
        return {
            AccountType: (
                pgettext("account type", "Company"),
                pgettext("account type", "Personal"),
                pgettext("account type", "Account"),
            ),
            ContactType: (
                pgettext("contact type", "Employee"),
                pgettext("contact type", "Consultant"),
                pgettext("contact type", "Other"),
            ),
            Industry: (
                pgettext("industry", "Technology"),
                pgettext("industry", "Software"),
                pgettext("industry", "Telecommunications"),
                pgettext("industry", "Manufacturing"),
                pgettext("industry", "Retail"),
                pgettext("industry", "Finance"),
                pgettext("industry", "Medical"),
                pgettext("industry", "Education"),
                pgettext("industry", "Public sector"),
                pgettext("industry", "Energy"),
                pgettext("industry", "Construction"),
                pgettext("industry", "Transport"),
                pgettext("industry", "Hospitality"),
                pgettext("industry", "Entertainment"),
                pgettext("industry", "Marketing"),
                pgettext("industry", "Employment"),
                pgettext("industry", "Services"),
                pgettext("industry", "Other"),
            ),
            UserType: (
                pgettext("user type", "Sales representative"),
                pgettext("user type", "Sales director"),
                pgettext("user type", "CRM administrator"),
            ),
            AccountGroup: (
                pgettext("account group", "Key"),
                pgettext("account group", "Important"),
                pgettext("account group", "Special"),
                pgettext("account group", "Potential"),
                pgettext("account group", "Supplier"),
            ),
        }


def languages() -> list[str]:
    """Return the languages that have first names."""
    return [SOURCE, "ko"]


def _renamings(language: str) -> Iterator[tuple[Any, dict[str, str]]]:
    """Yield each model with {a first name in any other language: the one in this language}."""
    wanted = first_names(language)
    for model, fresh in wanted.items():
        names: dict[str, str] = {}
        for other in languages():
            names |= dict(zip(first_names(other)[model], fresh, strict=True))
        yield model, {old: new for old, new in names.items() if old != new}


def _give(row: Any, name: str) -> None:
    kind = entity_of_model(type(row))
    assert kind is not None
    old, row.name = row.name, name
    refresh_derived(kind, row)
    record_history(kind.key, row, None, "update", [text_change("name", old, name)])
