"""Requests made from the OpenAPI schema: whatever comes, never a server error (R10).

The default run is short and always the same. CRM_FUZZ=1 runs ten thousand cases and more with a
new seed; CRM_FUZZ_SEED=… repeats a run.
"""

import json
import os
import random
import re

import pytest
from api_client import access_token
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from records import link, make_account, make_contact, make_crm_project, make_worker

from factories import make_issue, make_user
from taiga_crm.registry.catalog import entities

schemathesis = pytest.importorskip("schemathesis")
pytestmark = pytest.mark.django_db

LONG = bool(os.environ.get("CRM_FUZZ"))
CASES = 130 if LONG else 6
SEED = int(os.environ.get("CRM_FUZZ_SEED", random.SystemRandom().getrandbits(32) if LONG else 7))


@pytest.fixture
def application():
    """Return the WSGI application; it keeps the connection of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows():
    project = make_crm_project("Aurora")
    worker = make_worker(project, "worker")
    account = make_account("Acme", project, created_by=worker)
    make_contact(account)
    link(make_issue(project), account)
    return {"worker": worker, "superuser": make_user("root", is_superuser=True)}


def operations_of(application, user):
    """Return the operations of the schema that the API itself serves."""
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/crm/schema",
        application,
        headers={"Authorization": f"Bearer {access_token(user)}"},
    )
    return [one.ok() for one in schema.get_all_operations()]


def known_ids():
    """Return the ids of the rows that are there, so that not every request ends at a 404."""
    ids = [1, 2]
    for entity in entities():
        ids += entity.model._base_manager.order_by("-pk").values_list("pk", flat=True)[:2]
    return ids


def asked(case, headers, choose, ids):
    """Send one case; often about a row that exists; take back what it did."""
    for name in list(case.path_parameters or {}):
        if choose.random() < 0.7:
            case.path_parameters[name] = choose.choice(ids)
    with transaction.atomic():
        answer = case.call(headers=headers)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("person", ["worker", "superuser"])
def test_no_request_made_from_the_schema_is_a_server_error(application, rows, person):
    headers = {"Authorization": f"Bearer {access_token(rows[person])}"}
    operations = operations_of(application, rows["superuser"])
    choose, ids, answered = random.Random(SEED), known_ids(), {}
    print(f"CRM_FUZZ_SEED={SEED}")
    for operation in choose.sample(operations, len(operations)):

        @seed(SEED)
        @settings(
            max_examples=CASES, database=None, deadline=None, phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def fuzz(case):
            answer = asked(case, headers, choose, ids)
            answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, (case.as_curl_command(), answer.text[:300])
            if answer.status_code >= 400 and answer.content:
                assert isinstance(json.loads(answer.content), dict)

        fuzz()
    print(person, sum(answered.values()), answered)
    assert sum(count for status, count in answered.items() if status < 300) > 10


def test_without_a_token_every_operation_of_the_schema_is_401(application, rows):
    operations = operations_of(application, rows["superuser"])
    assert len(operations) > 60
    for operation in operations:
        names = re.findall(r"{(\w+)}", operation.path)
        case = operation.Case(path_parameters=dict.fromkeys(names, 1))
        assert case.call(headers={"Authorization": ""}).status_code == 401, operation.label
