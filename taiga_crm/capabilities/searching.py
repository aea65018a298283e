"""Search: every word is the beginning of a word of the row, in any alphabet.

With the pg_trgm extension the words may also stand inside words. Candidates are bounded
(conf.search_candidates), so that a frequent beginning never ranks the whole table.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func, Q, Value

from taiga_crm.conf import conf
from taiga_crm.kernel.text import words


class MatchesWords(Func):
    """to_tsvector('simple', column) @@ to_tsquery('simple', …), as the GIN index has it."""

    template = "to_tsvector('simple', %(expressions)s)"
    arg_joiner = ") @@ to_tsquery('simple', "
    output_field = BooleanField()


@lru_cache(maxsize=1)
def has_trigrams() -> bool:
    """Say whether pg_trgm and our index over search_text exist in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = 'crm_account_search_trgm'")
        return cursor.fetchone() is not None


def matching(queryset: Any, text: str, column: str) -> Any:
    """Narrow a queryset to rows whose search text has all the words; none without a word."""
    found = words(text)
    if not found:
        return queryset.none()
    if "__" in column:
        relation, _separator, inner = column.rpartition("__")
        model = queryset.model._meta.get_field(relation).related_model
        candidates = _candidates(model._base_manager.all(), inner, found)
        return queryset.filter(**{f"{relation}_id__in": candidates})
    return queryset.filter(pk__in=_candidates(queryset.order_by(), column, found))


def _candidates(queryset: Any, column: str, found: list[str]) -> Any:
    if has_trigrams() and all(len(word) >= 3 for word in found):
        condition = Q()
        for word in found:
            condition &= Q(**{f"{column}__contains": word})
        queryset = queryset.filter(condition)
    else:
        query = " & ".join(f"'{word}':*" for word in found)
        queryset = queryset.filter(MatchesWords(column, Value(query)))
    return queryset.values("pk")[: conf().search_candidates]
