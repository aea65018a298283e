"""Personal API tokens: one's own, and everybody's for holders of the security key.

No view here names scopes: a token never manages tokens.
"""

from __future__ import annotations

from django.urls import path, re_path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.services import api_tokens

NEW = body_fields(
    "NewToken",
    name=serializers.CharField(max_length=100),
    scopes=serializers.ListField(child=serializers.CharField()),
    days=serializers.IntegerField(min_value=1),
    projects=serializers.ListField(child=serializers.IntegerField(), required=False),
)


class TokensView(CrmView):
    """GET, POST /tokens."""

    @plain(OBJECTS)
    def get(self, request: Request) -> Response:
        """Return one's own tokens, without their secrets."""
        return Response(api_tokens.tokens_of(request.user))

    @plain(request=NEW, status=201)
    def post(self, request: Request) -> Response:
        """Make a token; `token` of the answer is the only time that it is shown."""
        return _secret(api_tokens.create(request.user, body_of(request)), 201)


class TokenOptionsView(CrmView):
    """GET /tokens/options."""

    @plain()
    def get(self, request: Request) -> Response:
        """Return the scopes, the projects and the longest time there are for a new token."""
        return Response(api_tokens.options(request.user))


class AllTokensView(CrmView):
    """GET /tokens/all."""

    @plain(OBJECTS, query=("cursor",))
    def get(self, request: Request) -> Response:
        """Return everybody's tokens, newest first, without their secrets."""
        rows, after = api_tokens.all_tokens(request.user, request.query_params.get("cursor", ""))
        return Response(rows, headers={"x-pagination-next-cursor": after} if after else {})


class TokenRotateView(CrmView):
    """POST /tokens/{id}/rotate."""

    @plain()
    def post(self, request: Request, pk: str) -> Response:
        """Give a token a new secret, shown once; the old one ends at once."""
        return _secret(api_tokens.rotate(request.user, record_id(pk)))


class TokenRevokeView(CrmView):
    """POST /tokens/{id}/revoke."""

    @plain()
    def post(self, request: Request, pk: str) -> Response:
        """End a token at once."""
        return Response(api_tokens.revoke(request.user, record_id(pk)))


def _secret(body: api_tokens.Json, status: int = 200) -> Response:
    """Answer with a secret that no browser or proxy keeps."""
    return Response(body, status, headers={"Cache-Control": "no-store"})


ITEM = r"^tokens/(?P<pk>[0-9]{1,19})"
token_urls = [
    path("tokens", TokensView.as_view()),
    path("tokens/options", TokenOptionsView.as_view()),
    path("tokens/all", AllTokensView.as_view()),
    re_path(f"{ITEM}/rotate$", TokenRotateView.as_view()),
    re_path(f"{ITEM}/revoke$", TokenRevokeView.as_view()),
]
