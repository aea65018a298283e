"""Values as people write them: yes and no, options by their labels, in every language we speak."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation

from taiga_crm.kernel.text import folded
from taiga_crm.registry.entity import Choice

YES_WORDS = "yes y true 1 x on ja wahr ano pravda si sí sì oui vrai tak prawda はい 예 네 참 o ✓ ✔"
NO_WORDS = "no n false 0 off nein falsch ne nepravda non faux nie いいえ 아니오 아니요 아뇨 거짓 ✗"
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())


def read_flag(text: str) -> bool | None:
    """Return what a yes or no means; None for anything else."""
    word = folded(text)
    return True if word in YES else False if word in NO else None


def labels_of(label: Any) -> list[str]:
    """Return a text in all languages, each wording once."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(str(label))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=500)
def options_of(choices: tuple[Choice, ...]) -> dict[str, str]:
    """Return {folded value or label in any language: value} of the options still offered."""
    found: dict[str, str] = {}
    for choice in choices:
        if not choice.retired:
            found.setdefault(folded(choice.value), choice.value)
    for choice in choices:
        if not choice.retired:
            for label in labels_of(choice.label):
                found.setdefault(folded(label), choice.value)
    return found
