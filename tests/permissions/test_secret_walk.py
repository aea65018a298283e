"""No answer of any operation of the OpenAPI schema tells a secret to who must not know it (R13)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from secret_scene import FIELD, PRIVATE, make_secrets
from secret_walk import Answers, operations, walk
from urls_of_crm import all_urls

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("secret_walk")]

# the keeper made the private account; a superuser administers the rules and sees every field
PEOPLE = ("superuser", "keeper", "viewer", "seller", "owner", "director", "partner", "admin")
MAY_KNOW = {"superuser": {FIELD}, "keeper": {PRIVATE}}

# what no request of the walk makes answer with data, and where its answer is looked at
CANNOT = {
    "POST imports/{pk}/undo": "answers a job after an import has run: test_import_undo.py",
}


@pytest.fixture(scope="module")
def answers(django_db_setup: Any, django_db_blocker: Any) -> Answers:
    """Walk once for all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = walk(make_secrets(), PEOPLE)
        transaction.set_rollback(True)
    return found


def test_the_schema_knows_every_url_of_the_crm(api, superuser):
    known = set(operations(api(superuser)))
    served = {(method, one) for one, methods in all_urls().items() for method in methods}
    assert sorted(served - known) == []
    assert sorted(known - served) == []


def test_every_operation_answered_somebody_with_data_or_is_named_with_a_reason(answers):
    empty = {f"{method} {path}" for method, path in set(answers.statuses) - answers.filled()}
    assert sorted(empty - set(CANNOT)) == []
    assert sorted(set(CANNOT) - empty) == []


@pytest.mark.feature("F121")
@pytest.mark.feature("F125")
@pytest.mark.feature("F214")
@pytest.mark.parametrize("persona", PEOPLE)
def test_no_operation_tells_a_secret(answers, persona):
    told = answers.told.get(persona, {})
    assert {word: told[word] for word in told if word not in MAY_KNOW.get(persona, ())} == {}


def test_no_operation_breaks(answers):
    assert sorted(key for key, found in answers.statuses.items() if max(found) >= 500) == []


def test_who_may_know_is_told_by_many_operations(answers):
    assert len(answers.told["keeper"][PRIVATE]) > 60
    assert len(answers.told["superuser"][FIELD]) > 100
    assert answers.asked > 3_000
