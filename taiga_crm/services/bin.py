"""Upkeep of the bin: what is older than conf.bin_days goes for good."""

from __future__ import annotations

import datetime

from taiga_crm.capabilities.bin import outdated, purge
from taiga_crm.capabilities.merge_undo import forget_journals


def purge_bin(now: datetime.datetime) -> int:
    """Throw away entries of the bin and journals of merges that are too old; return how many."""
    return purge(outdated(now)) + forget_journals(now)
