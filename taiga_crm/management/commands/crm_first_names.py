"""crm_first_names: the lists that an installation starts with, in the language of its people."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from taiga_crm.services.first_names import languages, rename


class Command(BaseCommand):
    """Names that people have changed stay; without `--apply` nothing is changed."""

    help = "Translate the first types, industries and groups that nobody has renamed."

    def add_arguments(self, parser: Any) -> None:
        """Take the language and --apply."""
        parser.add_argument("language", choices=languages(), help="of the new names")
        parser.add_argument("--apply", action="store_true", help="do it, not only show it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each renaming."""
        done = rename(options["language"], apply=options["apply"])
        for kind, old, new in done:
            self.stdout.write(f"{kind}: {old} -> {new}")
        told = "renamed" if options["apply"] else "to rename; --apply does it"
        self.stdout.write(f"{len(done)} {told}")
