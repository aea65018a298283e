"""Print everything that follows from an entity's declaration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from taiga_crm.management.explaining import explain
from taiga_crm.management.snapshots import renew
from taiga_crm.registry.catalog import entities


class Command(BaseCommand):
    """Needs no database: the same text is a snapshot in the tests."""

    help = "Print everything derived from an entity's declaration; all entities without a name."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take entity keys, and optionally a directory for one file each."""
        parser.add_argument("entity", nargs="*", help="an entity's key, like account")
        parser.add_argument("--into", type=Path, help="write explain_<entity>.txt files there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Explain the named entities, or all."""
        known = {entity.key: entity for entity in entities()}
        wanted = options["entity"] or list(known)
        unknown = [key for key in wanted if key not in known]
        if unknown:
            raise CommandError(f"No entity {', '.join(unknown)}. There are: {', '.join(known)}")
        for key in wanted:
            self._tell(explain(known[key]), key, options["into"])

    def _tell(self, text: str, key: str, folder: Path | None) -> None:
        if folder is None:
            self.stdout.write(text)
        elif renew(folder / f"explain_{key}.txt", text):
            self.stdout.write(f"Renewed explain_{key}.txt")
