"""Mentions: people named in a text with @username, as far as they see the record."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.links import linkable_users
from taiga_crm.capabilities.sighting import who_sees
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.registry.entity import Entity

MENTION = re.compile(r"(?<![\w@./])@([\w][\w.+-]{0,254})")
MAX_MENTIONS = 20
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
SUGGESTIONS, TRIED = 8, 24


def names_in(text: str) -> list[str]:
    """Return the usernames that a text mentions outside of code, each once, in lower case."""
    found = MENTION.findall(CODE.sub(" ", text))
    return list(dict.fromkeys(name.rstrip(".-+").lower() for name in found))


def mentioned_people(
    entity: Entity, pk: int, writer: Any, text: str
) -> tuple[list[Any], list[str]]:
    """Return the mentioned people who see the record, and the names that reach nobody.

    An unknown name, one of a person the writer does not know, and one of a person who does not
    see the record get the same answer.
    """
    names = names_in(text)
    if len(names) > MAX_MENTIONS:
        raise InvalidInput({"text": [_("At most %d people can be mentioned.") % MAX_MENTIONS]})
    known = _named(writer, names) if names else []
    people = who_sees(entity, pk, known)
    reached = {person.username.lower() for person in people}
    return people, [name for name in names if name not in reached]


def people_to_mention(entity: Entity, pk: int, writer: Any, text: str) -> list[dict[str, Any]]:
    """Return a few people whose name begins with the text and who see the record."""
    people = linkable_users(writer).exclude(pk=writer.pk)
    if text:
        start = Q(username__istartswith=text) | Q(full_name__istartswith=text)
        people = people.filter(start | Q(full_name__icontains=f" {text}"))
    tried = list(people.distinct().order_by("full_name", "username", "pk")[:TRIED])
    return [
        {"id": one.pk, "username": one.username, "label": one.full_name or one.username}
        for one in who_sees(entity, pk, tried)[:SUGGESTIONS]
    ]


def _named(writer: Any, names: list[str]) -> list[Any]:
    """Usernames may differ in case alone: then all of them are meant."""
    wanted = Q()
    for name in names:
        wanted |= Q(username__iexact=name)
    return list(linkable_users(writer).filter(wanted).distinct()[: MAX_MENTIONS * 2])
