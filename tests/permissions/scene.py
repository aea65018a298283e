"""The people and the rows of the permission matrix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import records
from customs import define
from hooks import make_webhook
from imported import draft

from factories import make_issue, make_member, make_role, make_user
from personas import make_world
from taiga_crm import models
from taiga_crm.capabilities.removing import delete_rows
from taiga_crm.registry.catalog import entity

PERSONAS = (
    "anon", "stranger", "outsider", "viewer", "seller", "owner", "director", "partner", "admin",
    "elsewhere", "superuser", "blocked",
)  # fmt: skip
PLACES = ("team", "private", "global", "foreign", "blocked")
SECRET = "Zq7Secret"


@dataclass
class Scene:
    """Who is there, and the accounts, contacts, tickets and links by the name of their place."""

    people: dict[str, Any]
    projects: dict[str, Any]
    roles: dict[str, Any]
    accounts: dict[str, Any] = field(default_factory=dict)
    contacts: dict[str, Any] = field(default_factory=dict)
    issues: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Any] = field(default_factory=dict)
    connections: dict[str, Any] = field(default_factory=dict)
    binned: dict[str, Any] = field(default_factory=dict)
    mine: dict[str, Any] = field(default_factory=dict)
    my_contacts: dict[str, Any] = field(default_factory=dict)
    views: dict[str, Any] = field(default_factory=dict)
    job: Any = None
    imported: Any = None
    profile: Any = None
    custom: Any = None
    attachments: dict[str, Any] = field(default_factory=dict)
    webhooks: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)

    def account(self, place: str, persona: str) -> Any:
        """Return the account of a place; "mine" is another one for each person."""
        return self.mine[persona] if place == "mine" else self.accounts[place]

    def contact(self, place: str, persona: str) -> Any:
        """Return a contact of that account."""
        return self.my_contacts[persona] if place == "mine" else self.contacts[place]


def make_scene() -> Scene:
    """Create Aurora with everybody, Boreas next to it, blocked Zephyr, and Nimbus with CRM off."""
    world = make_world()
    projects = {
        "home": world.project,
        "off": world.other_project,
        "foreign": records.make_crm_project("Boreas"),
        "blocked": records.make_crm_project("Zephyr", blocked_code="blocked-by-staff"),
    }
    people = dict(world.people)
    people["outsider"] = make_member(world.project, make_user("outsider"))
    people["elsewhere"] = make_member(projects["foreign"], make_user("elsewhere"), is_admin=True)
    people["blocked"] = records.make_worker(projects["blocked"], "blocked")
    roles = {
        "home": world.roles["viewer"],
        "foreign": make_role(projects["foreign"]),
        "blocked": make_role(projects["blocked"]),
        "off": make_role(projects["off"]),
    }
    scene = Scene(people, projects, roles)
    scene.job = models.Job.objects.create(kind="test", created_by=people["seller"])
    scene.imported, scene.profile = _imported(people["seller"])
    scene.custom = define("text", "Warehouse", by=people["superuser"], name="cf_warehouse")
    _rows(scene)
    _webhooks(scene)
    return scene


def _imported(owner: Any) -> tuple[Any, Any]:
    """Take a file in for the seller, and keep a profile that everybody may use."""
    run = draft(owner, b"name\nImported Ltd\n")
    profile = models.ImportProfile.objects.create(
        kind="account", name="Shared", owner=owner, is_shared=True,
        columns=[{"header": "name", "field": "name", "options": {}}],
    )  # fmt: skip
    return run, profile


def _webhooks(scene: Scene) -> None:
    """Add a webhook of all projects, and one to each project, that has failed once; then
    nobody is told of what the requests do."""
    owner = scene.people["superuser"]
    places = {"-": None, **{one: scene.projects[one] for one in ("home", "foreign", "blocked")}}
    for place, project in places.items():
        hook = make_webhook(owner, "https://8.8.8.8/", project, events=["imported"])
        hook.deliveries.create(event="ping", state="failed", body=SECRET, built_for=owner)
        scene.webhooks[place] = hook


def _rows(scene: Scene) -> None:
    keeper = records.make_worker(scene.projects["home"], "keeper")
    project_of = {
        "team": "home", "private": "home", "global": "foreign", "foreign": "foreign",
        "blocked": "blocked",
    }  # fmt: skip
    for place, project in project_of.items():
        account = scene.accounts[place] = records.make_account(
            SECRET if place == "private" else f"{place} account",
            scene.projects[project],
            created_by=keeper,
            is_private=place == "private",
            is_global=place == "global",
        )
        scene.contacts[place] = records.make_contact(account, created_by=keeper)
        scene.attachments[place] = records.make_attachment(account)
        issue = scene.issues[place] = make_issue(scene.projects[project])
        scene.links[place] = records.link(issue, account)
        scene.binned[place] = _binned(place, scene.projects[project], keeper)
    scene.issues["off"] = make_issue(scene.projects["off"])
    hub = records.make_account("Hub", scene.projects["home"], created_by=keeper, is_global=True)
    for place, account in scene.accounts.items():
        scene.connections[place] = records.connect(hub, account)
    scene.accounts["hub"] = hub
    _mine(scene, hub, keeper)
    for name, person in {**scene.people, "keeper": keeper}.items():
        scene.tokens[name] = records.make_token(person)[0]
    _comments(scene, keeper)
    _views(scene, keeper)


def _views(scene: Scene, keeper: Any) -> None:
    """Save a private view, one for everybody, and one for everybody of each project."""
    scene.views["private"] = records.make_view(SECRET, keeper)
    scene.views["global"] = records.make_view("Of all", keeper, sharing="public")
    for name in ("home", "foreign", "off"):
        project = scene.projects[name]
        scene.views[name] = records.make_view(
            f"Of {name}", keeper, sharing="public", project=project
        )


def _binned(place: str, project: Any, keeper: Any) -> models.BinEntry:
    """Delete an account of the place; return what the bin has of it."""
    account = records.make_account(
        f"{SECRET} binned" if place == "private" else f"{place} binned",
        project,
        created_by=keeper,
        is_private=place == "private",
        is_global=place == "global",
    )
    delete_rows(entity("account"), [account], keeper)
    return models.BinEntry.objects.latest("pk")


def _mine(scene: Scene, hub: models.Account, keeper: Any) -> None:
    at = {"elsewhere": "foreign", "blocked": "blocked"}
    for persona in PERSONAS:
        user = scene.people.get(persona)
        account = scene.mine[persona] = records.make_account(
            f"{persona}'s own",
            scene.projects[at.get(persona, "home")],
            created_by=keeper,
            account_manager=user,
        )
        scene.attachments[f"mine {persona}"] = records.make_attachment(account)
        if user is not None:
            models.Favorite.objects.create(kind="account", object_id=hub.pk, user=user, position=5)
        scene.my_contacts[persona] = records.make_contact(account, created_by=keeper)
        scene.connections[f"mine {persona}"] = records.connect(hub, account)


def _comments(scene: Scene, keeper: Any) -> None:
    """Let the keeper say something about every record, and everybody give a consent."""
    purpose = models.ConsentPurpose.objects.create(name="Newsletter")
    models.ConsentPurpose.objects.create(name="Other")
    models.RetentionRule.objects.create(name="Old", kind="contact", months=36)
    rows = [*scene.accounts.values(), *scene.contacts.values(), *scene.mine.values()]
    for row in (*rows, *scene.my_contacts.values()):
        models.Comment.objects.create(
            kind=row._meta.model_name, object_id=row.pk, text=SECRET, author=keeper
        )
        models.Consent.objects.create(
            kind=row._meta.model_name,
            object_id=row.pk,
            purpose=purpose,
            given_on="2026-01-02",
            source=SECRET,
        )
