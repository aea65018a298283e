"""How each URL of the matrix is called: the targets of a URL and the body of a method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from import_recipes import HEADS as IMPORTS
from import_recipes import import_request, job_request
from records import company, employee
from scene import Scene
from set_recipes import is_set, lists_of_page, set_request
from settings_recipes import HEADS as SETTINGS
from settings_recipes import settings_request, settings_targets
from urls_of_crm import all_urls

from taiga_crm import models

RECORDS = ("team", "mine", "private", "global", "foreign", "blocked")
PROJECTS = ("home", "off", "foreign", "blocked")
LINKS = ("team", "private", "global", "foreign", "blocked")
DICTIONARIES = {
    "account-groups": models.AccountGroup,
    "industries": models.Industry,
    "account-types": models.AccountType,
    "contact-types": models.ContactType,
    "user-types": models.UserType,
    "consent-purposes": models.ConsentPurpose,
    "retention-rules": models.RetentionRule,
}
PLAIN = {
    "me", "meta", "users", "projects", "search", "schema", "jobs", "notifications",
    "notifications/unread", "notifications/read", "notifications/settings",
    "vcards", "vcards/preview", "vcards/mapping",
}  # fmt: skip
BODIES = {
    "PATCH vcards/mapping": {"kind": "contact", "version": 1, "fields": {"notes": "NOTE"}},
    "POST notifications/read": {"until": 1},
    "PATCH notifications/settings": {"mail_followed": True},
}
ON_LISTS = ("groups", "export.csv", "export.xlsx", "vcards", "lookup", "new")
VIEWS = ("private", "global", "home", "foreign", "off")


def cases() -> Iterator[tuple[str, str, str]]:
    """Yield (template, method, target) of every URL; KeyError for a URL without a recipe."""
    for template, methods in all_urls().items():
        for method in methods:
            for target in targets(template, method):
                yield template, method, target


def targets(template: str, method: str) -> tuple[str, ...]:
    """Return what a URL is tried on."""
    head, _slash, tail = template.partition("/")
    if template in PLAIN:
        return ("-",)
    if head in SETTINGS:
        return settings_targets(template)
    if is_set(template):
        return RECORDS
    if head in DICTIONARIES or head in ("jobs", "custom-fields", "favorites", *IMPORTS):
        return ("-",)
    if head == "views":
        return VIEWS if "{pk}" in template or tail == "reorder" else ("-", "home", "foreign", "off")
    if head in ("accounts", "contacts", "tickets") and (not tail or tail in ON_LISTS):
        return ("-",) if method == "POST" and head == "contacts" else _lists(head, tail, method)
    if template in ("bin", "bin/empty"):
        return ("-", *PROJECTS)
    return {
        "projects": PROJECTS, "accounts": RECORDS, "contacts": RECORDS, "tickets": LINKS,
        "ticket-accounts": LINKS if tail else (*LINKS, "off"), "attachments": RECORDS,
        "bin": LINKS,
    }[head]  # fmt: skip


def _lists(head: str, tail: str, method: str) -> tuple[str, ...]:
    if method == "POST":
        return ("home", "private", "foreign", "blocked", "off", "nowhere")
    return ("-", *PROJECTS)


def request_of(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    """Return (path, parameters or body)."""
    head, _slash, _tail = template.partition("/")
    if template in PLAIN:
        body = BODIES.get(f"{method} {template}", {})
        return template, {"q": "account"} if template == "search" else body
    if head in DICTIONARIES:
        return _dictionary(scene, head, template, method)
    recipe = set_request if is_set(template) else RECIPES.get(head, _account)
    path, body = recipe(scene, template, method, target, persona)
    return path, body | ({"lists": lists_of_page(head)} if template.endswith("/page") else {})


def _bin(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    if template in ("bin", "bin/empty"):
        return template, _at(scene, target)
    entry = scene.binned[target]
    if template == "bin/restore":
        return template, {"kind": "account", "ids": [entry.object_id]}
    return template.format(pk=entry.pk), {}


CUSTOM_FIELDS = {
    "POST custom-fields": {"kind": "account", "label": "New", "value_kind": "text"},
    "PATCH custom-fields/{pk}": {"version": 1, "label": "Renamed"},
    "POST custom-fields/order": {"kind": "account"},
    "POST custom-fields/formula": {"kind": "account", "formula": "1", "result_kind": "integer"},
    "POST custom-fields/recalculate": {"kind": "account"},
}


def _custom_field(
    scene: Scene, template: str, method: str, _target: str, _persona: str
) -> tuple[str, dict[str, Any]]:
    body = {**CUSTOM_FIELDS.get(f"{method} {template}", {})}
    if template.endswith("order"):
        body["ids"] = [scene.custom.pk]
    elif template == "custom-fields" and method == "GET":
        body = {"kind": "account"}
    return template.format(pk=scene.custom.pk), body


def _view(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    if template == "views/audiences":
        return template, _at(scene, target)
    if template == "views":
        project = None if target == "-" else scene.projects[target].pk
        body = {"kind": "account", "name": "New", "sharing": "public", "project": project}
        asked = {"kind": "account", **_at(scene, target)}
        return template, body if method == "POST" else asked
    view = scene.views[target]
    if template.endswith("reorder"):
        return template, {"kind": "account", "ids": [view.pk]}
    if template.endswith("default"):
        return template.format(pk=view.pk), {"for": "me"}
    return template.format(pk=view.pk), _change(method, view, "name")


def _favorite(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    mine, hub = scene.account("mine", persona), scene.accounts["hub"]
    item = {"kind": "account", "id": mine.pk if template == "favorites" else hub.pk}
    if template.endswith("reorder"):
        return template, {"items": [item]}
    path = template.format(kind=item["kind"], pk=item["id"])
    return path, item if method == "POST" else {}


def _dictionary(scene: Scene, head: str, template: str, method: str) -> tuple[str, dict[str, Any]]:
    row = DICTIONARIES[head].objects.order_by("-pk").first()
    assert row is not None
    if template.endswith("/members"):
        return template.format(pk=row.pk), {"add": [scene.accounts["global"].pk]}
    if template.endswith("/due"):
        return template.format(pk=row.pk), {"ids": [1]} if method == "POST" else {}
    new = {"name": "A new name", "kind": "contact"} if head == "retention-rules" else {}
    body = {
        "POST": new or {"name": "A new name"},
        "PATCH": {"name": "Renamed", "version": row.version},
    }
    return template.format(pk=row.pk), body.get(method, {})


def _project(
    scene: Scene, template: str, method: str, target: str, _persona: str
) -> tuple[str, dict[str, Any]]:
    path = template.format(pk=scene.projects[target].pk, role=scene.roles[target].pk)
    if method == "GET":
        return path, {}
    if template.endswith("settings"):
        return path, {"enabled": target == "off"}
    return path, {"keys": ["view_account"], "scopes": {"account": "own"}, "version": 1}


def _ticket(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    if "{pk}" not in template:
        return _account(scene, template, method, target, persona)
    return template.format(pk=scene.links[target].pk), {}


def _ticket_link(
    scene: Scene, template: str, method: str, target: str, _persona: str
) -> tuple[str, dict[str, Any]]:
    if "{pk}" in template:
        return template.format(pk=scene.links[target].pk), {}
    ticket = {"kind": "issue", "ticket": scene.issues[target].pk}
    if method == "GET":
        return template, ticket
    return template, {**ticket, "account": scene.accounts["hub"].pk}


def _contact(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    if "{pk}" not in template:
        if method == "POST":
            account = scene.accounts["team"].pk
            return template, {"type": employee().pk, "last_name": "New", "account": account}
        return template, _at(scene, target)
    row = scene.contact(target, persona)
    if _is_stream(template):
        return _stream(template, method, row)
    return template.format(pk=row.pk), _change(method, row, "notes")


def _account(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    if "{pk}" not in template:
        return template, _new_account(scene, target) if method == "POST" else _at(scene, target)
    row = scene.account(target, persona)
    if _is_stream(template):
        return _stream(template, method, row)
    link = scene.connections[f"mine {persona}" if target == "mine" else target]
    project = row.project_ids[0]
    path = template.format(pk=row.pk, project=project, connection=link.pk)
    if template.endswith("/projects") and method == "POST":
        return path, {"project": scene.projects["home"].pk}
    if template.endswith("/connections") and method == "POST":
        return path, {"account": scene.accounts["hub"].pk, "note": "changed"}
    if template.endswith("/favorite"):
        return path, {"value": True}
    return path, _change(method, row, "description")


STREAM = (
    "timeline", "comments", "people", "followers", "follow", "unfollow", "consents",
    "personal-archive",
)  # fmt: skip


def _is_stream(template: str) -> bool:
    return template.split("/")[2:3] != [] and template.split("/")[2] in STREAM


def _stream(template: str, method: str, row: Any) -> tuple[str, dict[str, Any]]:
    """Comments are the keeper's: nobody of the matrix may change one."""
    said = models.Comment.objects.get(kind=row._meta.model_name, object_id=row.pk)
    consent = models.Consent.objects.get(kind=row._meta.model_name, object_id=row.pk)
    path = template.format(pk=row.pk, comment=said.pk, consent=consent.pk)
    if template.endswith("/consents") and method == "POST":
        other = models.ConsentPurpose.objects.get(name="Other")
        return path, {"purpose": other.pk, "given_on": "2026-01-02", "source": "Fair"}
    body = {"text": "A remark", "version": 1} if method in ("POST", "PATCH") else {}
    return path, {} if template.endswith("/withdraw") else body


def _new_account(scene: Scene, target: str) -> dict[str, Any]:
    body: dict[str, Any] = {"type": company().pk, "first_name": "New"}
    if target == "private":
        return {**body, "is_private": True}
    if target == "nowhere":
        return body
    return {**body, "projects": [scene.projects[target].pk]}


def _at(scene: Scene, target: str) -> dict[str, Any]:
    return {} if target == "-" else {"project": scene.projects[target].pk}


def _change(method: str, row: Any, column: str) -> dict[str, Any]:
    return {column: "changed", "version": row.version} if method == "PATCH" else {}


def _attachment(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    row = scene.attachments[f"mine {persona}" if target == "mine" else target]
    path = template.format(pk=row.pk, number=1)
    return path, {"version": row.version, "description": "x"} if method == "PATCH" else {}


# the recipe of a URL by its first segment; accounts and what is not named here are the last one's
RECIPES: dict[str, Callable[..., tuple[str, dict[str, Any]]]] = {
    "attachments": _attachment,
    "bin": _bin,
    "contacts": _contact,
    "favorites": _favorite,
    "jobs": job_request,
    **dict.fromkeys(IMPORTS, import_request),
    "custom-fields": _custom_field,
    "projects": _project,
    "ticket-accounts": _ticket_link,
    "tickets": _ticket,
    "views": _view,
    **dict.fromkeys(SETTINGS, settings_request),
}
