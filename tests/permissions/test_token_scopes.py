"""Every URL × method names the scopes that a token needs, or takes no token at all."""

import datetime
import difflib
import os
from pathlib import Path

import pytest
from api_client import ApiClient
from asking import everything
from django.db import transaction
from django.test import RequestFactory
from recipes import cases, request_of
from records import fingerprint, make_token
from scene import make_scene
from urls_of_crm import all_urls, methods, template

from taiga_crm.api.router import urlpatterns
from taiga_crm.api.scopes import needed
from taiga_crm.api.views import CrmView
from taiga_crm.kernel import clock
from taiga_crm.permissions.callers import PROJECT_SCOPES, SCOPES

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F021")]
TABLE = Path(__file__).with_name("token_scopes.txt")
HEADER = """\
# Which scopes a personal token needs, all of them; "-" takes no token. "*" is closed to tokens
# that are kept to projects. To change it: CRM_WRITE_MATRIX=1 pytest tests/permissions/
# test_token_scopes.py, then read the difference line by line.
"""
NEVER = ("tokens", "webhooks")  # a token makes no further access that would outlive it


class Asked:
    """A view as the check sees it."""

    def __init__(self, pattern, method):
        view = pattern.callback.cls
        self.token_scopes, self.beyond_projects = view.token_scopes, view.beyond_projects
        self.action = getattr(pattern.callback, "actions", {}).get(method.lower())


def asking_as(owner, *scopes, **limits):
    """Return a client with a token whose last use needs not be written for a day."""
    used = clock.now() + datetime.timedelta(days=1)
    return ApiClient(token=make_token(owner, *scopes, last_used_at=used, **limits)[1])


def demands():
    """Return {(method, template): (scopes or None, beyond projects)} of all URLs."""
    found = {}
    for pattern in urlpatterns:
        for method in methods(pattern):
            asked = Asked(pattern, method)
            found[method, template(pattern)] = (needed(asked, method), asked.beyond_projects)
    return found


@pytest.fixture
def scene(db, configured):
    configured(api_limit=0)
    return make_scene()


def first_cases():
    """Return {(method, template): target}, the first target of each."""
    found = {}
    for path, method, target in cases():
        found.setdefault((method, path), target)
    return found


def ask(scene, client, method, path, target):
    """Send the request as a superuser's and take back what it did."""
    with transaction.atomic():
        url, body = request_of(scene, path, method, target, "superuser")
        before = fingerprint()
        answer = getattr(client, method.lower())(url, body)
        code = "" if answer.streaming or not answer.content else answer.json()
        changed = fingerprint() != before
        transaction.set_rollback(True)
    code = code.get("code", "") if isinstance(code, dict) else ""
    return answer.status_code, code, changed


def test_every_method_of_every_url_needs_what_the_reviewed_table_says():
    lines = [
        f"{method:7}{path:60} {'-' if scopes is None else ' '.join(scopes)}{' *' if beyond else ''}"
        for (method, path), (scopes, beyond) in demands().items()
    ]
    text = HEADER + "\n".join(lines) + "\n"
    if os.environ.get("CRM_WRITE_MATRIX"):
        TABLE.write_text(text)
    changes = difflib.unified_diff(
        TABLE.read_text().splitlines(), text.splitlines(), lineterm="", n=0
    )
    assert "\n".join(changes) == ""
    assert len(lines) == sum(len(one) for one in all_urls().values())


def test_every_view_passes_the_one_check():
    views = {pattern.callback.cls for pattern in urlpatterns}
    assert [one for one in views if not issubclass(one, CrmView)] == []
    own = [one for one in views if one.dispatch is not CrmView.dispatch]
    assert own == []


def test_a_view_that_names_no_scope_takes_no_token_even_of_a_superuser(scene):
    class Careless(CrmView):
        def get(self, request):
            raise AssertionError("never reached")

    _row, token = make_token(scene.people["superuser"])
    request = RequestFactory().get("/x", HTTP_AUTHORIZATION=f"Bearer {token}")
    answer = Careless.as_view()(request)
    assert (answer.status_code, answer.data["code"]) == (403, "token_scope")


def test_a_token_without_a_needed_scope_is_refused_and_changes_nothing(scene):
    root, wrong = scene.people["superuser"], {}
    targets, clients = first_cases(), {}
    for (method, path), (scopes, _beyond) in demands().items():
        for lacking in scopes or ("",):
            if lacking not in clients:
                clients[lacking] = asking_as(root, *(one for one in SCOPES if one != lacking))
            told = ask(scene, clients[lacking], method, path, targets[method, path])
            if told != (403, "token_scope", False):
                wrong[method, path, lacking] = told
    assert wrong == {}


def test_a_token_with_the_needed_scopes_alone_gets_as_far_as_its_owner(scene):
    root, wrong = scene.people["superuser"], {}
    targets, clients, own = first_cases(), {}, ApiClient(root)
    for (method, path), (scopes, _beyond) in demands().items():
        if scopes is None:
            continue
        if scopes not in clients:
            clients[scopes] = asking_as(root, *scopes)
        case = method, path, targets[method, path]
        wanted, told = ask(scene, own, *case), ask(scene, clients[scopes], *case)
        if told != wanted:
            wrong[case] = (wanted, told)
    assert wrong == {}


def test_no_token_of_a_superuser_manages_tokens(scene):
    closed = {path for (_method, path), (scopes, _b) in demands().items() if scopes is None}
    mine = {path for path in all_urls() if path.startswith(NEVER)}
    assert mine
    assert closed == mine


@pytest.mark.parametrize("persona", ["superuser", "director", "owner", "elsewhere", "admin"])
def test_a_token_kept_to_a_project_shows_nothing_of_any_other(scene, persona):
    """The words of the places stand in names; home and what is global at home may show."""
    person = scene.people[persona]
    place = "foreign" if persona == "elsewhere" else "home"
    hidden = ("team account", "Hub", "Aurora", "mine") if place == "foreign" else (
        "foreign account", "global account", "blocked account", "Boreas", "Zephyr", "Nimbus",
    )  # fmt: skip
    client = asking_as(person, *PROJECT_SCOPES, projects=[scene.projects[place].pk])
    seen = {}
    for path, method, target in cases():
        if method == "GET":
            url, params = request_of(scene, path, method, target, persona)
            text = everything(client.get(url, params))
            found = [word for word in hidden if word in text]
            if found:
                seen[url, target] = found
    assert seen == {}


@pytest.mark.parametrize("persona", ["superuser", "director"])
def test_a_token_kept_to_a_project_writes_in_no_other(scene, persona):
    person = scene.people[persona]
    client, written = asking_as(person, *PROJECT_SCOPES, projects=[scene.projects["home"].pk]), []
    for path, method, target in cases():
        if method == "GET" or target not in ("foreign", "global", "blocked", "off", "nowhere"):
            continue
        with transaction.atomic():
            url, body = request_of(scene, path, method, target, persona)
            before = fingerprint()
            answer = getattr(client, method.lower())(url, body)
            if fingerprint() != before:
                written.append((method, path, target, answer.status_code))
            transaction.set_rollback(True)
    assert written == []
