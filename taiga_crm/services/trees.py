"""Trees of dictionaries: nothing lies below itself, and not too deep."""

from __future__ import annotations

from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.kernel.errors import InvalidInput

MAX_DEPTH = 20


def prepare(draft: Draft) -> None:
    """Refuse a circle: one at a time, so that two moves at once cannot close one."""
    link = draft.entity.tree
    if link not in draft.values or draft.values[link] is None:
        return
    lock_in_transaction(f"crm.{draft.entity.key}.tree", 0)
    above = dict(draft.entity.model._base_manager.values_list("pk", f"{link}_id"))
    if not draft.creating:
        above[draft.record.pk] = draft.values[link]
    seen: list[int] = []
    one = draft.values[link]
    while one is not None and one != draft.record.pk and len(seen) < MAX_DEPTH:
        seen.append(one)
        one = above.get(one)
    if one is not None and one == draft.record.pk:
        raise InvalidInput({link: [_("It cannot be below itself.")]})
    if one is not None or len(seen) + _height(draft.record.pk, above) > MAX_DEPTH:
        raise InvalidInput({link: [_("The tree is too deep.")]})


def _height(pk: int | None, above: dict[int, int | None]) -> int:
    """Return how many levels a row and what lies below it take."""
    level, height = {pk}, 1
    while height <= MAX_DEPTH:
        level = {one for one, parent in above.items() if parent in level and parent is not None}
        if not level:
            return height
        height += 1
    return height
