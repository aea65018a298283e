"""crm_adopt: give the private accounts of people who are gone to a person who is there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from taiga_crm.services.upkeep import adopt_private, private_without_creator


class Command(BaseCommand):
    """Without `--apply` nothing is changed; names are never printed."""

    help = "Give private accounts whose creator was deleted to a person (docs/adr/0008)."

    def add_arguments(self, parser: Any) -> None:
        """Take the login name and --apply."""
        parser.add_argument("username", help="who becomes their creator and alone sees them")
        parser.add_argument("--apply", action="store_true", help="do it, not only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, or give them away and say how many."""
        people = get_user_model().objects.filter(username=options["username"], is_active=True)
        person = people.first()
        if person is None:
            raise CommandError("No active user has this name.")
        if options["apply"]:
            self.stdout.write(f"given to {person.username}: {len(adopt_private(person))}")
            return
        found = len(private_without_creator())
        self.stdout.write(f"private accounts without a creator: {found}; --apply gives them away")
