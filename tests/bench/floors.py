"""H: the least that a view of this host can do, with the same login and without the product."""

from __future__ import annotations

import csv
import json
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.http import StreamingHttpResponse
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from taiga_crm.api.authentication import HostAuthentication
from taiga_crm.api.views import CrmView
from taiga_crm.models import Account, HistoryEntry

COLUMNS = (
    "id", "version", "name", "type_id", "type__name", "type__has_first_name",
    "type__has_last_name", "industry_id", "industry__name", "city", "country",
    "account_manager_id", "account_manager__full_name", "annual_revenue",
    "annual_revenue_currency",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Floor(APIView):
    """A plain view of real DRF; only the settings that would break it on this host are set."""

    settings = CrmView.settings
    authentication_classes = [HostAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes: list[Any] = []
    renderer_classes = [JSONRenderer]
    parser_classes = CrmView.parser_classes

    def get_exception_handler(self) -> Any:
        return CrmView().get_exception_handler()


class Empty(Floor):
    """Who asks, and nothing else."""

    def get(self, request: Any) -> Response:
        return Response({})


class Values(Floor):
    """50 rows by `.values()`, sorted on an index, with the names of what they point to."""

    def get(self, request: Any) -> Response:
        return Response(list(Account.objects.order_by("name", "id").values(*COLUMNS)[:50]))


class Detail(Floor):
    """One row with the same names."""

    def get(self, request: Any) -> Response:
        rows = Account.objects.filter(pk=int(request.query_params["id"]))
        return Response(rows.values(*COLUMNS).first())


class Insert(Floor):
    """One row from the body."""

    def post(self, request: Any) -> Response:
        with transaction.atomic():
            row = Account.objects.create(**request.data, created_by=request.user)
        return Response({"id": row.pk}, 201)


class Update(Floor):
    """One locked row, saved."""

    def patch(self, request: Any) -> Response:
        with transaction.atomic():
            row = Account.objects.select_for_update().get(pk=request.data["id"])
            row.city = request.data["city"]
            row.save()
        return Response({"id": row.pk})


class Bulk(Floor):
    """Many rows by one bare statement, and a row of history for each by another."""

    def post(self, request: Any) -> Response:
        ids, city = request.data["ids"], request.data["city"]
        change = [{"field": "city", "old": "", "new": city}]
        with transaction.atomic():
            Account.objects.filter(pk__in=ids).update(city=city, version=F("version") + 1)
            HistoryEntry.objects.bulk_create(
                HistoryEntry(kind="account", object_id=pk, verb="update", changes=change,
                             actor=request.user)
                for pk in ids
            )  # fmt: skip
        return Response({"changed": len(ids)})


class Groups(Floor):
    """Count and sums by industry in one bare statement."""

    def get(self, request: Any) -> Response:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.industry_id, i.name, a.annual_revenue_currency, count(*),"
                " sum(a.employees), sum(a.annual_revenue) FROM taiga_crm_account a"
                " LEFT JOIN taiga_crm_industry i ON i.id = a.industry_id"
                " WHERE a.project_ids @> ARRAY[%s] GROUP BY 1, 2, 3 ORDER BY 2",
                [int(request.query_params["project"])],
            )
            return Response([list(map(str, row)) for row in cursor.fetchall()])


class Export(Floor):
    """The rows of `.values_list()` as CSV, formulas escaped."""

    def get(self, request: Any) -> StreamingHttpResponse:
        rows = Account.objects.order_by("name", "id").values_list(*COLUMNS)
        if "city" in request.query_params:
            rows = rows.filter(city__icontains=request.query_params["city"])
        return StreamingHttpResponse(_lines(rows), content_type="text/csv")


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(rows: Any) -> Any:
    writer = csv.writer(_Echo())
    for row in rows.iterator(chunk_size=2_000):
        cells = ("" if cell is None else str(cell) for cell in row)
        yield writer.writerow(["'" + cell if cell.startswith(FORMULA) else cell for cell in cells])


def body(data: dict[str, Any]) -> bytes:
    """Return a JSON body."""
    return json.dumps(data).encode()


FLOORS = {
    "empty": Empty,
    "values": Values,
    "detail": Detail,
    "insert": Insert,
    "update": Update,
    "bulk": Bulk,
    "groups": Groups,
    "export": Export,
}
