"""EntityViewSet: list, groups, export, lookup, detail, history and writes of every entity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from taiga_crm.api.downloads import file_answer
from taiga_crm.api.pagination import page_headers
from taiga_crm.api.record_sets import RecordSets
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.capabilities.announcing import projects_of
from taiga_crm.capabilities.exporting import CSV, XLSX, open_export
from taiga_crm.capabilities.grouping import read_groups
from taiga_crm.capabilities.history import read_history
from taiga_crm.capabilities.list_request import read_list_request
from taiga_crm.capabilities.lookup import lookup
from taiga_crm.capabilities.membership import change_members
from taiga_crm.capabilities.merge_undo import merged_into
from taiga_crm.capabilities.pages import read_page
from taiga_crm.capabilities.plain_edit import change_record, create_record
from taiga_crm.capabilities.prefill import prefill
from taiga_crm.capabilities.reading import read_record
from taiga_crm.capabilities.removing import delete_preview, delete_record
from taiga_crm.capabilities.tree_list import read_tree
from taiga_crm.kernel.errors import NotVisible, StaleVersion
from taiga_crm.permissions.decide import get_visible, require
from taiga_crm.permissions.projects import require_open
from taiga_crm.registry.entity import Action, Entity

MAX_ID = 2**62


def record_id(text: str) -> int:
    """Return an id from the URL; NotVisible for one no row can have."""
    number = int(text)
    if number > MAX_ID:
        raise NotVisible("No such record")
    return number


@contextmanager
def with_winner(entity: Entity, user: Any, pk: int) -> Iterator[None]:
    """Let the refusal of a record that was merged into another tell which one."""
    try:
        yield
    except NotVisible as absent:
        winner = merged_into(entity, user, pk)
        if winner is not None:
            absent.details = {"merged_into": winner}
        raise


class EntityViewSet(RecordSets, ViewSetMixin, CrmView):
    """The subclass made for an entity only sets `entity`."""

    entity: ClassVar[Entity]
    lookup_value_regex = "[0-9]{1,19}"
    atomic_dispatch = False  # the engine's functions and the actions are transactions

    def list(self, request: Request) -> Response:
        """Return a page of rows as a bare array with x-pagination headers."""
        asked = read_list_request(self.entity, request.user, request.query_params.dict())
        page = read_page(self.entity, request.user, asked)
        return Response(page.rows, headers=page_headers(request, page))

    def groups(self, request: Request) -> Response:
        """Return groups with counts and totals; without group_by only the totals."""
        asked = read_list_request(self.entity, request.user, request.query_params.dict())
        return Response(read_groups(self.entity, request.user, asked))

    def export_csv(self, request: Request) -> StreamingHttpResponse:
        """Stream the list as shown as CSV; `fields=*` has all columns."""
        return self._export(request, CSV)

    def export_xlsx(self, request: Request) -> StreamingHttpResponse:
        """Stream the list as shown as XLSX; `fields=*` has all columns."""
        return self._export(request, XLSX)

    def _export(self, request: Request, format: str) -> StreamingHttpResponse:
        """Tell the number of rows beside the file, so that a browser can show how far it is."""
        made = open_export(self.entity, request.user, request.query_params.dict(), format)
        answer = file_answer(made.chunks, made.content_type, made.name)
        answer["X-Export-Rows"] = str(made.rows)
        answer["X-Export-Complete"] = "true" if made.is_complete else "false"
        return answer

    def lookup(self, request: Request) -> Response:
        """Return the first rows whose name matches `q`."""
        asked = read_list_request(self.entity, request.user, _only(request, "q", "project"))
        return Response(lookup(self.entity, request.user, asked.search, asked.project))

    def new(self, request: Request) -> Response:
        """Return the values a new form starts with; `copy` takes them from a record."""
        return Response(prefill(self.entity, request.user, request.query_params.dict()))

    def create(self, request: Request) -> Response:
        """Add a record."""
        record = create_record(self.entity, request.user, body_of(request))
        return Response(self._after(request.user, record.pk), 201)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one record with all its fields; a merged one tells who took its place."""
        number = record_id(pk)
        with with_winner(self.entity, request.user, number):
            return Response(read_record(self.entity, request.user, number))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a record; a stale version is refused with the current record."""
        try:
            change_record(self.entity, request.user, record_id(pk), body_of(request))
        except StaleVersion as stale:
            stale.details = {"current": read_record(self.entity, request.user, record_id(pk))}
            raise
        return Response(self._after(request.user, record_id(pk)))

    def _after(self, user: Any, pk: int) -> dict[str, Any]:
        """Return the record; who handed it over and no longer sees it is told so."""
        try:
            return read_record(self.entity, user, pk)
        except NotVisible:
            return {"id": pk, "_verbs": [], "out_of_sight": True}

    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a record."""
        delete_record(self.entity, request.user, record_id(pk))
        return Response(None, 204)

    def delete_preview(self, request: Request, pk: str) -> Response:
        """Tell what a delete takes along."""
        return Response(delete_preview(self.entity, request.user, record_id(pk)))

    def tree(self, request: Request) -> Response:
        """Return all rows of the tree, with how many records are under each; `project` narrows."""
        asked = read_list_request(self.entity, request.user, _only(request, "project"))
        return Response(read_tree(self.entity, request.user, asked.project))

    def members(self, request: Request, pk: str) -> Response:
        """Put records under this row and take others out, as a difference."""
        number, data = record_id(pk), body_of(request)
        return Response(change_members(self.entity, request.user, number, data))

    def history(self, request: Request, pk: str) -> Response:
        """Return what changed, newest first; visible to whoever sees the record."""
        record = get_visible(self.entity, request.user, record_id(pk))
        asked = read_list_request(self.entity, request.user, _only(request, "page", "page_size"))
        start = (asked.page - 1) * asked.page_size
        entries = read_history(self.entity, record.pk, request.user, start, asked.page_size)
        return Response(entries)


def action_view(action: Action) -> Callable[..., Response]:
    """Return the view method of a declared action."""

    def run(self: EntityViewSet, request: Request, pk: str) -> Response:
        record = get_visible(self.entity, request.user, record_id(pk))
        require(self.entity, request.user, action.verb, record)
        if action.verb != "view":
            require_open(request.user, projects_of(self.entity, record))
        given = {name: body_of(request)[name] for name in action.body if name in body_of(request)}
        action.run(record, request.user, **given)
        return Response(self._after(request.user, record.pk))

    run.__doc__ = str(action.label)
    return run


def _only(request: Request, *names: str) -> dict[str, str]:
    return {name: value for name, value in request.query_params.dict().items() if name in names}
