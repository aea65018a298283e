"""Fill projects with invented companies, people and ticket links."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.management.sample_data import rights
from taiga_crm.management.sample_data.cast import cast_of, find_boss
from taiga_crm.management.sample_data.filling import Filler
from taiga_crm.management.sample_data.plan import Planned, make_plan
from taiga_crm.management.sample_data.tickets import link_tickets
from taiga_crm.management.sample_data.views import share_views
from taiga_crm.models import Account
from taiga_crm.permissions.projects import projects as host_projects

DEMO = ("aurora-shop", "nimbus-support")


class Command(BaseCommand):
    """Runs in one transaction; a second run finds its companies and adds nothing."""

    help = "Fill projects with invented accounts, contacts and ticket links."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the projects; without any, the demo's own ones."""
        parser.add_argument("--projects", metavar="SLUG,SLUG", help="instead of the demo's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Switch the CRM on, give keys to roles, then fill."""
        slugs = options["projects"].split(",") if options["projects"] else list(DEMO)
        boss = find_boss()
        if boss is None:
            raise CommandError("There is no superuser to act as")
        with transaction.atomic():
            lock_in_transaction("crm.sample_data", 0)
            found = _projects(slugs)
            plan = make_plan()
            if _is_filled(found, plan):
                self.stdout.write("The sample data is there")
                return
            made = _fill(found, plan, boss, is_demo=not options["projects"])
        self.stdout.write(f"Created {made} accounts in {', '.join(p.name for p in found)}")


def _projects(slugs: list[str]) -> list[Any]:
    known = {project.slug: project for project in host_projects().filter(slug__in=slugs)}
    missing = [slug for slug in slugs if slug not in known]
    if missing:
        raise CommandError(f"There is no project {', '.join(missing)}")
    return [known[slug] for slug in slugs]


def _is_filled(projects: list[Any], plan: list[Planned]) -> bool:
    return any(
        Account.objects.unscoped()
        .filter(project_ids__contains=[project.pk], name__in=[one.name for one in plan])
        .exists()
        for project in projects
    )


def _fill(projects: list[Any], plan: list[Planned], boss: Any, *, is_demo: bool) -> int:
    for project in projects:
        rights.switch_on(project, boss)
        rights.give_keys(project, boss)
    if is_demo:
        rights.appoint_director(boss)
    filler = Filler(projects, [cast_of(project, boss) for project in projects])
    filler.fill(plan)
    for project in projects:
        link_tickets(project, filler.made, boss)
        share_views(project, boss)
    return len(filler.made)
