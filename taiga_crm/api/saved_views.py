"""Saved views of lists: CRUD, order, and defaults."""

from __future__ import annotations

from django.urls import path, re_path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import READS, RECORDS, WRITES
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities import saved_views
from taiga_crm.capabilities.view_defaults import audiences, defaults_of, set_default
from taiga_crm.kernel.errors import InvalidQuery

IDS = serializers.ListField(child=serializers.IntegerField(), required=False)
FIELDS = {
    "name": serializers.CharField(max_length=100, required=False),
    "state": serializers.DictField(required=False),
    "sharing": serializers.CharField(required=False),
    "roles": IDS,
    "user_types": IDS,
    "color": serializers.CharField(required=False, allow_blank=True),
    "show_as_tag": serializers.BooleanField(required=False),
}
NEW = body_fields(
    "NewView",
    kind=serializers.CharField(),
    project=serializers.IntegerField(required=False, allow_null=True),
    **FIELDS,
)
CHANGED = body_fields("ChangedView", version=serializers.IntegerField(), **FIELDS)
ORDER = body_fields("ViewOrder", kind=serializers.CharField(), ids=IDS)
DEFAULT = body_fields(
    "ViewDefault",
    **{"for": serializers.CharField()},
    id=serializers.IntegerField(required=False),
    project=serializers.IntegerField(required=False, allow_null=True),
    value=serializers.BooleanField(required=False),
)


class ViewsView(CrmView):
    """GET, POST /views."""

    token_scopes = RECORDS
    beyond_projects = True

    @plain(OBJECTS, query=("kind", "project", "everywhere"))
    def get(self, request: Request) -> Response:
        """Return the views of `kind` offered in `project`, or at the level of all projects.

        With `everywhere=true` also those of the other projects.
        """
        params, user = request.query_params, request.user
        kind, everywhere = params.get("kind", ""), params.get("everywhere") == "true"
        project = _project(request)
        return Response(saved_views.list_views(user, kind, project, everywhere=everywhere))

    @plain(request=NEW, status=201)
    def post(self, request: Request) -> Response:
        """Save a view."""
        return Response(saved_views.create_view(request.user, body_of(request)), 201)


class ViewAudiencesView(CrmView):
    """GET /views/audiences."""

    token_scopes = READS
    beyond_projects = True

    @plain(query=("project",))
    def get(self, request: Request) -> Response:
        """Return with whom the person may share views in `project`, or of all projects."""
        return Response(audiences(request.user, _project(request)))


class ViewView(CrmView):
    """GET, PATCH, DELETE /views/{id}."""

    token_scopes = RECORDS
    beyond_projects = True

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return a view with what of it still works, and for whom it is the default."""
        return Response(saved_views.read_view(request.user, record_id(pk)))

    @plain(request=CHANGED)
    def patch(self, request: Request, pk: str) -> Response:
        """Change a view; needs the version that was read."""
        return Response(saved_views.change_view(request.user, record_id(pk), body_of(request)))

    @plain(None, status=204)
    def delete(self, request: Request, pk: str) -> Response:
        """Delete a view."""
        saved_views.delete_view(request.user, record_id(pk))
        return Response(None, 204)


class ViewOrderView(CrmView):
    """POST /views/reorder."""

    token_scopes = WRITES
    beyond_projects = True

    @plain(None, ORDER, 204)
    def post(self, request: Request) -> Response:
        """Put views of one kind into the order of `ids`."""
        data = body_of(request)
        saved_views.reorder_views(request.user, data.get("kind"), data.get("ids"))
        return Response(None, 204)


class ViewDefaultView(CrmView):
    """POST /views/{id}/default."""

    token_scopes = WRITES
    beyond_projects = True

    @plain(OBJECTS, DEFAULT)
    def post(self, request: Request, pk: str) -> Response:
        """Make it the default for me, a role or a user type, or no longer."""
        set_default(request.user, record_id(pk), body_of(request))
        return Response(defaults_of(request.user, record_id(pk)))


def _project(request: Request) -> int | None:
    project = request.query_params.get("project", "")
    if project and not (project.isascii() and project.isdigit() and len(project) < 10):
        raise InvalidQuery(_("%s must be a positive number.") % "project")
    return int(project) if project else None


view_urls = [
    path("views", ViewsView.as_view()),
    path("views/audiences", ViewAudiencesView.as_view()),
    path("views/reorder", ViewOrderView.as_view()),
    re_path(r"^views/(?P<pk>[0-9]{1,19})$", ViewView.as_view()),
    re_path(r"^views/(?P<pk>[0-9]{1,19})/default$", ViewDefaultView.as_view()),
]
