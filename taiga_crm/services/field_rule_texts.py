"""Say in one line for each field what its rules are: for the history of changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils import translation

from taiga_crm.capabilities.history import Change, text_change
from taiga_crm.models import UserType
from taiga_crm.registry.entity import Field

Row = Mapping[str, Any]


def changes_between(
    fields: Mapping[str, Field],
    before: Iterable[Row],
    after: Iterable[Row],
    states: Mapping[str, str],
) -> list[Change]:
    """Return one change for every field whose rules differ; `states` are {value: label}."""
    old, new = list(before), list(after)
    names = _Names([*old, *new], states)
    touched = {one["field"] for one in (*old, *new)}
    found = []
    for field in sorted(touched, key=list(fields).index if touched <= set(fields) else None):
        texts = [sorted(names.say(one) for one in rows if one["field"] == field)
                 for rows in (old, new)]  # fmt: skip
        if texts[0] != texts[1]:
            found.append(text_change(field, "; ".join(texts[0]), "; ".join(texts[1])))
    return found


class _Names:
    """The names of all people in some rules, read in three queries."""

    def __init__(self, rules: list[Row], states: Mapping[str, str]) -> None:
        self.states = states
        role = apps.get_model("users", "Role")
        self.known = {
            "roles": _labels(role, "name", rules, "roles"),
            "user_types": _labels(UserType, "name", rules, "user_types"),
            "users": _labels(get_user_model(), "username", rules, "users"),
        }

    def say(self, rule: Row) -> str:
        people = [
            self.known[name].get(pk, f"#{pk}") for name in self.known for pk in rule[name]
        ] or ["everybody"]
        states = ", ".join(self.states.get(one, f"#{one}") for one in rule["states"])
        where = f" [{states}]" if states else ""
        with translation.override("en"):
            return f"{rule['effect'].replace('_', ' ')}: {', '.join(people)}{where}"


def _labels(model: Any, column: str, rules: list[Row], name: str) -> dict[int, str]:
    ids = {pk for rule in rules for pk in rule[name]}
    if not ids:
        return {}
    return dict(model.objects.filter(pk__in=ids).values_list("pk", column))
