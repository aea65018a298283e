"""Topics: what people are told about beside records, and how a mail about it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Topic:
    """Something else than a record that people are told about; `address` is its page."""

    label: str
    icon: str
    address: str


@dataclass(frozen=True)
class _Told:
    found: Callable[[Any, set[int]], dict[int, Topic]]
    subject: Callable[[str, str], str]


_topics: dict[str, _Told] = {}


def register_topic(
    kind: str,
    found: Callable[[Any, set[int]], dict[int, Topic]],
    subject: Callable[[str, str], str],
) -> None:
    """Let people be told about rows of a kind; `found(user, ids)` has those the person may see,
    `subject(verb, label)` says in the active language what happened."""
    _topics[kind] = _Told(found, subject)


def is_topic(kind: Any) -> bool:
    """Say whether a kind is a topic."""
    return kind in _topics


def topics_of(kind: str, user: Any, ids: set[int]) -> dict[int, Topic]:
    """Return those rows of a topic that the person may see."""
    return _topics[kind].found(user, ids)


def subject_of(kind: str, verb: str, label: str) -> str:
    """Return what happened to a row of a topic, in the active language."""
    return _topics[kind].subject(verb, label)
