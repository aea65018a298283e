"""The module switch and the keys of a project's roles."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import body_fields, plain
from taiga_crm.api.scopes import GIVES_RIGHTS
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.permissions.callers import READ, SETTINGS
from taiga_crm.services import project_settings

SWITCH = body_fields(
    "Switch",
    enabled=serializers.BooleanField(),
    version=serializers.IntegerField(required=False),
)
GRANT = body_fields(
    "Grant",
    version=serializers.IntegerField(),
    keys=serializers.ListField(child=serializers.CharField()),
    scopes=serializers.DictField(child=serializers.CharField(), required=False),
)


class SettingsView(CrmView):
    """GET, PATCH /projects/{id}/settings."""

    token_scopes = {"GET": (READ,), "PATCH": (SETTINGS,)}

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return whether the CRM is on and what the person may change."""
        return Response(project_settings.settings_of(record_id(pk), request.user))

    @plain(request=SWITCH)
    def patch(self, request: Request, pk: str) -> Response:
        """Switch the CRM on or off with {"enabled": bool}."""
        return Response(project_settings.switch(record_id(pk), body_of(request), request.user))


class GrantsView(CrmView):
    """GET /projects/{id}/grants."""

    token_scopes = GIVES_RIGHTS

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return the keys and scopes of every role."""
        return Response(project_settings.grants_of(record_id(pk), request.user))


class GrantView(CrmView):
    """PATCH /projects/{id}/grants/{role}."""

    token_scopes = GIVES_RIGHTS

    @plain(request=GRANT)
    def patch(self, request: Request, pk: str, role: str) -> Response:
        """Set the keys and scopes of one role; needs the version that was read."""
        data = body_of(request)
        return Response(project_settings.grant(record_id(pk), record_id(role), data, request.user))
