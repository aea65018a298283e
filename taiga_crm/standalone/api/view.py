"""The base of the embedded host's views, independent of settings.REST_FRAMEWORK."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from taiga_crm.standalone.access import permissions_of
from taiga_crm.standalone.api.authentication import TokenAuthentication
from taiga_crm.standalone.api.errors import Archived, Blocked, answer

PAGE_SIZE = 30
MAX_PAGE_SIZE = 1000


class HostView(APIView):
    """Answer like Taiga: its tokens, its errors, its bare paginated lists."""

    authentication_classes = [TokenAuthentication]
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    renderer_classes = [JSONRenderer]
    parser_classes = [JSONParser]

    def get_exception_handler(self) -> Callable[..., Response | None]:
        """Use our own handler, not the one in the settings."""
        return answer

    @transaction.atomic
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Run each request in a transaction that a refusal rolls back."""
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let preflight requests through without a token."""
        if request.method != "OPTIONS":
            super().initial(request, *args, **kwargs)

    def require(self, project: Any, key: str) -> None:
        """Refuse a person without the key: 401 when anonymous, else 403."""
        if key not in permissions_of(self.request.user, project):
            self.permission_denied(self.request)

    def require_writable(self, project: Any) -> None:
        """Refuse writes to a blocked (451) or archived (403) project."""
        if project.blocked_code is not None:
            raise Blocked
        if project.is_archived:
            raise Archived

    def require_login(self) -> None:
        """Refuse anonymous people with a 401."""
        if not self.request.user.is_authenticated:
            raise exceptions.NotAuthenticated

    def paginated(self, rows: Any, show: Callable[[Any], dict[str, Any]]) -> Response:
        """Return one page of the queryset as a bare list, with Taiga's headers."""
        if "x-disable-pagination" in self.request.headers:
            return Response([show(row) for row in rows])
        size, page, count = self._page_size(), self._page_number(), rows.count()
        pages = max(1, math.ceil(count / size))
        if page > pages:
            raise Http404(_("Invalid page (%(page_number)s)") % {"page_number": page})
        shown = [show(row) for row in rows[(page - 1) * size : page * size]]
        return Response(shown, headers=self._page_headers(count, size, page, pages))

    def _page_size(self) -> int:
        given = self.request.query_params.get("page_size", "")
        return min(int(given), MAX_PAGE_SIZE) if given.isdecimal() and int(given) else PAGE_SIZE

    def _page_number(self) -> int:
        given = self.request.query_params.get("page", "1")
        if not given.isdecimal() or not int(given):
            raise Http404(_("Page is not 'last', nor can it be converted to an int."))
        return int(given)

    def _page_headers(self, count: int, size: int, page: int, pages: int) -> dict[str, str]:
        headers = {
            "x-pagination-count": str(count),
            "x-paginated": "true",
            "x-paginated-by": str(size),
            "x-pagination-current": str(page),
        }
        url = self.request.build_absolute_uri()
        if page < pages:
            headers["X-Pagination-Next"] = replace_query_param(url, "page", page + 1)
        if page > 1:
            headers["X-Pagination-Prev"] = replace_query_param(url, "page", page - 1)
        return headers
