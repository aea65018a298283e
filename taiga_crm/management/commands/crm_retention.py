"""List the persons that retention rules are about, or anonymize them as the rules say."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from taiga_crm.kernel import clock
from taiga_crm.models import RetentionRule
from taiga_crm.services.retention import apply_retention, due


class Command(BaseCommand):
    """Without `--apply` nothing is changed; names are never printed."""

    help = "List persons that retention rules are about; --apply anonymizes as the rules say."

    def add_arguments(self, parser: Any) -> None:
        """Take --apply."""
        parser.add_argument("--apply", action="store_true", help="anonymize, some at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the number of each rule, then apply when asked to."""
        now = clock.now()
        rules = RetentionRule.objects.order_by("position", "name")
        for rule in rules:
            state = rule.action if rule.is_active else "off"
            self.stdout.write(f"{rule.name} ({rule.kind}, {state}): {due(rule, now).count()} due")
        if not rules:
            self.stdout.write("There are no retention rules")
        if options["apply"]:
            self.stdout.write(f"anonymized: {apply_retention(now)}")
