"""An account's projects and connected accounts."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import DELETES, RECORDS
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities.reading import read_record
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.permissions.decide import get_visible, offers
from taiga_crm.registry.catalog import entity
from taiga_crm.registry.kinds import CONTROL
from taiga_crm.services import account_connections, accounts

PROJECT = body_fields("ProjectOfAccount", project=serializers.IntegerField())
CONNECTION = body_fields(
    "Connection",
    account=serializers.IntegerField(),
    note=serializers.CharField(required=False, allow_blank=True),
)


def given_id(data: dict[str, Any], name: str) -> int:
    """Return an id of the body; InvalidInput when it is missing or no id."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise InvalidInput({name: ["Choose one from the list."]})
    return value


class AccountProjectsView(CrmView):
    """GET, POST /accounts/{id}/projects."""

    token_scopes = RECORDS

    @plain(OBJECTS)
    def get(self, request: Request, pk: str) -> Response:
        """Return the projects of an account that the reader belongs to."""
        return Response(_projects(record_id(pk), request.user))

    @plain(OBJECTS, PROJECT, 201)
    def post(self, request: Request, pk: str) -> Response:
        """Add the account to a project with {"project": id} (F131)."""
        accounts.add_project(record_id(pk), given_id(body_of(request), "project"), request.user)
        return Response(_projects(record_id(pk), request.user), 201)


class AccountProjectView(CrmView):
    """DELETE /accounts/{id}/projects/{project}."""

    token_scopes = DELETES

    @plain(None, status=204)
    def delete(self, request: Request, pk: str, project: str) -> Response:
        """Take the account out of a project."""
        accounts.remove_project(record_id(pk), record_id(project), request.user)
        return Response(None, 204)


class ConnectionsView(CrmView):
    """GET, POST /accounts/{id}/connections."""

    token_scopes = RECORDS

    @plain(OBJECTS)
    def get(self, request: Request, pk: str) -> Response:
        """Return the connected accounts that the reader sees."""
        return Response(account_connections.connections(record_id(pk), request.user))

    @plain(OBJECTS, CONNECTION, 201)
    def post(self, request: Request, pk: str) -> Response:
        """Connect another account with {"account": id, "note": text} (F133)."""
        data = body_of(request)
        note = CONTROL.sub("", str(data.get("note") or ""))[:255]
        account_connections.connect(record_id(pk), given_id(data, "account"), note, request.user)
        return Response(account_connections.connections(record_id(pk), request.user), 201)


class ConnectionView(CrmView):
    """DELETE /accounts/{id}/connections/{connection}."""

    token_scopes = DELETES

    @plain(None, status=204)
    def delete(self, request: Request, pk: str, connection: str) -> Response:
        """Remove a connection."""
        account_connections.disconnect(record_id(pk), record_id(connection), request.user)
        return Response(None, 204)


def _projects(pk: int, user: Any) -> list[dict[str, Any]]:
    account = get_visible(entity("account"), user, pk)
    verbs = ["delete"] if offers(entity("account"), user, "change", account) else []
    rows = read_record(entity("account"), user, pk)["projects"]
    return [{**row, "_verbs": verbs} for row in rows]
