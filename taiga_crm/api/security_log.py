"""The security log for holders of the security key."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.urls import re_path
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.downloads import file_answer
from taiga_crm.api.schema import OBJECTS, plain
from taiga_crm.api.views import CrmView
from taiga_crm.permissions.callers import EXPORT, SETTINGS
from taiga_crm.services import security_events

CSV = {(200, "text/csv"): OpenApiTypes.STR}
FILTERS = tuple(security_events.FILTERS)


class SecurityLogView(CrmView):
    """GET /security-log."""

    token_scopes = {"GET": (SETTINGS,)}

    @plain(OBJECTS, query=(*FILTERS, "cursor"))
    def get(self, request: Request) -> Response:
        """Return events, the latest first; `kind` may name several with commas."""
        rows, after = security_events.read_events(request.user, request.query_params.dict())
        return Response(rows, headers={"x-pagination-next-cursor": after} if after else {})


class SecurityLogOptionsView(CrmView):
    """GET /security-log/options."""

    token_scopes = {"GET": (SETTINGS,)}

    @plain()
    def get(self, request: Request) -> Response:
        """Return the kinds of events and how many days they are kept."""
        return Response(security_events.options(request.user))


class SecurityLogFileView(CrmView):
    """GET /security-log/export.csv."""

    token_scopes = {"GET": (SETTINGS, EXPORT)}

    @plain(CSV, query=FILTERS)
    def get(self, request: Request) -> HttpResponseBase:
        """Return the events as CSV."""
        lines = security_events.export_events(request.user, request.query_params.dict())
        return file_answer(lines, "text/csv; charset=utf-8", "security-log.csv")


security_log_urls = [
    re_path(r"^security-log$", SecurityLogView.as_view()),
    re_path(r"^security-log/options$", SecurityLogOptionsView.as_view()),
    re_path(r"^security-log/export\.csv$", SecurityLogFileView.as_view()),
]
