"""Files on records: list, upload, versions, download through our own permission check."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import READS, RECORDS, WRITES
from taiga_crm.api.uploads import UploadView, chunks_of, upload_fields, upload_of
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities import attachments
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.kernel.file_names import content_disposition
from taiga_crm.permissions.decide import get_allowed
from taiga_crm.registry.entity import Entity

NEW = upload_fields(
    "NewAttachment", description=serializers.CharField(required=False, max_length=1_000)
)
VERSION = upload_fields("NewAttachmentVersion")
DESCRIPTION = body_fields(
    "AttachmentDescription",
    version=serializers.IntegerField(),
    description=serializers.CharField(max_length=1_000, allow_blank=True),
)
BYTES = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class FileUploadView(UploadView):
    """Base of the two views that take a file of the largest allowed size."""

    @property
    def max_upload(self) -> int:  # type: ignore[override]
        """Read the limit when it is asked for: settings are not there at import."""
        return conf().max_attachment_bytes


class RecordAttachmentsView(FileUploadView):
    """GET, POST /{kind}/{id}/attachments; a subclass sets the entity."""

    token_scopes = RECORDS

    entity: Entity

    @plain(OBJECTS, query=("deleted",))
    def get(self, request: Request, pk: str) -> Response:
        """Return the files of a record; `deleted=1` those that can be brought back."""
        deleted = request.query_params.get("deleted", "") == "1"
        found = attachments.attachments_of(
            self.entity, request.user, record_id(pk), deleted=deleted
        )
        return Response(found)

    @plain(request=NEW, status=201)
    def post(self, request: Request, pk: str) -> Response:
        """Add a file to a record."""
        get_allowed(self.entity, request.user, "change", record_id(pk))
        file = upload_of(request, self.max_upload)
        made = attachments.attach(
            self.entity,
            request.user,
            record_id(pk),
            file.name,
            chunks_of(file),
            str(body_of(request).get("description") or ""),
        )
        return Response(made, 201)


class AttachmentView(CrmView):
    """GET, PATCH, DELETE /attachments/{id}."""

    token_scopes = RECORDS

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return a file's names and versions."""
        return Response(attachments.one_attachment(request.user, record_id(pk)))

    @plain(request=DESCRIPTION)
    def patch(self, request: Request, pk: str) -> Response:
        """Change the description."""
        return Response(attachments.describe(request.user, record_id(pk), body_of(request)))

    @plain(None, status=204)
    def delete(self, request: Request, pk: str) -> Response:
        """Delete a file; it can be brought back for a while."""
        attachments.detach(request.user, record_id(pk))
        return Response(None, 204)


class AttachmentRestoreView(CrmView):
    """POST /attachments/{id}/restore."""

    token_scopes = WRITES

    @plain()
    def post(self, request: Request, pk: str) -> Response:
        """Undo the delete of a file."""
        return Response(attachments.bring_back(request.user, record_id(pk)))


class AttachmentVersionsView(FileUploadView):
    """POST /attachments/{id}/versions."""

    token_scopes = WRITES

    @plain(request=VERSION, status=201)
    def post(self, request: Request, pk: str) -> Response:
        """Replace a file by a newer one."""
        attachments.require_changeable(request.user, record_id(pk))
        file = upload_of(request, self.max_upload)
        made = attachments.add_version(request.user, record_id(pk), file.name, chunks_of(file))
        return Response(made, 201)


class AttachmentVersionRestoreView(CrmView):
    """POST /attachments/{id}/versions/{number}/restore."""

    token_scopes = WRITES

    @plain()
    def post(self, request: Request, pk: str, number: str) -> Response:
        """Make an earlier version the newest one."""
        found = attachments.restore_version(request.user, record_id(pk), record_id(number))
        return Response(found)


class AttachmentFileView(CrmView):
    """GET /attachments/{id}/file."""

    token_scopes = READS

    @plain(BYTES, query=("number",))
    def get(self, request: Request, pk: str) -> Any:
        """Return the bytes, always as a download: nothing uploaded is ever run as a page."""
        number = request.query_params.get("number", "")
        if number and not (number.isascii() and number.isdigit() and len(number) < 6):
            raise InvalidQuery("number must be a positive number.")
        name, size, file = attachments.opened(
            request.user, record_id(pk), int(number) if number else None
        )
        response = FileResponse(file, content_type="application/octet-stream")
        response["Content-Disposition"] = content_disposition(name)
        response["Content-Length"] = str(size)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response


def attachments_view(entity: Entity) -> Any:
    """Return the view of the files of one kind of record."""
    name = f"{entity.key.title().replace('_', '')}AttachmentsView"
    view: Any = type(name, (RecordAttachmentsView,), {"entity": entity})
    return view.as_view()
