"""Field rules: who may see, must fill and may change each field of a kind."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import GIVES_RIGHTS
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.services import field_rules

RULES = body_fields(
    "FieldRules",
    version=serializers.IntegerField(),
    rules=serializers.ListField(child=serializers.DictField()),
)


def project_in(request: Request) -> int | None:
    """Return the project of the query string; None means all of them."""
    raw = request.query_params.get("project", "")
    if not raw:
        return None
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise InvalidQuery("project must be a number")
    return int(raw)


class FieldRuleKindsView(CrmView):
    """GET /field-rules."""

    token_scopes = GIVES_RIGHTS

    @plain()
    def get(self, request: Request) -> Response:
        """Return the kinds, and in which places the person may set rules."""
        return Response(field_rules.overview(request.user))


class FieldRulesView(CrmView):
    """GET, PUT /field-rules/{kind}."""

    token_scopes = GIVES_RIGHTS

    @plain(query=("project",))
    def get(self, request: Request, kind: str) -> Response:
        """Return the rules of a kind for all projects, or those of one project."""
        return Response(field_rules.rules_in(kind, project_in(request), request.user))

    @plain(request=RULES, query=("project",))
    def put(self, request: Request, kind: str) -> Response:
        """Replace the rules of a kind in this place as one (F125, F214)."""
        data: Any = body_of(request)
        return Response(field_rules.replace_rules(kind, project_in(request), data, request.user))


class FieldRuleChangesView(CrmView):
    """GET /field-rules/{kind}/history."""

    token_scopes = GIVES_RIGHTS

    @plain(OBJECTS, query=("project",))
    def get(self, request: Request, kind: str) -> Response:
        """Return who changed the rules when, newest first."""
        return Response(field_rules.changes_of(kind, project_in(request), request.user))
