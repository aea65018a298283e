"""GET /{kind}/{id}/page: all that the page of a record opens with, in one answer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, re_path
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import plain
from taiga_crm.api.scopes import READS
from taiga_crm.api.views import CrmView
from taiga_crm.api.viewset import record_id, with_winner
from taiga_crm.capabilities.record_page import read_record_page
from taiga_crm.registry.entity import Entity


class RecordPageView(CrmView):
    """GET /{kind}/{id}/page; the subclass made for an entity only sets `entity`."""

    token_scopes = READS

    entity: ClassVar[Entity]

    @plain(query=("lists", "project"))
    def get(self, request: Request, pk: str) -> Response:
        """Return the record, the first page of the tabs in `lists`, counts of all tabs, sums.

        "people.sort" and the like are parameters of the list of the tab "people".
        """
        number, params = record_id(pk), request.query_params.dict()
        with with_winner(self.entity, request.user, number):
            return Response(read_record_page(self.entity, request.user, number, params))


def page_urls(entity: Entity) -> list[URLPattern]:
    """Return the URL of an entity whose records have a page of tabs."""
    if not entity.tabs:
        return []
    name = f"{entity.key.title().replace('_', '')}PageView"
    view: Any = type(name, (RecordPageView,), {"entity": entity, "__doc__": RecordPageView.__doc__})
    return [re_path(f"^{entity.path}/(?P<pk>[0-9]{{1,19}})/page$", view.as_view())]
