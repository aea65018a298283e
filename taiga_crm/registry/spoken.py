"""Spoken: a text that people wrote in several languages, read in the reader's."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Spoken:
    """A text and its variants as (language, text) pairs; `str` gives the one of the reader."""

    text: str
    variants: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        language = (get_language() or "").lower()
        known = {code.lower(): text for code, text in self.variants if text}
        return known.get(language) or known.get(language.partition("-")[0]) or self.text

    def __bool__(self) -> bool:
        return bool(self.text)
