"""What acts on several records of a kind: bulk acts, duplicates, merging; mixed into viewsets."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.record_ids import given_ids, is_id
from taiga_crm.api.views import body_of
from taiga_crm.capabilities import bulk
from taiga_crm.capabilities.bulk_answers import summary
from taiga_crm.capabilities.duplicates import duplicates_of, duplicates_of_input, keep_apart
from taiga_crm.capabilities.merge_undo import merges_of, undo_merge
from taiga_crm.capabilities.merge_values import compare
from taiga_crm.capabilities.merging import (
    MergeRequest,
    merge,
    records_to_merge,
    require_merge_rights,
)
from taiga_crm.kernel.errors import InvalidInput, InvalidQuery, NotVisible
from taiga_crm.registry.entity import Entity

MAX_INPUTS = 20


class RecordSets:
    """Methods of an EntityViewSet; each calls one function that is a transaction of its own."""

    entity: ClassVar[Entity]

    def bulk_change(self, request: Request) -> Response:
        """Change fields of the records in `ids`, or of all that match `filter`, up to 500."""
        body, user = body_of(request), request.user
        changes = _object(body, "changes")
        ids = self._chosen(request)
        return Response(
            summary(bulk.bulk_change(self.entity, user, ids, changes, _object(body, "versions")))
        )

    def bulk_delete(self, request: Request) -> Response:
        """Move records into the bin, up to 500."""
        versions = _object(body_of(request), "versions")
        ids = self._chosen(request)
        return Response(summary(bulk.bulk_delete(self.entity, request.user, ids, versions)))

    def bulk_favorite(self, request: Request) -> Response:
        """Star records for oneself, or take the stars away with {"value": false}."""
        wanted = body_of(request).get("value", True) is True
        ids = self._chosen(request)
        return Response(summary(bulk.bulk_favorite(self.entity, request.user, ids, wanted)))

    def duplicates(self, request: Request) -> Response:
        """Return visible records like what was typed: one parameter for each field of a form."""
        params = request.query_params
        texts = {name: params.getlist(name)[:MAX_INPUTS] for name in params}
        for short, name in (("email", "emails"), ("phone", "phones")):
            texts.setdefault(name, texts.get(short, []))
        exclude = _number(params.get("exclude", ""))
        return Response(duplicates_of_input(self.entity, request.user, texts, exclude))

    def record_duplicates(self, request: Request, pk: str) -> Response:
        """Return visible records that may be the same as this one."""
        return Response(duplicates_of(self.entity, request.user, _pk(pk)))

    def keep_apart(self, request: Request, pk: str) -> Response:
        """Remember that this record and {"other": id} are no duplicates."""
        other = body_of(request).get("other")
        if not is_id(other):
            raise InvalidInput({"other": ["Choose one from the list."]})
        keep_apart(self.entity, request.user, _pk(pk), int(other))  # type: ignore[arg-type]
        return Response(None, 204)

    def merge_preview(self, request: Request) -> Response:
        """Return records side by side, a proposal, and what would move."""
        raw = request.query_params.get("ids", "").split(",")[: MAX_INPUTS + 1]
        ids = list(dict.fromkeys(_number(one) or 0 for one in raw))
        records = records_to_merge(self.entity, request.user, ids)
        require_merge_rights(self.entity, request.user, ids, [])
        return Response(compare(self.entity, request.user, records))

    def merge(self, request: Request) -> Response:
        """Merge records into `winner`; `choices` names the record whose value a field gets."""
        body = body_of(request)
        winner = body.get("winner")
        asked = MergeRequest(
            given_ids(body),
            int(winner) if is_id(winner) else 0,  # type: ignore[arg-type]
            _object(body, "versions"),
            _object(body, "choices"),
        )
        run = merge(self.entity, request.user, asked)
        return Response({"id": run.winner_id, "run": run.pk, "merged": run.loser_ids})

    def merges(self, request: Request, pk: str) -> Response:
        """Return what was merged into this record."""
        return Response(merges_of(self.entity, request.user, _pk(pk)))

    def undo_merge(self, request: Request, pk: str) -> Response:
        """Separate the records of the merge {"run": id} again."""
        run_id = body_of(request).get("run")
        if not is_id(run_id):
            raise InvalidInput({"run": ["Choose one from the list."]})
        run = undo_merge(self.entity, request.user, _pk(pk), run_id)
        return Response({"id": run.winner_id, "restored": run.loser_ids})

    def _chosen(self, request: Request) -> list[int]:
        body = body_of(request)
        if "filter" not in body:
            return given_ids(body)
        params = _object(body, "filter")
        if "ids" in body or not all(isinstance(one, str) for one in params.values()):
            raise InvalidInput({"filter": ["Either ids, or the parameters of a list as texts."]})
        return bulk.ids_of_list(self.entity, request.user, params)


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name, {})
    if not isinstance(value, dict) or len(value) > 600:
        raise InvalidInput({name: ["A JSON object is expected."]})
    return value


def _number(text: str) -> int | None:
    if text == "":
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise InvalidQuery("A number is expected.")
    return int(text)


def _pk(text: str) -> int:
    number = int(text)
    if number > 2**62:
        raise NotVisible("No such record")
    return number
