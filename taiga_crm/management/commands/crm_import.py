"""Import accounts from a CSV file and say what became of every row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from taiga_crm.kernel.errors import InvalidInput, NotVisible
from taiga_crm.permissions.projects import crm_project, projects
from taiga_crm.services.import_report import DOUBTFUL, ImportReport
from taiga_crm.services.importing import import_accounts


class Command(BaseCommand):
    """One file, one transaction; running it again changes nothing."""

    help = "Import accounts from a CSV file; running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the project, the acting person, and how to read the file."""
        parser.add_argument("kind", choices=["accounts"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", metavar="SLUG", help="put the accounts into this project")
        parser.add_argument("--user", metavar="USERNAME", help="act as this person")
        parser.add_argument("--dry-run", action="store_true", help="report, but write nothing")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="what became of rows")
        parser.add_argument("--encoding", default="", help="do not guess the file's encoding")
        parser.add_argument("--currency", default="USD", help="of amounts that name none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then tell."""
        actor = _actor(options["user"])
        try:
            report = import_accounts(
                _content(options["file"]),
                actor,
                project_id=_project(options["project"], actor),
                dry_run=options["dry_run"],
                encoding=options["encoding"],
                currency=options["currency"],
            )
        except InvalidInput as refusal:
            raise CommandError(refusal.message) from refusal
        if options["report"] is not None:
            with options["report"].open("w", encoding="utf-8-sig", newline="") as file:
                report.write_csv(file)
        self._tell(report)

    def _tell(self, report: ImportReport) -> None:
        for row in report.rows:
            for remark in row.remarks:
                about = f"{remark.column} “{remark.written}”: " if remark.written else ""
                name = f", {row.name}" if row.name else ""
                mark = "REFUSED" if row.outcome == "refused" else "doubtful"
                self.stdout.write(f"line {row.line}{name}: {mark}: {about}{remark.text}")
        for header in report.ignored_columns:
            self.stdout.write(f"column “{header}” was not taken")
        counts = report.counts()
        doubtful = counts.pop(DOUBTFUL)
        told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
        self.stdout.write(f"{len(report.rows)} rows: {told}; {doubtful} of them doubtful")
        if report.dry_run:
            self.stdout.write("Dry run: nothing was written")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}") from error


def _actor(username: str | None) -> Any:
    people = get_user_model().objects.filter(is_active=True)
    if username is not None:
        found = people.filter(username=username).first()
        if found is None:
            raise CommandError(f"There is no active user {username}")
        return found
    found = people.filter(is_superuser=True).order_by("pk").first()
    if found is None:
        raise CommandError("There is no superuser: name somebody with --user")
    return found


def _project(slug: str | None, actor: Any) -> int | None:
    if slug is None:
        return None
    found = projects().filter(slug=slug).first()
    try:
        return int(crm_project(actor, found.pk if found else 0).pk)
    except NotVisible as refusal:
        raise CommandError(
            f"{actor.get_username()} has no project {slug} with the CRM switched on"
        ) from refusal
