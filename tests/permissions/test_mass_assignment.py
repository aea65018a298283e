"""R9: whatever is sent, only the writable fields of the declaration change."""

import datetime
import json

import pytest
from asking import got
from django.core.serializers.json import DjangoJSONEncoder
from records import (
    company,
    employee,
    industry,
    make_account,
    make_contact,
    make_crm_project,
    make_worker,
)

from factories import make_user
from taiga_crm import models
from taiga_crm.permissions.keys import VERBS
from taiga_crm.registry.catalog import entities, entity, fields_of

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2001, 1, 1, tzinfo=datetime.timezone.utc)


def writable(key):
    return {
        name
        for name, field in fields_of(key).items()
        if not field.read_only and field.expression is None
    }


def other_value(column, current, user):
    """Return a value that differs from what is stored and that the column could hold."""
    kind = column.get_internal_type()
    if kind == "BooleanField":
        return not current
    if column.is_relation:
        return user.pk if column.related_model is type(user) else 999_999
    samples = {"DateTimeField": NOW, "ArrayField": [77], "DecimalField": "77.00",
               "JSONField": {"a": 1}, "CharField": "Forged", "TextField": "Forged"}  # fmt: skip
    return samples.get(kind, 77)


def forged(row, user, skip):
    """Return a body with every column of the model, under its name and its attname."""
    body = {"unknown": 1, "_verbs": ["delete"], "_state": {}, "pk": 77, "objects": []}
    for column in row._meta.concrete_fields:
        value = other_value(column, getattr(row, column.attname), user)
        body |= {column.name: value, column.attname: value}
    for name in skip:
        body.pop(name, None)
    return json.loads(json.dumps({**body, "version": row.version}, cls=DjangoJSONEncoder))


def stored(row):
    fresh = type(row)._base_manager.get(pk=row.pk)
    return {one.attname: getattr(fresh, one.attname) for one in row._meta.concrete_fields}


@pytest.mark.parametrize("role", ["member", "superuser"])
@pytest.mark.parametrize("key", ["account", "contact", "industry", "account_type", "contact_type",
                                 "user_type"])  # fmt: skip
def test_columns_that_are_not_writable_fields_keep_their_values(api, key, role):
    project = make_crm_project("Aurora")
    user = make_worker(project) if role == "member" else make_user("root", is_superuser=True)
    account = make_account("Acme", project, created_by=user)
    row = {
        "account": account,
        "contact": make_contact(account, created_by=user),
        "industry": industry(),
        "account_type": company(),
        "contact_type": employee(),
        "user_type": models.UserType.objects.create(name="Some type"),
    }[key]
    before = stored(row)
    body = forged(row, user, skip=writable(key))
    path = f"{entity(key).path}/{row.pk}"
    answer = api(user).patch(path, body)
    assert answer.status_code in ((200,) if role == "superuser" else (200, 403, 404))
    assert stored(row) == before


@pytest.mark.parametrize("key", ["account", "contact"])
def test_a_new_record_takes_only_writable_fields_from_the_body(api, key):
    project = make_crm_project("Aurora")
    user, other = make_worker(project), make_user()
    account = make_account("Acme", project, created_by=user)
    row = account if key == "account" else make_contact(account)
    body = forged(row, other, skip=writable(key))
    body |= {"type": (company() if key == "account" else employee()).pk}
    body |= {"first_name": "New", "projects": [project.pk]}
    made = got(api(user).post(entity(key).path, body), 201)
    fresh = type(row).objects.get(pk=made["id"])
    assert fresh.pk not in (77, row.pk)
    assert (fresh.version, fresh.created_by_id, fresh.name) == (1, user.pk, "New")
    assert fresh.created_at.year > 2001
    assert "forged" not in fresh.search_text
    if key == "account":
        assert fresh.project_ids == [project.pk]
    else:
        assert fresh.is_primary is False


def test_what_can_be_written_is_reviewed_here():
    assert {one.key: sorted(writable(one.key)) for one in entities() if one.writable} == {
        "account": [
            "account_manager", "annual_revenue", "city", "country", "description", "emails",
            "employees", "first_name", "founded_year", "groups", "industry", "is_global",
            "is_key", "is_private", "last_name", "organisation", "parent", "phones", "postal_code",
            "projects", "registration_number", "street", "type", "vat_number", "website",
        ],
        "account_group": ["color", "kind", "name", "parent", "position"],
        "account_type": ["has_first_name", "has_last_name", "name", "position"],
        "consent_purpose": ["name", "position", "wording"],
        "contact": [
            "account", "department", "emails", "first_name", "job_title", "last_name",
            "messenger", "notes", "phones", "type",
        ],
        "contact_type": ["name", "position", "relation"],
        "industry": ["name", "position"],
        "retention_rule": ["action", "is_active", "kind", "months", "name", "position"],
        "user_type": ["keys", "members", "name", "position"],
    }  # fmt: skip


@pytest.mark.parametrize("verbs", [("view",), ("view", "add"), ("view", "change"), VERBS])
def test_nobody_makes_himself_more_powerful_through_a_record(api, verbs):
    project = make_crm_project("Aurora")
    user = make_worker(project, verbs=verbs)
    kind = models.UserType.objects.create(name="Boss", keys=["view_everything"])
    client = api(user)
    assert client.post("user-types", {"name": "Me", "members": [user.pk]}).status_code == 403
    assert (
        client.patch(f"user-types/{kind.pk}", {"version": 1, "members": [user.pk]}).status_code
        == 404
    )
    role = models.RoleGrant.objects.get(role__memberships__user=user).role
    body = {"keys": ["view_account", "delete_account"], "version": 1}
    assert client.patch(f"projects/{project.pk}/grants/{role.pk}", body).status_code == 403
    assert not kind.members.exists()
    assert models.RoleGrant.objects.get(role=role).version == 1
