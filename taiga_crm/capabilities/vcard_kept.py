"""Kept cards: what a card held beside the fields of its record, and the way back to the former."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.vcard_cards import FRAME, Card
from taiga_crm.capabilities.vcard_writing import kept_of
from taiga_crm.models import VcardKept

CARD = ":card"  # among the values that a row of an import has changed
MAX_KEPT = 400_000  # characters of a card that are kept beside its record
Json = dict[str, Any]


def keep_card(kind: str, pk: int, card: Card, remarks: list[str]) -> Json | None:
    """Keep a card beside its record; return what was kept before, empty where nothing was, and
    None when it was the same."""
    uid, lines = card.text("UID")[:255], _lines(card, remarks)
    kept, made = VcardKept.objects.get_or_create(
        kind=kind, object_id=pk, defaults={"uid": uid, "lines": lines}
    )
    if made:
        return {}
    before = {"uid": kept.uid, "lines": kept.lines}
    kept.uid, kept.lines = uid or kept.uid, lines
    if before == {"uid": kept.uid, "lines": kept.lines}:
        return None
    kept.save(update_fields=["uid", "lines"])
    return before


def put_back_cards(kind: str, former: Mapping[int, Json]) -> None:
    """Give records the kept cards they had; an empty one where there was none."""
    VcardKept.objects.filter(kind=kind, object_id__in=list(former)).delete()
    VcardKept.objects.bulk_create(
        VcardKept(kind=kind, object_id=pk, **one) for pk, one in former.items() if one
    )


def _lines(card: Card, remarks: list[str]) -> list[Json]:
    lines = [kept_of(one) for one in card.lines if one.name not in FRAME | {"UID"}]
    size = 0
    for place, line in enumerate(lines):
        size += len(line["value"])
        if size > MAX_KEPT:
            remarks.append(_("The card is too large to be kept whole."))
            return lines[:place]
    return lines
