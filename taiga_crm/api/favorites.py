"""The person's favorites of all kinds."""

from __future__ import annotations

from django.urls import path, re_path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import RECORDS, WRITES
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities import favorites_list
from taiga_crm.permissions.callers import WRITE

ITEM = body_fields(
    "Favorite",
    kind=serializers.CharField(),
    id=serializers.IntegerField(),
    starred_at=serializers.DateTimeField(required=False),
)
ORDER = body_fields(
    "FavoritesOrder", items=serializers.ListField(child=serializers.DictField(), required=True)
)


class FavoritesView(CrmView):
    """GET, POST /favorites."""

    token_scopes = RECORDS
    beyond_projects = True

    @plain(OBJECTS)
    def get(self, request: Request) -> Response:
        """Return the person's favorites, in the person's order."""
        return Response(favorites_list.read_favorites(request.user))

    @plain(OBJECTS, ITEM, 201)
    def post(self, request: Request) -> Response:
        """Star a record of any kind."""
        favorites_list.add_favorite(request.user, body_of(request))
        return Response(favorites_list.read_favorites(request.user), 201)


class FavoriteView(CrmView):
    """DELETE /favorites/{kind}/{id}."""

    token_scopes = {"DELETE": (WRITE,)}
    beyond_projects = True

    @plain(None, status=204)
    def delete(self, request: Request, kind: str, pk: str) -> Response:
        """Take a star away."""
        favorites_list.remove_favorite(request.user, kind, record_id(pk))
        return Response(None, 204)


class FavoritesOrderView(CrmView):
    """POST /favorites/reorder."""

    token_scopes = WRITES
    beyond_projects = True

    @plain(None, ORDER, 204)
    def post(self, request: Request) -> Response:
        """Put the favorites into the order of `items`."""
        favorites_list.reorder_favorites(request.user, body_of(request).get("items"))
        return Response(None, 204)


favorite_urls = [
    path("favorites", FavoritesView.as_view()),
    path("favorites/reorder", FavoritesOrderView.as_view()),
    re_path(r"^favorites/(?P<kind>[a-z0-9_]{1,40})/(?P<pk>[0-9]{1,19})$", FavoriteView.as_view()),
]
