"""Search over everything: accounts, contacts and the host's tickets, same visibility."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, plain
from taiga_crm.api.views import CrmView
from taiga_crm.services.searching import search_everything


class SearchView(CrmView):
    """GET /search."""

    @plain(OBJECTS, query=("q",))
    def get(self, request: Request) -> Response:
        """Return up to eight results per kind for `q`."""
        text = request.query_params.get("q", "").replace("\0", "").strip()[:100]
        return Response(search_everything(request.user, text))
