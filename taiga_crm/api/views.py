"""CrmView: the mixin that makes a view independent of the host's REST_FRAMEWORK settings."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import orjson
from django.db import DatabaseError, transaction
from django.http.response import HttpResponseBase
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import DEFAULTS, IMPORT_STRINGS, APISettings
from rest_framework.views import APIView

from taiga_crm.api.authentication import (
    HostAuthentication,
    PersonalTokenAuthentication,
    presented_token,
)
from taiga_crm.api.described import ScopedSchema
from taiga_crm.api.errors import handle
from taiga_crm.api.refusals import note_refusal
from taiga_crm.api.scopes import Scopes, require_scopes

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
MAX_BODY = 1_000_000


class JsonRenderer(BaseRenderer):
    """JSON by orjson, whatever the caller accepts."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, media_type: Any = None, context: Any = None) -> bytes:
        """Return the bytes; an empty answer stays empty."""
        return b"" if data is None else orjson.dumps(data, default=str)


class JsonParser(BaseParser):
    """JSON objects up to MAX_BODY bytes; NaN and Infinity are refused."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, context: Any = None) -> Any:
        """Return the object; ParseError for anything else."""
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise ParseError("The body is too large.")
        try:
            data = json.loads(body, parse_float=str, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not valid JSON.") from error
        if not isinstance(data, dict):
            raise ParseError("A JSON object is expected.")
        return data


def _refuse(name: str) -> Any:
    raise ValueError(name)


class CrmView(APIView):
    """Base of all our views: Bearer only, our errors, JSON, unsafe methods atomic."""

    settings = APISettings({}, DEFAULTS, IMPORT_STRINGS)  # type: ignore[arg-type]
    authentication_classes = [PersonalTokenAuthentication, HostAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes: list[Any] = []
    renderer_classes = [JsonRenderer]
    parser_classes = [JsonParser]
    schema = ScopedSchema()  # type: ignore[no-untyped-call]
    # False where each unsafe method calls one function that is a transaction of its own
    atomic_dispatch = True
    # what a personal token needs, by method or action; what is not named here no token gets
    token_scopes: ClassVar[Scopes] = {}
    # what is a person's own or of all projects: closed to tokens that are kept to projects
    beyond_projects: ClassVar[bool] = False

    def get_exception_handler(self) -> Any:
        """Return ours, never the host's."""
        return handle

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Answer JSON to everybody: there is nothing to negotiate."""
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let a preflight pass: a browser sends OPTIONS without its token."""
        if request.method == "OPTIONS":
            renderer, media_type = self.perform_content_negotiation(request)
            vars(request).update(accepted_renderer=renderer, accepted_media_type=media_type)
            return
        super().initial(request, *args, **kwargs)
        require_scopes(self, request)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer a preflight with the allowed methods only."""
        return Response(None, 200, headers={"Allow": ", ".join(self.allowed_methods)})

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, then log a refusal: what the request wrote is settled by then."""
        if request.method != "OPTIONS":
            request.crm_presented = presented_token(request)
        response = self._settled(request, *args, **kwargs)
        note_refusal(request, getattr(self, "request", None), response.status_code)
        return response

    def _settled(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run unsafe methods in a transaction that rolls back at status >= 400."""
        if request.method in SAFE_METHODS or not self.atomic_dispatch:
            return super().dispatch(request, *args, **kwargs)
        try:
            with transaction.atomic():
                response = super().dispatch(request, *args, **kwargs)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
            return response
        except DatabaseError as error:  # foreign keys are checked at the very end
            answer = handle(error, {})
            if answer is None:
                raise
            return self.finalize_response(self.request, answer, *args, **kwargs)


def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request; an empty body is an empty object."""
    return request.data if isinstance(request.data, dict) else {}
