"""Create the demo's people, projects and tickets in the embedded host."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from taiga_crm.standalone.demo.sample_host import fill


class Command(BaseCommand):
    """Run the demo's filler; running it again adds nothing."""

    help = "Create the demo's people, projects and tickets in the embedded host."

    def handle(self, *args: Any, **options: Any) -> None:
        """Report what was created."""
        made = fill()
        self.stdout.write(f"Created {', '.join(made)}" if made else "The sample projects are there")
