"""The walk: every operation of the OpenAPI schema, asked by everybody about rows with secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from api_client import ApiClient
from asking import everything, got
from django.db import transaction
from recipes import request_of, targets
from records import personal
from scene import Scene
from secret_scene import FIELD, FINDER, NUMBER, PRIVATE

from taiga_crm import models
from taiga_crm.kernel import clock
from taiga_crm.registry.catalog import entities, fields_of
from taiga_crm.registry.operators import is_columnar

METHODS = ("get", "post", "put", "patch", "delete")
# where answers tell most: what is seen, what is one's own, what is hidden, and no place at all
PLACES = ("-", "home", "team", "mine", "private", "global")
Key = tuple[str, str]
Questions = Iterator[tuple[str, dict[str, Any]]]


@dataclass
class Answers:
    """The statuses of each operation, and who was told which secret by which request."""

    statuses: dict[Key, set[int]] = field(default_factory=dict)
    told: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    asked: int = 0

    def filled(self) -> set[Key]:
        """Return the operations that answered somebody with data."""
        return {key for key, found in self.statuses.items() if min(found) < 300}


def operations(client: ApiClient) -> list[Key]:
    """Return (method, template) of the whole schema, named as in the URL conf."""
    paths = got(client.get("schema", HTTP_ACCEPT="application/json"))["paths"]
    return [
        (method.upper(), path.removeprefix("/api/v1/crm/").replace("{id}", "{pk}"))
        for path, item in paths.items()
        for method in METHODS
        if method in item
    ]


def walk(scene: Scene, people: tuple[str, ...]) -> Answers:
    """Ask everything as each person; whatever a request did is taken back."""
    found = Answers()
    clients = {name: ApiClient(scene.people[name]) for name in people}
    for client in clients.values():
        client.client.raise_request_exception = False  # a crash is a 500 among the statuses
    for method, template in operations(clients[people[0]]):
        for name, client in clients.items():
            for path, body in questions(scene, method, template, name):
                status, text = _ask(client, method, path, body)
                found.statuses.setdefault((method, template), set()).add(status)
                found.asked += 1
                for word in (FIELD, PRIVATE):
                    if word in text or (word == FIELD and str(NUMBER) in text):
                        told = found.told.setdefault(name, {}).setdefault(word, [])
                        told.append(f"{method} {path} {body}")
    return found


def questions(scene: Scene, method: str, template: str, persona: str) -> Questions:
    """Yield (path, parameters or body) of an operation: each place, and all that lists can show."""
    special = FILLED.get(f"{method} {template}")
    if special is not None:
        yield from special(scene, template, persona)
        return
    for target in dict.fromkeys(one for one in targets(template, method) if one in PLACES):
        path, body = request_of(scene, template, method, target, persona)
        yield path, body
        if method == "GET":
            for more in _wider(template):
                yield path, {**body, **more}


def _wider(template: str) -> Iterator[dict[str, Any]]:
    """Yield what makes a list, its groups, its files and a search tell as much as they can."""
    head, _slash, tail = template.partition("/")
    if head in ("search", "users") or tail == "lookup":
        yield from ({"q": word} for word in (FIELD, PRIVATE, "account"))
    kind = next((one for one in entities() if one.path == head), None)
    if kind is None:
        return
    names = [name for name, one in fields_of(kind.key).items() if is_columnar(one)]
    if tail == "":
        yield from ({"q": word} for word in (FIELD, PRIVATE, str(NUMBER)))
    if tail == "groups":
        yield from ({"group_by": one} for one in kind.group_by)
    if tail.startswith("export"):
        yield {"fields": "*"}
        yield from ({"group_by": one} for one in kind.group_by[:3])
    if tail == "" and kind.scope == "settings":
        yield {"fields": ",".join(names)}


def _ask(client: ApiClient, method: str, path: str, body: dict[str, Any]) -> tuple[int, str]:
    with transaction.atomic():
        if "file" in body:
            answer = client.upload(path, *body["file"], **body.get("form", {}))
        else:
            answer = getattr(client, method.lower())(path, body)
        text = everything(answer)
        transaction.set_rollback(True)
    # an address repeats what was asked: the links of the pages
    return answer.status_code, re.sub(r"http://\S+", "", text)


def _key_of(template: str) -> str:
    return next(one.key for one in entities() if one.path == template.partition("/")[0])


def _merge_of_two(scene: Scene, template: str, _persona: str) -> Questions:
    """Merge the row that is left of the pair with another one."""
    winner, _run = scene.runs[_key_of(template)]
    other = scene.others.get(_key_of(template)) or _another(winner)
    pair = type(winner).objects.filter(pk__in=(winner.pk, other.pk))
    versions = {str(one.pk): one.version for one in pair}
    yield template, {"ids": [*map(int, versions)], "winner": winner.pk, "versions": versions}


def _another(winner: Any) -> Any:
    return type(winner).objects.exclude(pk=winner.pk).order_by("-pk").first()


def _merge_shown(scene: Scene, template: str, persona: str) -> Questions:
    for path, body in _merge_of_two(scene, template, persona):
        yield path, {"ids": ",".join(map(str, body["ids"]))}


def _undo(scene: Scene, template: str, _persona: str) -> Questions:
    winner, run = scene.runs[_key_of(template)]
    yield template.format(pk=winner.pk), {"run": run.pk}


def _file(scene: Scene, template: str, persona: str) -> Questions:
    """Put a file on one's own record, and on the private one."""
    for place in ("mine", "private"):
        rows = {"accounts": scene.account, "contacts": scene.contact}.get(template.split("/")[0])
        file = scene.attachments[f"mine {persona}" if place == "mine" else place]
        row = rows(place, persona) if rows else file
        yield template.format(pk=row.pk), {"file": ("plan.txt", b"plan")}


def _deleted_file(scene: Scene, template: str, persona: str) -> Questions:
    row = models.Attachment.objects.filter(pk=scene.attachments[f"mine {persona}"].pk)
    user = scene.people[persona]
    row.update(deleted_at=clock.now(), deleted_by=user)
    yield template.format(pk=row.get().pk), {}
    row.update(deleted_at=None, deleted_by=None)


def _deleted_comment(scene: Scene, template: str, persona: str) -> Questions:
    kind = _key_of(template)
    row = (scene.account if kind == "account" else scene.contact)("mine", persona)
    said = models.Comment.objects.filter(kind=kind, object_id=row.pk)
    said.update(deleted_at=clock.now(), deleted_by=scene.people[persona])
    yield template.format(pk=row.pk, comment=said.get().pk), {}
    said.update(deleted_at=None, deleted_by=None)


def _of_a_person(scene: Scene, template: str, persona: str) -> Questions:
    """Ask about accounts that are persons: only those have personal data."""
    for place in ("mine", "private"):
        row = models.Account.objects.filter(pk=scene.account(place, persona).pk)
        before = row.get().type
        row.update(type=personal())
        yield template.format(pk=row.get().pk), {}
        row.update(type=before)


def _cards(scene: Scene, template: str, _persona: str) -> Questions:
    """Send a card whose address is the private account's: what it matches must not be named."""
    lines = ("BEGIN:VCARD", "VERSION:3.0", "FN:Ann Other", "N:Other;Ann;;;", f"EMAIL:{FINDER}",
             "END:VCARD", "")  # fmt: skip
    form = {"project": scene.projects["home"].pk}
    yield template, {"file": ("cards.vcf", "\r\n".join(lines).encode()), "form": form}


def _table(scene: Scene, template: str, _persona: str) -> Questions:
    table = f"Name;E-mail\nAnn Other;{FINDER}\n".encode()
    form = {"kind": "account", "project": scene.projects["home"].pk}
    yield template, {"file": ("accounts.csv", table), "form": form}


# what the recipes of the permission matrix only refuse, asked in a way that answers data
FILLED: dict[str, Callable[[Scene, str, str], Questions]] = {
    **{
        f"{method} {path}{act}": ask
        for path in (
            "accounts", "contacts", "account-groups", "industries", "account-types",
            "contact-types", "user-types", "consent-purposes", "retention-rules",
        )
        for method, act, ask in (
            ("GET", "/merge", _merge_shown),
            ("POST", "/merge", _merge_of_two),
            ("POST", "/{pk}/undo-merge", _undo),
        )
    },
    **{f"POST {path}/{{pk}}/attachments": _file for path in ("accounts", "contacts")},
    **{
        f"POST {path}/{{pk}}/comments/{{comment}}/restore": _deleted_comment
        for path in ("accounts", "contacts")
    },
    "POST accounts/{pk}/anonymize": _of_a_person,
    "POST accounts/{pk}/personal-archive": _of_a_person,
    "POST attachments/{pk}/versions": _file,
    "POST attachments/{pk}/restore": _deleted_file,
    "POST vcards": _cards,
    "POST vcards/preview": _cards,
    "POST imports": _table,
}  # fmt: skip
