"""Search over everything: accounts, contacts and the host's tickets, same visibility."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, plain
from taiga_crm.api.scopes import READS
from taiga_crm.api.views import CrmView
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.services.searching import search_everything


class SearchView(CrmView):
    """GET /search."""

    token_scopes = READS

    @plain(OBJECTS, query=("q", "project"))
    def get(self, request: Request) -> Response:
        """Return up to eight results per kind for `q`; `project` narrows to one CRM project."""
        text = request.query_params.get("q", "").replace("\0", "").strip()[:100]
        project = request.query_params.get("project", "")
        if not project:
            return Response(search_everything(request.user, text))
        if not project.isascii() or not project.isdigit() or len(project) > 9:
            raise InvalidQuery(_("%s must be a positive number.") % "project")
        return Response(search_everything(request.user, text, int(project)))
