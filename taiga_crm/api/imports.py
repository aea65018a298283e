"""Imports: a file taken in, mapped, tried, imported, undone; its rows and its errors as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import StreamingHttpResponse
from django.urls import path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.downloads import file_answer
from taiga_crm.api.pagination import page_headers
from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import IMPORTS
from taiga_crm.api.uploads import UploadView, chunks_of, upload_fields, upload_of
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities import import_profiles, imports
from taiga_crm.capabilities.exporting import CONTENT_TYPES
from taiga_crm.capabilities.import_errors import errors_csv, errors_xlsx
from taiga_crm.capabilities.import_shown import list_imports, list_rows, shown, shown_kinds
from taiga_crm.capabilities.import_targets import kind_to_import
from taiga_crm.capabilities.tables import MAX_BYTES
from taiga_crm.kernel.errors import InvalidInput, InvalidQuery
from taiga_crm.models import Import
from taiga_crm.permissions.callers import DELETE, IMPORT

ERRORS = {"csv": errors_csv, "xlsx": errors_xlsx}
UPLOAD = upload_fields(
    "ImportFile",
    kind=serializers.CharField(),
    project=serializers.IntegerField(required=False),
    encoding=serializers.CharField(required=False),
    delimiter=serializers.CharField(required=False),
    sheet=serializers.CharField(required=False),
    heading=serializers.IntegerField(required=False),
)
CHANGE = body_fields(
    "ChangedImport",
    encoding=serializers.CharField(required=False),
    delimiter=serializers.CharField(required=False),
    sheet=serializers.CharField(required=False),
    heading=serializers.IntegerField(required=False),
    mapping=serializers.ListField(child=serializers.DictField(), required=False),
    settings=serializers.DictField(required=False),
    profile=serializers.IntegerField(required=False, allow_null=True),
)
PROFILE = body_fields(
    "ImportProfile",
    name=serializers.CharField(max_length=100),
    shared=serializers.BooleanField(required=False),
    **{"import": serializers.IntegerField()},
)
CHANGED_PROFILE = body_fields(
    "ChangedImportProfile",
    name=serializers.CharField(max_length=100, required=False),
    shared=serializers.BooleanField(required=False),
    **{"import": serializers.IntegerField(required=False)},
)
FILE = {
    (200, "text/csv"): OpenApiTypes.STR,
    (200, CONTENT_TYPES["xlsx"]): OpenApiTypes.BINARY,
}


class ImportKindsView(CrmView):
    """GET /imports/kinds."""

    token_scopes = IMPORTS

    @plain(OBJECTS)
    def get(self, request: Request) -> Response:
        """Return the kinds of which the person may import rows, with what a column can be."""
        return Response(shown_kinds(request.user))


class ImportsView(UploadView):
    """GET, POST /imports."""

    token_scopes = IMPORTS

    max_upload = max(MAX_BYTES.values())

    @plain(OBJECTS, query=("kind", "page", "page_size"))
    def get(self, request: Request) -> Response:
        """Return the person's own imports, the newest first."""
        page = list_imports(request.user, request.query_params.dict())
        return Response(page.rows, headers=page_headers(request, page))

    @plain(request=UPLOAD, status=201)
    def post(self, request: Request) -> Response:
        """Take a CSV or XLSX file in; nothing is imported before it is told to."""
        kind_to_import(request.user, request.data.get("kind"))
        file = upload_of(request, self.max_upload)
        run = imports.create_import(request.user, request.data, file.name or "", chunks_of(file))
        return Response(shown(imports.import_of(request.user, run.pk), request.user), 201)


class ImportView(CrmView):
    """GET, PATCH, DELETE /imports/{id}."""

    token_scopes = IMPORTS

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return an import of the person."""
        return Response(shown(imports.import_of(request.user, record_id(pk)), request.user))

    @plain(request=CHANGE)
    def patch(self, request: Request, pk: str) -> Response:
        """Change how a draft is read, mapped and set."""
        run = imports.change_import(request.user, record_id(pk), body_of(request))
        return Response(shown(run, request.user))

    @plain(None, status=204)
    def delete(self, request: Request, pk: str) -> Response:
        """Forget the file and what became of its rows; the records stay."""
        imports.delete_import(request.user, record_id(pk))
        return Response(None, 204)


def _starting(kind: str, told: str) -> Any:
    class Start(CrmView):
        token_scopes = IMPORTS

        @plain(request=None, status=202)
        def post(self, request: Request, pk: str) -> Response:
            run = imports.start(request.user, record_id(pk), kind)
            return Response(shown(run, request.user), 202)

    Start.__doc__ = f"POST /imports/{{id}}/{told}."
    Start.__name__ = f"Import{told.title()}View"
    return Start


ImportPreviewView = _starting(imports.PREVIEW, "preview")
ImportRunView = _starting(imports.RUN, "run")


class ImportUndoView(CrmView):
    """POST /imports/{id}/undo."""

    token_scopes = {"POST": (IMPORT, DELETE)}

    @plain(request=None, status=202)
    def post(self, request: Request, pk: str) -> Response:
        """Take back what the import wrote and nobody has edited since."""
        run = imports.start_undo(request.user, record_id(pk))
        return Response(shown(run, request.user), 202)


class ImportRowsView(CrmView):
    """GET /imports/{id}/rows."""

    token_scopes = IMPORTS

    @plain(OBJECTS, query=("outcome", "reason", "page", "page_size"))
    def get(self, request: Request, pk: str) -> Response:
        """Return what becomes, or became, of the rows; `reason` is the number of a reason."""
        run = imports.import_of(request.user, record_id(pk))
        page = list_rows(run, request.query_params.dict())
        return Response(page.rows, headers=page_headers(request, page))


class ImportErrorsView(CrmView):
    """GET /imports/{id}/errors."""

    token_scopes = IMPORTS

    @plain(FILE, query=("format", "doubtful"))
    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """Return the rows that were left out as a file, with the reason beside each."""
        run = imports.import_of(request.user, record_id(pk))
        form = request.query_params.get("format") or "csv"
        if form not in ERRORS:
            raise InvalidQuery(_("The file is written as csv or xlsx."))
        doubtful = request.query_params.get("doubtful", "").lower() in ("true", "1")
        stem = run.file_name.rpartition(".")[0] or run.file_name
        name = _("%s (to be corrected)") % stem
        content_type = CONTENT_TYPES[form]
        return file_answer(ERRORS[form](run, doubtful=doubtful), content_type, f"{name}.{form}")


class ImportProfilesView(CrmView):
    """GET, POST /import-profiles."""

    token_scopes = IMPORTS

    @plain(OBJECTS, query=("kind",))
    def get(self, request: Request) -> Response:
        """Return the person's profiles and the shared ones of a kind."""
        kind = request.query_params.get("kind", "")
        entity = kind_to_import(request.user, kind) if kind else None
        rows = import_profiles.profiles_of(request.user, entity)
        return Response([import_profiles.shown(one, request.user) for one in rows])

    @plain(request=PROFILE, status=201)
    def post(self, request: Request) -> Response:
        """Keep the mapping and the settings of an import under a name."""
        data = body_of(request)
        profile = import_profiles.create_profile(request.user, _import_named(request, data), data)
        return Response(import_profiles.shown(profile, request.user), 201)


class ImportProfileView(CrmView):
    """PATCH, DELETE /import-profiles/{id}."""

    token_scopes = IMPORTS

    @plain(request=CHANGED_PROFILE)
    def patch(self, request: Request, pk: str) -> Response:
        """Rename or share a profile, or renew it from an import."""
        data = body_of(request)
        run = _import_named(request, data) if "import" in data else None
        profile = import_profiles.change_profile(request.user, record_id(pk), data, run)
        return Response(import_profiles.shown(profile, request.user))

    @plain(None, status=204)
    def delete(self, request: Request, pk: str) -> Response:
        """Delete a profile."""
        import_profiles.delete_profile(request.user, record_id(pk))
        return Response(None, 204)


def _import_named(request: Request, data: Mapping[str, Any]) -> Import:
    given = data.get("import")
    if isinstance(given, bool) or not isinstance(given, int):
        raise InvalidInput({"import": [_("Choose one from the list.")]})
    return imports.import_of(request.user, record_id(str(given)))


ONE = r"^imports/(?P<pk>[0-9]{1,19})"
import_urls = [
    path("imports", ImportsView.as_view()),
    path("imports/kinds", ImportKindsView.as_view()),
    re_path(f"{ONE}$", ImportView.as_view()),
    re_path(f"{ONE}/preview$", ImportPreviewView.as_view()),
    re_path(f"{ONE}/run$", ImportRunView.as_view()),
    re_path(f"{ONE}/undo$", ImportUndoView.as_view()),
    re_path(f"{ONE}/rows$", ImportRowsView.as_view()),
    re_path(f"{ONE}/errors$", ImportErrorsView.as_view()),
    path("import-profiles", ImportProfilesView.as_view()),
    re_path(r"^import-profiles/(?P<pk>[0-9]{1,19})$", ImportProfileView.as_view()),
]
