"""vCards: records out as cards, cards in with a preview, and which field is which property."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.downloads import file_answer
from taiga_crm.api.schema import body_fields, plain
from taiga_crm.api.scopes import EXPORTS
from taiga_crm.api.uploads import UploadView, chunks_of, upload_fields, upload_of
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities import jobs
from taiga_crm.capabilities.exporting import Exported, exported
from taiga_crm.capabilities.list_request import read_list_request
from taiga_crm.capabilities.listing import bounded_time, matching_rows, ordered, sort_keys
from taiga_crm.capabilities.vcard_cards import MAX_BYTES, MAX_CARDS, VERSIONS
from taiga_crm.capabilities.vcard_mapping import save_mapping, settings_of, with_cards
from taiga_crm.capabilities.vcard_writing import cards_of
from taiga_crm.kernel.errors import InvalidInput, InvalidQuery
from taiga_crm.permissions.callers import IMPORT, READ, SETTINGS
from taiga_crm.permissions.decide import get_visible
from taiga_crm.registry.entity import Entity
from taiga_crm.services import vcard_runs, vcards

VCARD = "text/vcard; charset=utf-8"
FILE = {(200, "text/vcard"): OpenApiTypes.STR}
MAX_IDS = 500
UPLOAD = upload_fields(
    "VcardFile",
    project=serializers.IntegerField(required=False),
    create_accounts=serializers.BooleanField(required=False),
)
MAPPING = body_fields(
    "VcardMapping",
    kind=serializers.CharField(),
    version=serializers.IntegerField(),
    fields=serializers.DictField(child=serializers.CharField(allow_blank=True)),
)


class VcardsView(UploadView):
    """POST /vcards."""

    token_scopes = {"POST": (IMPORT,)}

    max_upload = MAX_BYTES

    @plain(request=UPLOAD, status=202)
    def post(self, request: Request) -> Response:
        """Import the cards of a file as a job; the same card twice is an update.

        The answer is the job, with the `import` that tells what became of each card."""
        file = upload_of(request, MAX_BYTES)
        options, name = _options(request), file.name or ""
        run, job = vcard_runs.start(request.user, name, chunks_of(file), options)
        return Response({**jobs.shown(job), "import": run.pk}, 202)


class VcardPreviewView(UploadView):
    """POST /vcards/preview."""

    token_scopes = {"POST": (IMPORT,)}

    max_upload = MAX_BYTES
    atomic_dispatch = False

    @plain(request=UPLOAD)
    def post(self, request: Request) -> Response:
        """Tell what the first cards of a file would become; nothing is written."""
        content = b"".join(chunks_of(upload_of(request, MAX_BYTES)))
        return Response(vcards.preview(content, request.user, _options(request)))


class VcardMappingView(CrmView):
    """GET, PATCH /vcards/mapping."""

    token_scopes = {"GET": (READ,), "PATCH": (SETTINGS,)}

    @plain()
    def get(self, request: Request) -> Response:
        """Return which field stands in which property, for each kind of record (F141)."""
        return Response(settings_of(request.user))

    @plain(request=MAPPING)
    def patch(self, request: Request) -> Response:
        """Set the mapping of one kind with {"kind", "version", "fields": {field: property}}."""
        data = body_of(request)
        return Response(save_mapping(str(data.get("kind")), data, request.user))


def vcard_urls() -> list[URLPattern]:
    """Return the URLs of cards of every kind that has them."""
    return [url for entity in with_cards() for url in _urls(entity)]


def _urls(entity: Entity) -> list[URLPattern]:
    class One(CrmView):
        """GET /{path}/{id}/vcard."""

        token_scopes = EXPORTS

        @plain(FILE, query=("version",))
        def get(self, request: Request, pk: str) -> StreamingHttpResponse:
            """Return one record as a vCard."""
            record = get_visible(entity, request.user, record_id(pk))
            name = f"{record}.vcf"
            return _answer(entity, request, [record.pk], name)

    class Many(CrmView):
        """GET /{path}/vcards."""

        token_scopes = EXPORTS

        @plain(FILE, query=("version", "ids", "project", "q", "sort"))
        def get(self, request: Request) -> StreamingHttpResponse:
            """Return the records of a list, or those of `ids`, as one vCard file."""
            return _answer(entity, request, _ids(entity, request), f"{entity.label_plural}.vcf")

    for view, title in ((One, "Card"), (Many, "Cards")):
        view.__name__ = f"{entity.key.title().replace('_', '')}{title}View"
    return [
        re_path(f"^{entity.path}/vcards$", Many.as_view()),
        re_path(f"^{entity.path}/(?P<pk>[0-9]{{1,19}})/vcard$", One.as_view()),
    ]


def _answer(entity: Entity, request: Request, ids: list[int], name: str) -> StreamingHttpResponse:
    version = request.query_params.get("version") or VERSIONS[0]
    if version not in VERSIONS:
        raise InvalidQuery(_("vCard is written in version 3.0 or 4.0."))
    answer = file_answer(cards_of(entity, request.user, ids, version), VCARD, name)
    exported(Exported(entity, request.user, len(ids), "vcard"))
    answer["X-Export-Rows"] = str(len(ids))
    return answer


def _ids(entity: Entity, request: Request) -> list[int]:
    params = request.query_params.dict()
    params.pop("version", None)
    given = params.pop("ids", "")
    asked = read_list_request(entity, request.user, params)
    rows = matching_rows(entity, request.user, asked)
    if given:
        numbers = given.split(",")
        if len(numbers) > MAX_IDS:
            raise InvalidQuery(_("At most %d values.") % MAX_IDS)
        if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in numbers):
            raise InvalidQuery(_("%s must be a positive number.") % "ids")
        rows = rows.filter(pk__in=[int(one) for one in numbers])
    keys, id_descending = sort_keys(entity, request.user, asked)
    rows = ordered(rows, entity, request.user, asked, keys, id_descending)
    with bounded_time():
        found = list(rows.values_list("pk", flat=True)[: MAX_CARDS + 1])
    if len(found) > MAX_CARDS:
        raise InvalidQuery(_("At most %d cards in one file.") % MAX_CARDS)
    return found


def _options(request: Request) -> vcards.Options:
    data: Any = request.data
    project = str(data.get("project") or "")
    if project and not (project.isascii() and project.isdigit() and len(project) < 10):
        raise InvalidInput({"project": [_("Choose one from the list.")]})
    create = str(data.get("create_accounts") or "").lower() in ("true", "1")
    return vcards.Options(int(project) if project else None, create)
