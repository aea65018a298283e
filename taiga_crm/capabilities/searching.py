"""Search: every word is the beginning of a word of the row, in any alphabet.

With the pg_trgm extension the words may also stand inside words. Candidates are bounded
(conf.search_candidates), so that a frequent beginning never ranks the whole table.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, Subquery, Value

from taiga_crm.capabilities.visible_search import in_visible_fields, searches_hidden
from taiga_crm.conf import conf
from taiga_crm.kernel.text import words
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entity_of_model
from taiga_crm.registry.columns import FirstOf
from taiga_crm.registry.entity import Entity


class MatchesWords(Func):
    """to_tsvector('simple', column) @@ to_tsquery('simple', …), as the GIN index has it."""

    template = "to_tsvector('simple', %(expressions)s)"
    arg_joiner = ") @@ to_tsquery('simple', "
    output_field = BooleanField()


class Ids(Subquery):
    """The ids of a subquery as one array: found first, and once, whatever the planner guesses."""

    template = "ARRAY(%(subquery)s)"
    output_field = ArrayField(BigIntegerField())


class IsOneOf(Func):
    """column = ANY(array)."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


@lru_cache(maxsize=1)
def has_trigrams() -> bool:
    """Say whether pg_trgm and our index over search_text exist in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = 'crm_account_search_trgm'")
        return cursor.fetchone() is not None


def matching(queryset: Any, text: str, column: str, user: Any) -> Any:
    """Narrow a queryset to rows whose search text has all the words; none without a word.

    The candidates are rows that the person may see: others must not use up the bound.
    """
    found = words(text)
    if not found:
        return queryset.none()
    if "__" in column:
        relation, _separator, inner = column.rpartition("__")
        related = entity_of_model(queryset.model._meta.get_field(relation).related_model)
        assert related is not None, f"{column} leads to rows that no entity declares"
        candidates = _candidates(rows_for(related, user), related, inner, found, user)
        return queryset.filter(IsOneOf(F(f"{relation}_id"), Ids(candidates)))
    entity = entity_of_model(queryset.model)
    assert entity is not None, f"rows of {queryset.model} that no entity declares"
    candidates = _candidates(queryset.order_by(), entity, column, found, user)
    # the candidates passed rules and filters already: asking again reads the whole table
    return queryset.model._base_manager.filter(IsOneOf(F("pk"), Ids(candidates)))


def containing(model: Any, column: FirstOf, text: str) -> Q:
    """Return the rows whose related row contains the text.

    Each related table is read alone: over the joined tables PostgreSQL needs five times as long.
    """
    result = Q()
    for relation in column.relations:
        related = model._meta.get_field(relation).related_model
        found = related._base_manager.filter(**{f"{column.path}__icontains": text})
        result |= Q(**{f"{relation}_id__in": found.values("pk")})
    return result


def _candidates(queryset: Any, entity: Entity, column: str, found: list[str], user: Any) -> Any:
    anywhere = has_trigrams() and all(len(word) >= 3 for word in found)
    if anywhere:
        condition = Q()
        for word in found:
            condition &= Q(**{f"{column}__contains": word})
        queryset = queryset.filter(condition)
    else:
        query = " & ".join(f"'{word}':*" for word in found)
        queryset = queryset.filter(MatchesWords(column, Value(query)))
    if searches_hidden(entity, user):
        queryset = in_visible_fields(queryset, entity, user, found, anywhere=anywhere)
    return queryset.values("pk")[: conf().search_candidates]
