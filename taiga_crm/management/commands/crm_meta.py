"""Print the meta of all entities as JSON, or keep the front's copy of it current."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from taiga_crm.capabilities.meta import describe_all
from taiga_crm.management.snapshots import PACKAGE, drift, renew

SNAPSHOT = PACKAGE / "front" / "src" / "generated" / "meta.json"


class Command(BaseCommand):
    """Needs no database: the meta follows from the declarations alone."""

    help = "Print what the front knows about every entity, in English, as sorted JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer to compare or renew the copy that the front is compiled with."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="fail when the front's copy differs")
        what.add_argument("--write", action="store_true", help="renew the front's copy")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, compare or write."""
        text = meta_text()
        if options["check"] and (fault := drift(SNAPSHOT, text)):
            raise CommandError(fault)
        if options["write"] and renew(SNAPSHOT, text):
            self.stdout.write(f"Renewed {SNAPSHOT.name}")
        if not (options["check"] or options["write"]):
            self.stdout.write(text, ending="")


def meta_text() -> str:
    """Return the meta as people and diffs like it."""
    with translation.override("en"):
        meta = describe_all(None)
    return json.dumps(meta, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
