"""Fill the embedded host with people, projects and tickets; a second run adds nothing."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from taiga_crm.standalone.demo import subjects
from taiga_crm.standalone.demo.people import AURORA, NIMBUS, PASSWORD, PEOPLE, ROLES, TOOLS
from taiga_crm.standalone.epics.models import Epic, RelatedUserStory
from taiga_crm.standalone.issues.models import Issue
from taiga_crm.standalone.milestones.models import Milestone
from taiga_crm.standalone.projects.models import Membership, Project
from taiga_crm.standalone.tasks.models import Task
from taiga_crm.standalone.users.models import Role, User
from taiga_crm.standalone.userstories.models import UserStory

ISSUE_STATUSES = (
    ("New", "#70728F", False),
    ("In progress", "#40A8E4", False),
    ("Ready for test", "#A8E440", False),
    ("Needs info", "#E44057", False),
    ("Closed", "#A9AABC", True),
    ("Rejected", "#4C566A", True),
)
STORY_STATUSES = (
    ("New", "#70728F", False),
    ("Ready", "#E44057", False),
    ("In progress", "#40A8E4", False),
    ("Ready for test", "#A8E440", False),
    ("Done", "#A9AABC", True),
)


@dataclass(frozen=True)
class Plan:
    """One demo project and what is in it."""

    slug: str
    name: str
    description: str
    epics: tuple[str, ...]
    stories: tuple[str, ...]
    issues: tuple[str, ...]
    issue_count: int


PLANS = (
    Plan(
        AURORA,
        "Aurora shop",
        "The web shop of Aurora, for private and business customers.",
        subjects.AURORA_EPICS,
        subjects.AURORA_STORIES,
        subjects.AURORA_ISSUES,
        40,
    ),
    Plan(
        NIMBUS,
        "Nimbus support",
        "The help desk of Nimbus: requests and faults of our customers.",
        subjects.NIMBUS_EPICS,
        subjects.NIMBUS_STORIES,
        subjects.NIMBUS_ISSUES,
        60,
    ),
    Plan(
        TOOLS,
        "Internal tools",
        "What we build for ourselves.",
        subjects.TOOLS_EPICS,
        subjects.TOOLS_STORIES,
        subjects.TOOLS_ISSUES,
        20,
    ),
)


@transaction.atomic
def fill() -> list[str]:
    """Create what is missing and return the names of the projects made now."""
    people = {person.username: _person(person) for person in PEOPLE}
    made = [plan for plan in PLANS if not Project.objects.filter(slug=plan.slug).exists()]
    for plan in made:
        _project(plan, people)
    return [plan.name for plan in made]


def _person(person: Any) -> User:
    found = User.objects.filter(username=person.username).first()
    if found is not None:
        return found
    create = User.objects.create_superuser if person.is_superuser else User.objects.create_user
    return create(
        person.username,
        f"{person.username}@example.com",
        PASSWORD,
        full_name=person.full_name,
        lang=person.lang,
    )


def _project(plan: Plan, people: dict[str, User]) -> None:
    project = Project.objects.create(
        name=plan.name,
        slug=plan.slug,
        description=plan.description,
        owner=people["pam"],
        is_epics_activated=True,
        is_kanban_activated=plan.slug == NIMBUS,
    )
    members = _members(project, people)
    _statuses(project)
    writer = _Writer(project, members, random.Random(plan.slug))
    writer.write(plan)


def _members(project: Project, people: dict[str, User]) -> list[User]:
    roles = {
        name: Role.objects.create(project=project, name=name, permissions=sorted(keys), order=order)
        for order, (name, keys) in enumerate(ROLES.items())
    }
    here = [person for person in PEOPLE if project.slug in person.roles]
    for person in here:
        user, role = people[person.username], roles[person.roles[project.slug]]
        Membership.objects.create(
            project=project, user=user, role=role, is_admin=person.is_admin, email=user.email
        )
    return [people[p.username] for p in here if p.roles[project.slug] not in ("Viewer", "Partner")]


def _statuses(project: Project) -> None:
    for order, (name, color, closed) in enumerate(ISSUE_STATUSES):
        project.issue_statuses.create(name=name, color=color, is_closed=closed, order=order)
    kinds: tuple[Any, ...] = (project.us_statuses, project.task_statuses, project.epic_statuses)
    for statuses in kinds:
        for order, (name, color, closed) in enumerate(STORY_STATUSES):
            statuses.create(name=name, color=color, is_closed=closed, order=order)


class _Writer:
    """Writes one project's tickets with repeatable choices."""

    def __init__(self, project: Project, members: list[User], chance: random.Random) -> None:
        self.project = project
        self.members = members
        self.chance = chance
        self.now = timezone.now().replace(minute=0, second=0, microsecond=0)

    def write(self, plan: Plan) -> None:
        sprints = self._sprints()
        epics = [self._ticket(Epic, self.project.epic_statuses, name) for name in plan.epics]
        for order, subject in enumerate(plan.stories):
            self._story(subject, epics[order % len(epics)], self.chance.choice([*sprints, None]))
        for number in range(plan.issue_count):
            subject = plan.issues[number % len(plan.issues)].format(n=self.chance.randint(2, 28))
            due = self.now.date() + datetime.timedelta(days=self.chance.randint(-20, 40))
            self._ticket(
                Issue,
                self.project.issue_statuses,
                subject,
                due_date=self.chance.choice([due, None, None]),
            )

    def _sprints(self) -> list[Milestone]:
        start = self.now.date() - datetime.timedelta(days=28)
        return [
            Milestone.objects.create(
                project=self.project,
                name=f"Sprint {number + 1}",
                owner=self.members[0],
                estimated_start=start + datetime.timedelta(days=14 * number),
                estimated_finish=start + datetime.timedelta(days=14 * number + 13),
                closed=number < 2,
            )
            for number in range(4)
        ]

    def _story(self, subject: str, epic: Epic, sprint: Milestone | None) -> None:
        story = self._ticket(UserStory, self.project.us_statuses, subject, milestone=sprint)
        RelatedUserStory.objects.create(epic=epic, user_story=story)
        for name in self.chance.sample(subjects.TASKS, self.chance.randint(0, 3)):
            self._ticket(Task, self.project.task_statuses, name, user_story=story, milestone=sprint)

    def _ticket(self, model: Any, statuses: Any, subject: str, **extra: Any) -> Any:
        age = datetime.timedelta(days=self.chance.randint(0, 120), hours=self.chance.randint(0, 9))
        return model.objects.create(
            project=self.project,
            subject=subject,
            description="",
            status=self.chance.choice(list(statuses.all())),
            owner=self.chance.choice(self.members),
            assigned_to=self.chance.choice([*self.members, None]),
            created_date=self.now - age,
            **extra,
        )
