"""Uploads: multipart bodies of a bounded size, refused before they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from taiga_crm.api.schema import body_fields
from taiga_crm.api.views import CrmView, JsonParser
from taiga_crm.kernel.errors import InvalidInput, TooLarge

AROUND_THE_FILE = 100_000  # the other fields of the form and the boundaries
CHUNK = 64 * 1024


class UploadView(CrmView):
    """Base of views that take a file named "file"; JSON bodies are taken as well."""

    parser_classes = [MultiPartParser, JsonParser]
    max_upload: ClassVar[int] = 10_000_000

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body that says it is too large before anything of it is read."""
        super().initial(request, *args, **kwargs)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > self.max_upload + AROUND_THE_FILE:
            raise TooLarge(self.max_upload)


def upload_of(request: Request, limit: int) -> Any:
    """Return the uploaded file; InvalidInput without one, TooLarge for one above the limit."""
    file = request.FILES.get("file")
    if file is None:
        raise InvalidInput({"file": [_("Choose a file.")]})
    if (file.size or 0) > limit:
        raise TooLarge(limit)
    return file


def chunks_of(file: Any) -> Iterator[bytes]:
    """Return the bytes of an uploaded file, piece by piece."""
    return iter(file.chunks(CHUNK))


def upload_fields(name: str, **fields: Any) -> Any:
    """Describe a multipart body with a file and further fields."""
    return {"multipart/form-data": body_fields(name, file=serializers.FileField(), **fields)}
