"""Every URL × method × person × kind of row: the reviewed table is matrix.txt."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Any

import pytest
from api_client import ApiClient
from django.db import transaction
from recipes import cases, request_of
from records import fingerprint, rows_written
from scene import PERSONAS, Scene, make_scene
from urls_of_crm import METHODS, all_urls

from factories import make_user
from taiga_crm import models

TABLE = Path(__file__).with_name("matrix.txt")
WIDTH = 60  # fixed, so that a longer URL does not move every line
SAFE = ("GET",)
HEADER = """\
# Who gets which status. To change it: CRM_WRITE_MATRIX=1 pytest tests/permissions/test_matrix.py,
# then read the difference line by line.
# Rows: team = in my project, not mine; mine = I am its account manager; private = of somebody
# else in my project; global = of another project, for all CRM users; foreign = of a project I am
# no member of; blocked = of a project blocked by the host; off = of a project without CRM.
# "elsewhere" is admin of the foreign project, "blocked" a member with all keys of the blocked one.
"""
# what acts on several rows answers 200 with a result for each, refused ones included
ROW_BY_ROW = {
    "POST bin/restore",
    "POST bin/empty",
    "POST account-groups/{pk}/members",
    *(
        f"POST {kind}/{act}"
        for kind in ("accounts", "contacts")
        for act in ("bulk", "bulk-delete", "bulk-favorite")
    ),
}
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix")]


@pytest.fixture(scope="module")
def outcomes(django_db_setup: Any, django_db_blocker: Any) -> Any:
    """Ask everything once: {(method, template, target): {persona: (status, changed)}}."""
    with django_db_blocker.unblock(), transaction.atomic():
        scene = make_scene()
        clients = {name: _client(scene.people.get(name)) for name in PERSONAS}
        before = fingerprint()
        found = {
            (method, template, target): {
                name: _ask(scene, clients[name], before, (template, method, target), name)
                for name in PERSONAS
            }
            for template, method, target in cases()
        }
        transaction.set_rollback(True)
    return found


def _client(user: Any) -> ApiClient:
    client = ApiClient(user)
    client.client.raise_request_exception = False  # a crash is a 500 in the table
    return client


def _ask(scene: Scene, client: ApiClient, before: Any, case: Any, persona: str) -> tuple[int, bool]:
    """Send one request, compare all rows with before, and take back what it did."""
    template, method, target = case
    with transaction.atomic():
        path, body = request_of(scene, template, method, target, persona)
        written = rows_written() if method not in SAFE else {}
        answer = getattr(client, method.lower())(path, body)
        if answer.streaming:
            b"".join(answer.streaming_content)  # what an export tells at its end
        changed = method not in SAFE and _differs(before, written)
        transaction.set_rollback(True)
    return answer.status_code, changed


def _differs(before: Any, written: dict[str, int]) -> bool:
    """Compare the tables that the request wrote to with what they were."""
    touched = [table for table, number in rows_written().items() if number != written.get(table, 0)]
    return any(before[table] != now for table, now in fingerprint(only=touched).items())


def _drawn(outcomes: Any) -> list[str]:
    head = f"{'':7}{'':{WIDTH}} {'':8}" + "".join(f"{name:>11}" for name in PERSONAS)
    lines = [head.rstrip()]
    for (method, template, target), row in outcomes.items():
        cells = "".join(f"{row[name][0]:>11}" for name in PERSONAS)
        lines.append(f"{method:7}{template:{WIDTH}} {target:8}{cells}")
    return lines


def test_every_url_answers_every_person_as_the_reviewed_table_says(outcomes):
    text = HEADER + "\n".join(_drawn(outcomes)) + "\n"
    if os.environ.get("CRM_WRITE_MATRIX"):
        TABLE.write_text(text)
    wanted = TABLE.read_text()
    changes = difflib.unified_diff(wanted.splitlines(), text.splitlines(), lineterm="", n=0)
    assert "\n".join(changes) == ""


def test_a_refused_request_changes_no_row_of_the_crm(outcomes):
    wrong = [
        (case, name)
        for case, row in outcomes.items()
        for name, (status, changed) in row.items()
        if changed and status >= 400
    ]
    assert wrong == []


def test_an_accepted_write_changes_rows_unless_it_repeats_what_is_there(outcomes):
    silent = {
        case
        for case, row in outcomes.items()
        for status, changed in row.values()
        if case[0] != "GET" and status < 300 and not changed
    }
    # already in the project; the hub is linked to it already; already primary contact or star;
    # the version is the current one
    assert {f"{method} {template}" for method, template, _target in silent} <= ROW_BY_ROW | {
        "POST accounts/{pk}/projects",
        "POST contacts/{pk}/make-primary",
        "PATCH projects/{pk}/settings",
        "POST notifications/read",  # there is no news
        "POST retention-rules/{pk}/due",  # nobody is due
        "POST views/reorder",  # one view alone is in order
        "POST attachments/{pk}/versions/{number}/restore",
        "POST custom-fields/formula",  # tries it only
        "POST accounts/{pk}/recalculate",  # there is nothing computed
        "POST contacts/{pk}/recalculate",
    }


@pytest.mark.django_db
def test_the_counters_of_the_matrix_miss_no_write():
    entry = models.Industry.objects.create(name="Old")
    before, number = fingerprint(), rows_written()
    assert not _differs(before, number)
    models.Industry.objects.filter(pk=entry.pk).update(name="New")
    assert _differs(before, number)
    models.Industry.objects.filter(pk=entry.pk).update(name="Old")
    assert not _differs(before, number)
    with transaction.atomic():
        models.Favorite.objects.create(kind="account", object_id=1, user=make_user("somebody"))
        assert _differs(before, number)
        transaction.set_rollback(True)
    assert rows_written() != number
    assert not _differs(before, number)
    entry.delete()
    assert _differs(before, number)


def test_no_person_ever_gets_a_server_error(outcomes):
    assert {
        (case, name)
        for case, row in outcomes.items()
        for name, (status, _changed) in row.items()
        if status >= 500
    } == set()


def test_without_a_token_everything_is_401(outcomes):
    assert {row["anon"][0] for row in outcomes.values()} == {401}


def test_nobody_but_its_creator_reaches_a_private_account_or_what_hangs_on_it(outcomes):
    reached = [
        (case, name)
        for case, row in outcomes.items()
        for name, (status, _changed) in row.items()
        if case[2] == "private" and "{pk}" in case[1] and status not in (401, 404)
    ]
    assert reached == []


def test_a_stranger_and_a_member_without_keys_reach_no_record(outcomes):
    reached = {
        f"{method} {template}"
        for (method, template, _target), row in outcomes.items()
        for name in ("stranger", "outsider")
        if template.startswith(("accounts/{", "contacts/{", "tickets/{")) and row[name][0] != 404
    }
    assert reached == set()


def test_a_viewer_and_a_partner_write_nothing_but_stars_comments_wishes_and_tokens(outcomes):
    written = {
        f"{method} {template}"
        for (method, template, _target), row in outcomes.items()
        for name in ("viewer", "partner")
        if method != "GET"
        and row[name][0] < 400
        and (row[name][1] or f"{method} {template}" not in ROW_BY_ROW)
    }
    assert written <= {
        "POST accounts/{pk}/favorite",
        "POST accounts/bulk-favorite",
        "POST contacts/bulk-favorite",
        *(
            f"POST {kind}/{{pk}}/{verb}"
            for kind in ("accounts", "contacts")
            for verb in ("comments", "follow", "unfollow")
        ),
        "POST views/{pk}/default",
        "POST favorites",
        "POST favorites/reorder",
        "DELETE favorites/{kind}/{pk}",
        "POST notifications/read",
        "PATCH notifications/settings",
        *(f"POST {one}" for one in ("tokens", "tokens/{pk}/rotate", "tokens/{pk}/revoke")),
        # Taiga's own right to change the ticket decides, not a CRM key (F154)
        "POST ticket-accounts",
        "POST ticket-accounts/{pk}/star",
        "DELETE ticket-accounts/{pk}",
    }


def test_a_blocked_project_is_never_written_through_its_own_urls(outcomes):
    statuses = {
        row["blocked"][0]
        for (method, template, target), row in outcomes.items()
        if target == "blocked" and method != "GET" and template.startswith("ticket-accounts")
    }
    assert statuses == {451}


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_a_url_does_not_declare_is_405_and_changes_nothing(api, method):
    scene = make_scene()
    client, before = api(scene.people["superuser"]), fingerprint()
    statuses = {}
    for template, declared in all_urls().items():
        if method not in declared:
            path = re.sub(r"{\w+}", "1", template)
            statuses[template] = getattr(client, method.lower())(path).status_code
    assert set(statuses.values()) == {405}, {k: v for k, v in statuses.items() if v != 405}
    assert fingerprint() == before
