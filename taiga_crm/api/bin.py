"""The bin: what was deleted, restoring it, throwing it away."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.pagination import page_headers
from taiga_crm.api.record_ids import given_ids
from taiga_crm.api.schema import ANY_OBJECT, OBJECTS, body_fields, plain
from taiga_crm.api.scopes import DELETES, READS, WRITES
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities.bin import binned, purge, restore, throw_away, without_frozen
from taiga_crm.capabilities.bin_list import narrowed_bin, read_bin
from taiga_crm.capabilities.bulk_answers import refusal
from taiga_crm.capabilities.list_request import read_place
from taiga_crm.kernel.errors import CrmError, InvalidInput
from taiga_crm.permissions.callers import DELETE

RESTORE = body_fields(
    "RestoreFromBin",
    kind=serializers.CharField(max_length=40),
    ids=serializers.ListField(child=serializers.IntegerField(), max_length=500),
)
EMPTY = body_fields(
    "EmptyBin",
    kind=serializers.CharField(max_length=40, required=False),
    project=serializers.IntegerField(required=False, allow_null=True),
)


class BinView(CrmView):
    """GET /bin."""

    token_scopes = READS

    @plain(OBJECTS, query=("kind", "q", "project", "page", "page_size"))
    def get(self, request: Request) -> Response:
        """Return the deleted records that the reader could have deleted, the youngest first."""
        params = request.query_params.dict()
        place = read_place({key: params[key] for key in PAGE_PARAMS if key in params})
        rows = narrowed_bin(request.user, params.get("kind", ""), place.search, place.project)
        page = read_bin(rows, request.user, place.page, place.page_size)
        return Response(page.rows, headers=page_headers(request, page))


class BinEntryView(CrmView):
    """DELETE /bin/{id}."""

    token_scopes = DELETES

    @plain(None, status=204)
    def delete(self, request: Request, pk: str) -> Response:
        """Throw one entry away for good."""
        throw_away(record_id(pk), request.user)
        return Response(None, 204)


class BinRestoreView(CrmView):
    """POST /bin/{id}/restore."""

    token_scopes = WRITES

    atomic_dispatch = False

    @plain(ANY_OBJECT)
    def post(self, request: Request, pk: str) -> Response:
        """Bring one record back; the answer names it and what could not come along."""
        return Response(restore(record_id(pk), request.user))


class BinRestoreManyView(CrmView):
    """POST /bin/restore."""

    token_scopes = WRITES

    atomic_dispatch = False

    @plain(OBJECTS, RESTORE)
    def post(self, request: Request) -> Response:
        """Bring records of a kind back by their own ids; a result for each."""
        body = body_of(request)
        kind, ids = body.get("kind"), given_ids(body)
        if not isinstance(kind, str):
            raise InvalidInput({"kind": ["A kind is needed."]})
        entries = binned(request.user).filter(kind=kind, object_id__in=ids)
        known = dict(entries.values_list("object_id", "pk"))
        return Response([_restored(one, known.get(one), request.user) for one in ids])


class BinEmptyView(CrmView):
    """POST /bin/empty."""

    token_scopes = {"POST": (DELETE,)}

    @plain(ANY_OBJECT, EMPTY)
    def post(self, request: Request) -> Response:
        """Throw away everything the person sees in the bin, of a kind or project when given."""
        body = body_of(request)
        kind, project = body.get("kind") or "", body.get("project")
        if not isinstance(kind, str):
            raise InvalidInput({"kind": ["A kind is needed."]})
        if project is not None and (isinstance(project, bool) or not isinstance(project, int)):
            raise InvalidInput({"project": ["Choose one from the list."]})
        entries = narrowed_bin(request.user, kind, "", project)
        return Response({"purged": purge(without_frozen(entries, request.user))})


PAGE_PARAMS = ("q", "project", "page", "page_size")


def _restored(object_id: int, entry_id: int | None, user: Any) -> dict[str, Any]:
    try:
        result = restore(entry_id, user)
    except CrmError as error:
        return refusal(object_id, error)
    return {"id": object_id, "status": "restored", "left_out": result["left_out"]}
