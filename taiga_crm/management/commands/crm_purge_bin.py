"""crm_purge_bin: throw away what has been in the bin longer than bin_days."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from taiga_crm.kernel import clock
from taiga_crm.services.bin import purge_bin


class Command(BaseCommand):
    """Run by hand or once a day."""

    help = "Throw away deleted records that have been in the bin longer than bin_days."

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge and say how many."""
        number = purge_bin(clock.now())
        self.stdout.write(f"{number} purged")
